/** What of an error is kept: enough to mend the code, nothing of the data that it failed on. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
  readonly errors?: readonly LoggedError[];
  /** Names of PostgreSQL, Node and Prisma: codes, constraints, tables. */
  readonly [name: string]: unknown;
}

/**
 * Of all that libraries hang on an error, only these are known to be names. PostgreSQL's detail, hint, context and query
 * hold the values of rows and parameters, Prisma's meta those of arguments, Node's spawnargs whole command lines.
 */
const NAMES = ["code", "severity", "schema", "table", "column", "dataType", "constraint", "routine", "errno", "syscall", "kind", "originalCode"] as const;

const MAX_DEPTH = 4;
const MAX_CHARACTERS = 2_000;

export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (typeof error !== "object" || error === null) return { type: typeof error, message: "something that is no error was thrown" };
  const told = error as Readonly<Record<string, unknown>>;
  const type = typeof told["name"] === "string" ? told["name"] : "Object";
  const message = messageOf(told);
  const frames = typeof told["stack"] === "string" ? told["stack"].split("\n").filter((line) => /^\s+at /.test(line)) : [];
  const names = Object.fromEntries(NAMES.flatMap((name) => (isName(told[name]) ? [[name, told[name]]] : [])));
  const next = depth < MAX_DEPTH;
  return {
    ...{ type, message, ...names },
    ...(frames.length > 0 ? { stack: [`${type}: ${message}`, ...frames].join("\n") } : {}),
    ...(next && typeof told["cause"] === "object" && told["cause"] !== null ? { cause: errorForLog(told["cause"], depth + 1) } : {}),
    ...(next && Array.isArray(told["errors"]) ? { errors: told["errors"].slice(0, 10).map((one) => errorForLog(one, depth + 1)) } : {}),
  };
}

function messageOf(error: Readonly<Record<string, unknown>>): string {
  const { message, originalMessage, name } = error as { message?: unknown; originalMessage?: unknown; name?: unknown };
  const text = typeof message === "string" ? message : typeof originalMessage === "string" ? originalMessage : "";
  // Prisma writes the call with its arguments first, and what went wrong last.
  const said = typeof name === "string" && name.startsWith("PrismaClient") ? (text.trimEnd().split("\n").at(-1) ?? "") : text;
  // PostgreSQL says which value it cannot read at the end: invalid input syntax for type bigint: "…".
  return said.replace(/: "(?:[^"]|"")*"$/, ': "…"').slice(0, MAX_CHARACTERS);
}

function isName(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && value.length <= 200);
}

/** An error for people who read a terminal: what happened, where, and because of what. */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  for (let at: LoggedError | undefined = errorForLog(error); at; at = at.cause) {
    lines.push(`${lines.length === 0 ? "" : "caused by "}${at.stack ?? `${at.type}: ${at.message}`}`);
  }
  return lines.join("\n");
}
