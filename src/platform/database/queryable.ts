/** Anything that runs a statement: a pool, or a client. */
export interface Queryable {
  query(text: string): Promise<{ rows: readonly Readonly<Record<string, unknown>>[] }>;
}
