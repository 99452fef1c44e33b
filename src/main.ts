import "reflect-metadata";
import { InvalidConfig, readConfig } from "./platform/config.js";
import { describeError } from "./platform/logging/error-for-log.js";
import { createLogger } from "./platform/logging/logger.js";
import { redactor } from "./platform/logging/redaction.js";
import { EXIT_CODE, OperatorError } from "./platform/operator-error.js";
import { startGateway } from "./startup/gateway.js";
import { secretsOf } from "./startup/secrets.js";
import { checkTokenIssuers } from "./startup/token-issuers.js";

/** Replaced by one that knows the secrets of the configuration, as soon as there is one. */
let redact = redactor([]);

/** The process: read the configuration, start, stop on a signal. Everything else is in `startup/` and `app.ts`. */
async function main(): Promise<void> {
  const config = readConfig(process.env, { checks: [checkTokenIssuers] });
  redact = redactor(secretsOf(config));
  const logger = createLogger(config.logLevel, redact);
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.abort());

  const gateway = await startGateway(config, { logger, say: (line) => process.stdout.write(`${line}\n`) });
  if (!stopping.signal.aborted) await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve, { once: true }));
  await gateway.stop();
}

/** Says why the process ends, and ends it. Node itself would print an error with all that hangs on it. */
function fail(error: unknown): never {
  const isForOperators = error instanceof OperatorError || error instanceof InvalidConfig;
  process.stderr.write(`${redact(isForOperators ? error.message : describeError(error))}\n`);
  process.exit(error instanceof OperatorError ? error.exitCode : error instanceof InvalidConfig ? EXIT_CODE.CONFIG : 1);
}

process.on("uncaughtException", fail);
main().then(() => process.exit(0), fail);
