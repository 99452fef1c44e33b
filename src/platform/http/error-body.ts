/** What every answer that is no answer of GraphQL's says: an error in the form that callers read anyway. */
export interface ErrorBody {
  readonly errors: readonly [{ readonly message: string; readonly extensions: { readonly code: string; readonly requestId?: string } }];
}

export function errorBody(code: string, message: string, requestId?: string): ErrorBody {
  return { errors: [{ message, extensions: { code, ...(requestId === undefined ? {} : { requestId }) } }] };
}
