import { Option, type Command } from "commander";
import type { ApiKeyRecord } from "../access/api-keys/api-key.repository.js";
import { ApiKeyService, type IssuedApiKey } from "../access/api-keys/api-key.service.js";
import { OVERLAP_SECONDS } from "../access/api-keys/api-key-wish.js";
import { KEY_ROLES, type KeyRole } from "../access/permission.js";
import { PgApiKeyRepository } from "../access/api-keys/storage/pg-api-key.repository.js";
import type { Refusal } from "../kernel/refusal.js";
import { MAX_PAGE_SIZE, type PageRequest } from "../kernel/page.js";
import { systemClock } from "../platform/clock.js";
import { readConfig } from "../platform/config.js";
import { readPepper } from "../startup/secrets.js";
import { readExpiry, secondsUpTo } from "./option-values.js";
import { withDatabase } from "./with-database.js";

interface CreateFlags {
  readonly role: KeyRole;
  readonly name: string;
  readonly permission?: string[];
  readonly market?: string[];
  readonly product?: string[];
  readonly customers?: string;
  readonly origin?: string[];
  readonly expires?: Date;
  readonly json: boolean;
}

interface RotateFlags {
  readonly overlap: number;
  readonly expires?: Date;
  readonly json: boolean;
}

export function addKeysCommand(program: Command): void {
  const keys = program.command("keys").description("make, list, rotate and revoke API keys");

  keys
    .command("create")
    .description("make a key and show it, this once")
    .addOption(new Option("--role <role>", "what it may do").choices(KEY_ROLES).makeOptionMandatory())
    .requiredOption("--name <name>", "whose it is, for whoever reads the list")
    .option("--permission <permission...>", "only these permissions of the role")
    .option("--market <key...>", "only these markets, with those below them and those they inherit from")
    .option("--product <key...>", "only these products")
    .option("--customers <prefix>", "only customers whose ids begin with this: acme:")
    .option("--origin <origin...>", "only pages of these origins: https://shop.example.com")
    .option("--expires <instant>", "from when it is no longer good: 2027-01-01, or an instant with an offset", readExpiry)
    .option("--json", "print it as JSON", false)
    .action(async ({ role, name, permission, market, product, customers, origin, expires, json }: CreateFlags) => {
      const reach = { permissions: permission ?? null, markets: market ?? null, products: product ?? null, origins: origin ?? null };
      printIssued(
        await withKeys((service) => service.issue({ role, name, ...reach, customerPrefix: customers ?? null, expiresAt: expires ?? null }, null)),
        json,
      );
    });

  keys
    .command("list")
    .description("list the keys, newest first; the keys themselves are not kept")
    .option("--json", "print them as JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const records = await withKeys(listAll);
      process.stdout.write(json ? `${JSON.stringify(records.map(shown), null, 2)}\n` : printKeys(records));
    });

  keys
    .command("rotate")
    .description("make the successor of a key and show it, this once; the old one is good for a while yet")
    .argument("<id>", "the old key's id, the part between cgk_ and the next underscore")
    .option("--overlap <seconds>", "for how long the old one is good yet; 0 ends it now", secondsUpTo(OVERLAP_SECONDS.most), OVERLAP_SECONDS.usual)
    .option("--expires <instant>", "from when the new one is no longer good", readExpiry)
    .option("--json", "print it as JSON", false)
    .action(async (id: string, { overlap, expires, json }: RotateFlags) => {
      printIssued(await withKeys((service) => service.rotate({ id, overlapSeconds: overlap, expiresAt: expires ?? null }, null)), json);
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
  return withDatabase(async ({ pool, prisma }) =>
    body(new ApiKeyService(new PgApiKeyRepository(pool, prisma), await readPepper(readConfig(process.env), "apiKeyPepper"), systemClock)),
  );
}

async function listAll(service: ApiKeyService): Promise<ApiKeyRecord[]> {
  const records: ApiKeyRecord[] = [];
  let request: PageRequest | null = { size: MAX_PAGE_SIZE, from: "START", beyond: null };
  while (request) {
    const page = await service.list(request, null);
    records.push(...page.items.map(({ record }) => record));
    request = page.hasNextPage ? { ...request, beyond: page.items.at(-1)?.sortValues ?? null } : null;
  }
  return records;
}

function printIssued(issued: IssuedApiKey | readonly Refusal[], json: boolean): void {
  if (!("record" in issued)) {
    for (const { path, message } of issued) process.stderr.write(`${path.slice(1).join(".")}: ${message}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(json ? `${JSON.stringify({ key: issued.key, ...shown(issued.record) }, null, 2)}\n` : `${issued.key}\n`);
  if (!json) process.stderr.write("Keep it: it cannot be shown again. Send it as: Authorization: Bearer <key>\n");
}

/** Everything of a key but what it is recognised by. */
function shown({ hash: _hash, ...rest }: ApiKeyRecord): Omit<ApiKeyRecord, "hash"> {
  return rest;
}

function printKeys(records: readonly ApiKeyRecord[]): string {
  if (records.length === 0) return "There are no keys. Make one with: catalog keys create --role partner --name acme\n";
  return records.map((record) => `${record.id}  ${record.role.padEnd(9)}  ${stateOf(record).padEnd(28)}  ${record.name}${reachOf(record)}\n`).join("");
}

function reachOf({ permissions, markets, products, customerPrefix, origins }: ApiKeyRecord): string {
  const lists = Object.entries({ permissions, markets, products, customers: customerPrefix === null ? null : [customerPrefix], origins });
  return lists.flatMap(([what, values]) => (values ? [`  ${what}: ${values.join(" ")}`] : [])).join("");
}

function stateOf({ revokedAt, expiresAt, lastUsedAt }: ApiKeyRecord): string {
  if (revokedAt) return `revoked ${day(revokedAt)}`;
  const used = lastUsedAt ? `used ${day(lastUsedAt)}` : "never used";
  return expiresAt ? `${used}, until ${day(expiresAt)}` : used;
}

function day(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
