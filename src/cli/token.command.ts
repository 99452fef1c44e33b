import { InvalidArgumentError, Option, type Command } from "commander";
import { isCustomerPrefix } from "../access/customer-reach.js";
import { TOKEN_ROLES, type Role } from "../access/permission.js";
import { isCustomerId } from "../kernel/customer-id.js";
import { isCatalogKey } from "../kernel/key.js";
import { systemClock } from "../platform/clock.js";
import { readConfig } from "../platform/config.js";
import { EXIT_CODE, OperatorError } from "../platform/operator-error.js";
import { signLocalToken, whyNoLocalIssuer } from "../startup/local-issuer.js";

interface TokenFlags {
  readonly role: Role;
  readonly subject?: string;
  readonly customer?: string;
  readonly customerPrefix?: string;
  readonly markets?: readonly string[];
  readonly products?: readonly string[];
  readonly seconds: number;
}

const DAY = 86_400;

export function addTokenCommand(program: Command): void {
  program
    .command("token")
    .description("make a token to try the gateway with, which `npm start` on this machine takes")
    .addOption(new Option("--role <role>", "what it may do").choices(TOKEN_ROLES).makeOptionMandatory())
    .option(
      "--subject <name>",
      "who calls: tokens of one subject are one caller (default: the customer, or the role)",
      that(isCustomerId, "a name without spaces"),
    )
    .option("--customer <id>", "the customer who calls", that(isCustomerId, "an id of 1 to 200 characters without spaces"))
    .option(
      "--customer-prefix <prefix>",
      "how the ids of the caller's customers begin",
      that(isCustomerPrefix, "a beginning of ids that ends with a separator, like acme:"),
    )
    .option("--markets <keys>", "the markets that there are for it: se,no", readKeys)
    .option("--products <keys>", "the products that there are for it", readKeys)
    .option("--seconds <number>", "how long it is good", readSeconds, 3_600)
    .action(async ({ seconds, ...said }: TokenFlags, command: Command) => {
      if (said.role === "customer" && said.customer === undefined)
        command.error("error: the role customer needs --customer <id>: a customer's token says whose it is");
      const config = readConfig(process.env);
      const why = whyNoLocalIssuer(config);
      if (why !== null)
        throw new OperatorError(`Tokens of its own are for trying things out: ${why}. Configure an issuer with TOKEN_ISSUERS.`, EXIT_CODE.CONFIG);
      const token = { ...said, subject: said.subject ?? said.customer ?? said.role };
      process.stdout.write(`${await signLocalToken(config.dataFolder, token, { now: systemClock.now(), seconds })}\n`);
      process.stderr.write(`Good for ${seconds} seconds. Send it as: Authorization: Bearer <token>\n`);
    });
}

function that(isGood: (text: string) => boolean, what: string): (text: string) => string {
  return (text) => {
    if (!isGood(text)) throw new InvalidArgumentError(`Give ${what}.`);
    return text;
  };
}

function readKeys(text: string): readonly string[] {
  const keys = text.split(",");
  if (!keys.every(isCatalogKey)) throw new InvalidArgumentError("Give keys with commas between them.");
  return keys;
}

function readSeconds(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1 || Number(text) > DAY) throw new InvalidArgumentError(`Give 1 to ${DAY}.`);
  return Number(text);
}
