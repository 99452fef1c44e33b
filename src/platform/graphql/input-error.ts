import { GraphQLError } from "graphql";

/** The caller's input cannot be used. `code` is stable; the message says what was found and what to send instead. */
export class InputError extends GraphQLError {
  constructor(code: string, message: string, argument?: string) {
    super(message, { extensions: { code, ...(argument === undefined ? {} : { argument }) } });
    this.name = "InputError";
  }
}
