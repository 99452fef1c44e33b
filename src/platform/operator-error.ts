/**
 * What the process ends with when an operator has to act. The numbers are those of sysexits.h, so that a supervisor can
 * tell "restart me later" (TRY_AGAIN) from "a restart will not help" (all others).
 */
export const EXIT_CODE = {
  /** The database cannot be reached or the embedded one does not start. */
  DATABASE_UNAVAILABLE: 69,
  /** The database has migrations that this version of the gateway does not know: start a newer version. */
  DATABASE_TOO_NEW: 70,
  /** A migration failed, or the history of migrations in the database is not the one in the code. */
  MIGRATION_BROKEN: 65,
  /** A folder or file cannot be made or read: permissions, a full disk. */
  FILE_NOT_USABLE: 73,
  /** Another process holds what is needed for too long. */
  TRY_AGAIN: 75,
  /** The configuration names something that cannot work, such as a PostgreSQL that is too old. */
  CONFIG: 78,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

/** An error whose message tells the operator what to do. `main` prints the message without a stack and exits with the code. */
export class OperatorError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options);
    this.name = "OperatorError";
    this.exitCode = exitCode;
  }
}

/** Errors of the file system that only the operator can mend. Any other is a fault of ours and keeps its stack. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: "run as the user who owns it, or give this user the permission",
  EPERM: "run as the user who owns it, or give this user the permission",
  EROFS: "choose a folder on a file system that can be written",
  ENOSPC: "free some space on this disk",
  EDQUOT: "free some space or raise the quota of this user",
  EEXIST: "a file is where a folder should be; choose another folder",
  ENOTDIR: "a file is where a folder should be; choose another folder",
};

/** Turns a file-system error that the operator can mend into an OperatorError; returns any other error as it came. */
export function explainFileError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const advice = ADVICE[error.code];
  if (advice === undefined) return error;
  return new OperatorError(`${doing}: ${error.message}. What to do: ${advice}.`, EXIT_CODE.FILE_NOT_USABLE, { cause: error });
}
