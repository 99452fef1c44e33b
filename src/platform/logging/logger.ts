import { pino, type Logger } from "pino";
import { errorForLog } from "./error-for-log.js";

/** What nobody should log, and what is cut out if somebody does. */
const NEVER = ["authorization", "cookie", "password", "token", "apiKey", "secret", "variables", "headers", "body"];

/** A logger whose lines hold no secret: errors are reduced, fields of such names emptied, and `redact` sees every finished line. */
export function createLogger(level: string, redact: (line: string) => string): Logger {
  return pino({
    level,
    serializers: { err: (error: unknown) => errorForLog(error) },
    redact: { paths: NEVER.flatMap((name) => [name, `*.${name}`]), censor: "[redacted]" },
    hooks: { streamWrite: redact },
  });
}
