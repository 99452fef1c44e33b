import { InvalidArgumentError, Option, type Command } from "commander";
import type { ApiKeyRecord } from "../access/api-key.repository.js";
import { ApiKeyService } from "../access/api-key.service.js";
import { KEY_ROLES, type Role } from "../access/permission.js";
import { readPepper } from "../startup/secrets.js";
import { PrismaApiKeyRepository } from "../access/storage/prisma-api-key.repository.js";
import { systemClock } from "../platform/clock.js";
import { readConfig } from "../platform/config.js";
import { readExpiry } from "./option-values.js";
import { withDatabase } from "./with-database.js";

interface CreateFlags {
  readonly role: Role;
  readonly name: string;
  readonly expires?: Date;
  readonly json: boolean;
}

export function addKeysCommand(program: Command): void {
  const keys = program.command("keys").description("make, list and revoke API keys");

  keys
    .command("create")
    .description("make a key and show it, this once")
    .addOption(new Option("--role <role>", "what it may do").choices(KEY_ROLES).makeOptionMandatory())
    .requiredOption("--name <name>", "whose it is, for whoever reads the list", readName)
    .option("--expires <instant>", "from when it is no longer good: 2027-01-01, or an instant with an offset", readExpiry)
    .option("--json", "print it as JSON", false)
    .action(async ({ role, name, expires, json }: CreateFlags) => {
      const { key, record } = await withKeys((service) => service.create({ name, role, expiresAt: expires ?? null }));
      process.stdout.write(json ? `${JSON.stringify({ key, ...shown(record) }, null, 2)}\n` : `${key}\n`);
      if (!json) process.stderr.write("Keep it: it cannot be shown again. Send it as: Authorization: Bearer <key>\n");
    });

  keys
    .command("list")
    .description("list the keys, newest first; the keys themselves are not kept")
    .option("--json", "print them as JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const records = await withKeys((service) => service.list());
      process.stdout.write(json ? `${JSON.stringify(records.map(shown), null, 2)}\n` : printKeys(records));
    });

  keys
    .command("revoke")
    .description("end a key at once")
    .argument("<id>", "its id, the part of the key between cgk_ and the next underscore")
    .action(async (id: string) => {
      if (await withKeys((service) => service.revoke(id))) {
        process.stdout.write(`Revoked ${id}.\n`);
      } else {
        process.stderr.write(`There is no key ${JSON.stringify(id)} that could be revoked. See: catalog keys list\n`);
        process.exitCode = 1;
      }
    });
}

function withKeys<T>(body: (service: ApiKeyService) => Promise<T>): Promise<T> {
  return withDatabase(async ({ prisma }) =>
    body(new ApiKeyService(new PrismaApiKeyRepository(prisma), await readPepper(readConfig(process.env), "apiKeyPepper"), systemClock)),
  );
}

/** Everything of a key but what it is recognised by. */
function shown({ hash: _hash, ...rest }: ApiKeyRecord): Omit<ApiKeyRecord, "hash"> {
  return rest;
}

function printKeys(records: readonly ApiKeyRecord[]): string {
  if (records.length === 0) return "There are no keys. Make one with: catalog keys create --role partner --name acme\n";
  return records.map((record) => `${record.id}  ${record.role.padEnd(9)}  ${stateOf(record).padEnd(28)}  ${record.name}\n`).join("");
}

function stateOf({ revokedAt, expiresAt, lastUsedAt }: ApiKeyRecord): string {
  if (revokedAt) return `revoked ${day(revokedAt)}`;
  const used = lastUsedAt ? `used ${day(lastUsedAt)}` : "never used";
  return expiresAt ? `${used}, until ${day(expiresAt)}` : used;
}

function day(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

function readName(text: string): string {
  if (text.trim() === "" || text.length > 200 || /\p{Cc}/u.test(text)) throw new InvalidArgumentError("Give one line of 1 to 200 characters.");
  return text;
}
