import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RedeemRequest } from "../src/customers/redemptions/redemption.js";
import { claimOf } from "../src/customers/redemptions/redemption.js";
import { RedemptionService } from "../src/customers/redemptions/redemption.service.js";
import { decideClaims } from "../src/customers/redemptions/storage/claim-statement.js";
import { PgRedemptionRepository } from "../src/customers/redemptions/storage/pg-redemption.repository.js";
import { connectDatabase, createDatabaseIfMissing, type Database } from "../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../src/platform/database/migrations.js";

// How many redemptions a second three designs decide: `node --import tsx bench/redeem.ts [rounds]`. All of them keep the same
// tables: the batch of this project, the same statement once for each request, and a transaction as people write it with Prisma
// (find, check, update, create). They take turns on one server, and each turn has to end exact.

const CLIENTS = 256;
const CONNECTIONS = 16;
const TURN_MS = 2_000;
const SPREAD = 200;
const MAX_ATTEMPTS = 20;
const AT = new Date("2026-03-01T12:00:00Z");
const rounds = Number(process.argv[2] ?? 3);

type Redeem = (request: RedeemRequest) => Promise<"REDEEMED" | "REFUSED">;

interface Design {
  readonly name: string;
  /** The best that was found for each: more connections only wait for one another on a hot row. */
  readonly connections: { readonly hot: number; readonly spread: number };
  open(database: Database): Redeem;
}

const DESIGNS: readonly Design[] = [
  {
    name: "Prisma transaction for each",
    connections: { hot: CONNECTIONS, spread: CONNECTIONS },
    open: (database) => (request) => redeemWithPrisma(database, request),
  },
  {
    name: "one statement for each",
    connections: { hot: 4, spread: CONNECTIONS },
    open: (database) => async (request) => {
      const [verdict] = await decideClaims(database.pool, [claimOf(request, () => crypto.randomUUID())]);
      if (verdict?.outcome !== "REDEEMED" && verdict?.outcome !== "REFUSED") throw new Error(`no verdict: ${JSON.stringify(verdict)}`);
      return verdict.outcome;
    },
  },
  {
    name: "one statement a tick",
    connections: { hot: 2, spread: 2 },
    open: (database) => {
      const service = new RedemptionService(new PgRedemptionRepository(database.pool));
      return async (request) => (await service.redeem(request)).outcome;
    },
  },
];

async function redeemWithPrisma({ prisma }: Database, request: RedeemRequest): Promise<"REDEEMED" | "REFUSED"> {
  const { credentialId, idempotencyKey: key, customerId, quoteId } = request;
  return prisma.$transaction(
    async (tx) => {
      if (await tx.idempotencyKey.findUnique({ where: { credentialId_key: { credentialId, key } } })) return "REDEEMED";
      for (const [position, { discountKey, amountMinor, currency }] of request.grants.entries()) {
        const counter = await tx.discountCounter.findUniqueOrThrow({ where: { discountKey } });
        if (counter.limitTotal !== null && counter.used >= counter.limitTotal) return "REFUSED";
        const { count } = await tx.discountCounter.updateMany({
          where: { discountKey, used: { lt: counter.limitTotal ?? Number.MAX_SAFE_INTEGER } },
          data: { used: { increment: 1 } },
        });
        if (count === 0) return "REFUSED";
        await tx.redemption.create({
          data: {
            ...{ customerId, id: crypto.randomUUID(), quoteId, position, discountKey, state: "COMMITTED", amountMinor, currency },
            ...{ createdAt: AT, settledAt: AT, credentialId },
          },
        });
      }
      await tx.idempotencyKey.create({
        data: { credentialId, key, operation: "redeem", bodyHash: Uint8Array.from(request.bodyHash), response: [], createdAt: AT },
      });
      return "REDEEMED";
    },
    { maxWait: 60_000, timeout: 60_000 },
  );
}

/** Where so many wait for a few connections some give up; they ask again with the same key, as callers do. */
function persistent(redeem: Redeem): Redeem {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await redeem(request);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS) throw error;
      }
    }
  };
}

interface Turn {
  readonly perSecond: number;
  readonly slowestMs: number;
}

let asked = 0;

