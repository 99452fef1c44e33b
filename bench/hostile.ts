import "reflect-metadata";
import { fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createApp, type App } from "../src/app.js";
import { systemClock } from "../src/platform/clock.js";
import { connectDatabase, createDatabaseIfMissing } from "../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../src/platform/database/migrations.js";
import { loadReferenceCatalog } from "../src/startup/reference-catalog.js";
import { HOSTILE } from "../test/support/hostile-documents.js";

// What hostile documents cost a gateway without rate limits: `node --expose-gc --import tsx bench/hostile.ts [seconds]`.
// A process of its own sends them: how long each takes to be refused, how others fare meanwhile, and what stays in memory.

const SMALL = '{ plan(key: "free") { key name } }';
const ROUNDS = 40;
const CALLERS = 4;
const DOCUMENTS = 2_000;
const seconds = Number(process.argv[2] ?? 5);
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Sends one body; returns how long the answer took. */
async function send(url: string, body: string): Promise<number> {
  const start = performance.now();
  const sent = request(url, { method: "POST", agent, headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) } });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, "end");
  return performance.now() - start;
}

/** The same document, but never the same text, so that nothing is known from the last time. */
function fresh(body: object | string, number: number): string {
  if (typeof body === "string" || !("query" in body) || typeof body.query !== "string") return typeof body === "string" ? body : JSON.stringify(body);
  return JSON.stringify({ ...body, query: `${body.query} #${number}` });
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}

async function refusals(url: string): Promise<void> {
  const rows: { what: string; p50: number; p99: number }[] = [];
  for (const { what, body } of HOSTILE) {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) took.push(await send(url, fresh(body, round)));
    rows.push({ what, p50: quantile(took, 0.5), p99: quantile(took, 0.99) });
  }
  console.log(`\nThe slowest of ${HOSTILE.length} to be answered, ${ROUNDS} times each, in ms (p50, p99):`);
  for (const { what, p50, p99 } of rows.toSorted((one, other) => other.p99 - one.p99).slice(0, 12))
    console.log(`  ${p50.toFixed(1).padStart(7)} ${p99.toFixed(1).padStart(7)}  ${what}`);
}

/** What callers of a small query meet while something else is going on. */
async function others(url: string, meanwhile: (isOver: () => boolean) => Promise<void>): Promise<readonly number[]> {
  const end = performance.now() + seconds * 1_000;
  const isOver = (): boolean => performance.now() > end;
  const took: number[] = [];
  const caller = async (): Promise<void> => {
    while (!isOver()) took.push(await send(url, JSON.stringify({ query: SMALL })));
  };
  await Promise.all([meanwhile(isOver), ...Array.from({ length: CALLERS }, caller)]);
  return took;
}

async function attack(url: string, isOver: () => boolean): Promise<void> {
  for (let number = 0; !isOver(); number++) {
    const hostile = HOSTILE[number % HOSTILE.length];
    if (hostile && hostile.what !== "pages by a variable") await send(url, fresh(hostile.body, 1_000 + number));
  }
}

async function client(url: string): Promise<void> {
  for (let warm = 0; warm < 500; warm++) await send(url, JSON.stringify({ query: SMALL }));
  await refusals(url);
  const quiet = await others(url, async () => undefined);
  const attacked = await others(url, (isOver) => attack(url, isOver));
  console.log(`\n${CALLERS} callers of a small query, in ms (p50, p99, answers/s):`);
  for (const [when, took] of [
    ["alone", quiet],
    ["beside one who sends hostile documents", attacked],
  ] as const) {
    console.log(
      `  ${quantile(took, 0.5).toFixed(1).padStart(7)} ${quantile(took, 0.99).toFixed(1).padStart(7)} ${(took.length / seconds).toFixed(0).padStart(7)}  ${when}`,
    );
  }
}

function heapMegabytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Distinct documents, some kept by hash, until no more can be kept. */
async function flood({ server }: App, from: number): Promise<void> {
  for (let number = from; number < from + DOCUMENTS; number++) {
    const query = `query q${number} { ${Array.from({ length: 90 }, (_, index) => `a${index}: __typename`).join(" ")} }`;
    const extensions = { persistedQuery: { version: 1, sha256Hash: await sha256(query) } };
    await server.inject({ method: "POST", url: "/graphql", headers: { "content-type": "application/json" }, payload: JSON.stringify({ query, extensions }) });
  }
}

async function sha256(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(text))).toString("hex");
}

async function server(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-hostile-"));
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataFolder: join(folder, "data") });
  try {
    const url = postgres.url("bench");
    await createDatabaseIfMissing(url);
    await migrateDatabase({ url, folder: join(import.meta.dirname, "..", "prisma", "migrations"), log: () => undefined });
    const database = connectDatabase({ url, maxConnections: 8 });
    await loadReferenceCatalog(database, { clock: systemClock, say: () => undefined });
    const app = await createApp({
      ...{ database, apiKeyPepper: "p".repeat(32), codePepper: "p".repeat(32), quoteSigningKeys: `bench:${"07".repeat(32)}`, clock: systemClock },
      ...{ logger: pino({ level: "silent" }), explorerFolder: "none" },
    });
    const { url: address } = await app.listen("127.0.0.1", 0);
    const child = fork(import.meta.filename, [String(seconds), `${address.replace("localhost", "127.0.0.1")}/graphql`]);
    await once(child, "exit");
    const readings = [heapMegabytes()];
    for (let round = 0; round < 4; round++) {
      await flood(app, round * DOCUMENTS);
      readings.push(heapMegabytes());
    }
    console.log(
      `\nHeap after each ${DOCUMENTS} distinct documents, in MB: ${readings.map((size) => size.toFixed(0)).join(", ")}; RSS ${(process.memoryUsage().rss / 1e6).toFixed(0)}`,
    );
    await app.close();
    await database.close();
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const [, , , url] = process.argv;
await (url === undefined ? server() : client(url));
process.exit(0);
