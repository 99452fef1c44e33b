import { Command, CommanderError } from "commander";
import { InvalidConfig } from "../platform/config.js";
import { describeError } from "../platform/logging/error-for-log.js";
import { redactor } from "../platform/logging/redaction.js";
import { EXIT_CODE, OperatorError } from "../platform/operator-error.js";
import { addCodesCommand } from "./codes.command.js";
import { addImportCommand } from "./import.command.js";
import { addKeysCommand } from "./keys.command.js";
import { addReleasesCommand } from "./releases.command.js";
import { addSchemaCommand } from "./schema.command.js";
import { addTokenCommand } from "./token.command.js";

/** Each command is a file that adds itself. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  addImportCommand,
  addReleasesCommand,
  addKeysCommand,
  addTokenCommand,
  addCodesCommand,
  addSchemaCommand,
];

/** A command sets 1 itself when it answers "no". */
const EXIT = { usage: 2, fault: 3 } as const;

async function main(): Promise<void> {
  const program = new Command("catalog").description("Publishes and inspects the catalog.").showHelpAfterError("Add --help for how it is used.");
  for (const add of COMMANDS) add(program);
  // A command inherits how errors leave only when it is made after exitOverride, so each is told.
  const tell = (command: Command): void => command.exitOverride().commands.forEach(tell);
  tell(program);
  await program.parseAsync();
}

// Whoever reads us may stop early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await main();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Says what went wrong, unless that was said, and gives the exit code for it. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof OperatorError || error instanceof InvalidConfig) {
    process.stderr.write(`${error.message}\n`);
    return error instanceof OperatorError ? error.exitCode : EXIT_CODE.CONFIG;
  }
  process.stderr.write(`${redactor([])(describeError(error))}\n`);
  return EXIT.fault;
}
