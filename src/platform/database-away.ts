const CONNECTION_FAULTS = new Set(["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH"]);

/** Whether an error says that the database cannot be reached, is starting or stopping, or has no connection left. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // SQLSTATE classes 08 (connection), 53 (resources) and 57P (shutdown, crash, starting up); Prisma's own codes for the same.
  return (
    CONNECTION_FAULTS.has(code) ||
    /^(08...|53...|57P..|P1001|P1002|P1008|P1017|P2024)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout/.test(error.message) ||
    isDatabaseAway(error.cause)
  );
}
