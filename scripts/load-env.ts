import { existsSync } from "node:fs";

/** Reads `.env` in the current folder, if there is one. What the environment says already stands. */
export function loadEnv(): void {
  if (existsSync(".env")) process.loadEnvFile(".env");
}
