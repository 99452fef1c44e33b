import pg from "pg";

export type OnStatement = (text: string) => void;

/** A kind of client that tells of every statement before it is sent. All of a pool's connections are of this kind, Prisma's too. */
export function observedClient(onStatement: OnStatement): typeof pg.Client {
  return class ObservedClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      // `query` has a dozen overloads, which an override would have to repeat; the arguments are passed on untouched.
      const send = this.query;
      Object.defineProperty(this, "query", {
        value: (...args: readonly unknown[]): unknown => {
          onStatement(textOf(args[0]));
          return Reflect.apply(send, this, args);
        },
      });
    }
  };
}

/** A statement is given as its text, as { text, values }, or as an object that submits itself and knows its text. */
function textOf(query: unknown): string {
  if (typeof query === "string") return query;
  if (typeof query !== "object" || query === null) return "";
  if ("text" in query && typeof query.text === "string") return query.text;
  return "cursor" in query ? textOf(query.cursor) : "";
}
