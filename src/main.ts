import "reflect-metadata";
import { pino } from "pino";
import { EXIT_CODE, OperatorError } from "./platform/operator-error.js";
import { InvalidConfig, readConfig } from "./platform/config.js";
import { startGateway } from "./startup/gateway.js";
import { checkTokenIssuers } from "./startup/token-issuers.js";

/** The process: read the configuration, start, stop on a signal. Everything else is in `startup/` and `app.ts`. */
async function main(): Promise<void> {
  const config = readConfig(process.env, [checkTokenIssuers]);
  const logger = pino({ level: config.logLevel, redact: ["req.headers.authorization"] });
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.abort());

  const gateway = await startGateway(config, { logger, say: (line) => process.stdout.write(`${line}\n`) });
  if (!stopping.signal.aborted) await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve, { once: true }));
  await gateway.stop();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof OperatorError || error instanceof InvalidConfig) process.stderr.write(`${error.message}\n`);
    else console.error(error);
    process.exit(error instanceof OperatorError ? error.exitCode : error instanceof InvalidConfig ? EXIT_CODE.CONFIG : 1);
  },
);
