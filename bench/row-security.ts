import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ANY_CUSTOMER, type RowScope } from "../src/access/customer-reach.js";
import { PgRedemptionRepository } from "../src/customers/redemptions/storage/pg-redemption.repository.js";
import { connectDatabase, createDatabaseIfMissing } from "../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../src/platform/database/migrations.js";

// What row-level security costs a read: `node --import tsx bench/row-security.ts [rounds]`. The same page of a customer's
// redemptions as a caller reads it who reaches every customer, and as one who reaches one or those of a prefix. They take turns.

const CUSTOMERS = 10_000;
const TURN_MS = 1_000;
const rounds = Number(process.argv[2] ?? 5);

const SCOPES: Readonly<Record<string, (customer: string) => RowScope>> = {
  "every customer": () => ({ customers: ANY_CUSTOMER, credentialId: null }),
  "one customer": (id) => ({ customers: { kind: "ONE", id }, credentialId: null }),
  "those of a prefix": () => ({ customers: { kind: "PREFIX", prefix: "acme:" }, credentialId: null }),
};

const folder = await mkdtemp(join(tmpdir(), "row-security-"));
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ dataFolder: join(folder, "postgres"), log: () => undefined });
try {
  const url = server.url("bench");
  await createDatabaseIfMissing(url);
  await migrateDatabase({ url, folder: join(import.meta.dirname, "..", "prisma", "migrations"), log: () => undefined });
  const database = connectDatabase({ url, maxConnections: 1 });
  await database.pool.query(
    `insert into redemption (customer_id, id, quote_id, position, discount_key, state, amount_minor, currency, created_at, settled_at, credential_id)
     select 'acme:' || n % $1, 'r' || n, 'q' || n, 0, 'spring', 'COMMITTED', 1, 'EUR', now(), now(), 'k' from generate_series(1, $1 * 5) n`,
    [CUSTOMERS],
  );
  await database.pool.query("analyze redemption");
  const repository = new PgRedemptionRepository(database.pool);
  const times = new Map<string, number[]>(Object.keys(SCOPES).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, scopeOf] of Object.entries(SCOPES)) {
      const until = performance.now() + TURN_MS;
      let reads = 0;
      for (; performance.now() < until; reads++) {
        const customer = `acme:${reads % CUSTOMERS}`;
        const page = await repository.listByCustomer(customer, { size: 10, from: "START", beyond: null }, scopeOf(customer));
        if (page.items.length !== 5) throw new Error(`${name} found ${page.items.length} redemptions, not 5`);
      }
      // The first round warms up.
      if (round > 0) times.get(name)?.push((TURN_MS * 1_000) / reads);
    }
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  const plain = median(times.get("every customer") ?? []);
  for (const [name, micros] of times)
    console.log(`${name.padEnd(18)} ${median(micros).toFixed(0).padStart(5)} µs a page, x ${(median(micros) / plain).toFixed(2)}`);
  await database.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}