/** Has all clients redeem for a while, and then compares what they were told with the ledger and the counters. */
async function turn(database: Database, redeem: Redeem, discounts: readonly string[]): Promise<Turn> {
  await database.pool.query("truncate redemption, customer_discount_counter, idempotency_key");
  await database.pool.query("update discount_counter set used = 0");
  await database.pool.query("vacuum analyze discount_counter");
  let granted = 0;
  let slowestMs = 0;
  const start = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - start < TURN_MS) {
      const number = ++asked;
      const discountKey = discounts[number % discounts.length] ?? "";
      const sent = performance.now();
      const outcome = await redeem({
        ...{ credentialId: "bench", idempotencyKey: `k${number}`, bodyHash: Buffer.alloc(32), customerId: `c${number}`, quoteId: `q${number}`, at: AT },
        ...{ grants: [{ discountKey, code: null, amountMinor: 100n, currency: "EUR" }], mode: "COMMIT", reservedUntil: null },
      });
      slowestMs = Math.max(slowestMs, performance.now() - sent);
      if (outcome === "REDEEMED") granted++;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const perSecond = (granted * 1_000) / (performance.now() - start);
  const { rows } = await database.pool.query<{ ledger: bigint; used: bigint; keys: bigint }>(
    "select (select count(*) from redemption) as ledger, (select sum(used)::bigint from discount_counter) as used, (select count(*) from idempotency_key) as keys",
  );
  const kept = [rows[0]?.ledger, rows[0]?.used, rows[0]?.keys];
  if (kept.some((count) => count !== BigInt(granted))) throw new Error(`told ${granted}, kept ${kept.join(", ")}`);
  return { perSecond, slowestMs };
}

/** One discount with 1,000 uses left, and ten times as many who want one. */
async function checkLimit(database: Database, redeem: Redeem): Promise<void> {
  await database.pool.query("truncate redemption, idempotency_key");
  await database.pool.query("update discount_counter set used = 0, limit_total = 1000, cap = 1000 where discount_key = 'limited'");
  let granted = 0;
  let left = 10_000;
  const client = async (): Promise<void> => {
    for (; left > 0;) {
      const number = `${left--}-${++asked}`;
      const outcome = await redeem({
        ...{ credentialId: "bench", idempotencyKey: number, bodyHash: Buffer.alloc(32), customerId: number, quoteId: number, at: AT },
        ...{ grants: [{ discountKey: "limited", code: null, amountMinor: 100n, currency: "EUR" }], mode: "COMMIT", reservedUntil: null },
      });
      if (outcome === "REDEEMED") granted++;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const { rows } = await database.pool.query<{ count: bigint }>("select count(*) from redemption");
  if (granted !== 1_000 || rows[0]?.count !== 1_000n) throw new Error(`a limit of 1000 ended with ${granted} told and ${rows[0]?.count ?? "none"} kept`);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const folder = await mkdtemp(join(tmpdir(), "bench-redeem-"));
await chmod(folder, 0o755);
// As in production: a commit is on the disk before it is acknowledged.
const server = await startEmbeddedPostgres({ dataFolder: join(folder, "data") });
try {
  const url = server.url("bench");
  await createDatabaseIfMissing(url);
  await migrateDatabase({ url, folder: join(import.meta.dirname, "..", "prisma", "migrations"), log: () => undefined });
  const spread = Array.from({ length: SPREAD }, (_, index) => `spread-${index}`);
  const workloads = { hot: ["hot"], spread } as const;
  const setUp = connectDatabase({ url, maxConnections: 1 });
  await setUp.pool.query("insert into discount_counter (discount_key, limit_total, cap) select key, 1000000000, 1000000000 from unnest($1::text[]) as key", [
    ["hot", "limited", ...spread],
  ]);
  await setUp.close();
  for (const [workload, discounts] of Object.entries(workloads) as ["hot" | "spread", readonly string[]][]) {
    const databases = DESIGNS.map(({ connections }) => connectDatabase({ url, maxConnections: connections[workload] }));
    const redeems = DESIGNS.map((design, index) => persistent(design.open(databases[index] ?? connectDatabase({ url, maxConnections: 1 }))));
    const turns: Turn[][] = DESIGNS.map(() => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [index] of DESIGNS.entries()) {
        const [database, redeem] = [databases[index], redeems[index]];
        if (!database || !redeem) throw new Error("a design was not opened");
        const result = await turn(database, redeem, discounts);
        // The first round warms up.
        if (round > 0) turns[index]?.push(result);
      }
    }
    if (workload === "hot") for (const [index, redeem] of redeems.entries()) if (databases[index]) await checkLimit(databases[index], redeem);
    const rates = turns.map((results) => median(results.map(({ perSecond }) => perSecond)));
    console.log(`\n${discounts.length} discount(s), ${CLIENTS} clients, median of ${rounds} turns:`);
    for (const [index, { name }] of DESIGNS.entries()) {
      const rate = rates[index] ?? 0;
      const slowest = Math.round(Math.max(...(turns[index] ?? []).map(({ slowestMs }) => slowestMs)));
      console.log(
        `  ${name.padEnd(28)} ${String(Math.round(rate)).padStart(7)} /s  x ${(rate / (rates[0] ?? 1)).toFixed(1).padStart(5)}  slowest ${slowest} ms`,
      );
    }
    await Promise.all(databases.map((database) => database.close()));
  }
  console.log("\nEvery turn ended exact, and a limit of 1,000 under 10,000 requests was granted 1,000 times by each design.");
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
