import "reflect-metadata";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDatabaseIfMissing } from "../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../src/platform/database/migrations.js";
import { describeTally, openCoherenceWorld, type Demand, type Tally } from "../test/support/coherence.js";
import { deaf, listeningAt, NO_POLL_MS } from "../test/support/deaf.js";
import { openLossyProxy, type LossyProxy } from "../test/support/lossy-proxy.js";

// What test/faults/coherence.test.ts does for seconds, for as long as you like: `node --import tsx bench/coherence.ts [seconds]`. Two
// gateways and a publisher without a pause; every answer is checked. It ends with 1 if any was not as docs/consistency.md promises.

const seconds = Number(process.argv[2] ?? 60);
const POLL_MS = 500;
const CUT_MS = 1_500;
const READERS: readonly Demand[] = ["plain", "plain", "plain", "strict", "strict", "least", "least"];

interface Mode {
  readonly name: string;
  readonly share: number;
  readonly pollMs: number | null;
  readonly isDeaf: boolean;
  readonly isCut: boolean;
  readonly demands: readonly Demand[];
}

const MODES: readonly Mode[] = [
  { name: "told, and polling", share: 0.4, pollMs: POLL_MS, isDeaf: false, isCut: false, demands: READERS },
  { name: "cut, silent and told in turns", share: 0.3, pollMs: POLL_MS, isDeaf: false, isCut: true, demands: READERS },
  // A strict read would bring it up to date for all.
  { name: "never told, polling", share: 0.2, pollMs: POLL_MS, isDeaf: true, isCut: false, demands: ["plain", "plain", "plain"] },
  { name: "asked for by each request", share: 0.05, pollMs: null, isDeaf: true, isCut: false, demands: READERS },
  // Shows that what looks for stale answers finds them.
  { name: "never told, never polling", share: 0.05, pollMs: NO_POLL_MS, isDeaf: true, isCut: false, demands: ["plain", "plain"] },
];

async function cutInTurns(wire: LossyProxy, port: number, untilMs: number): Promise<void> {
  while (performance.now() < untilMs) {
    wire.loseAnswers();
    await sleep(CUT_MS);
    wire.reconnectTo(1);
    await sleep(CUT_MS);
    wire.reconnectTo(port);
    await sleep(CUT_MS);
  }
}

async function runMode({ pollMs, isDeaf, isCut, demands, share }: Mode, url: string): Promise<Tally> {
  const port = Number(new URL(url).port);
  const wire = await openLossyProxy(port);
  const listenUrl = new URL(url);
  listenUrl.port = String(wire.port);
  const world = await openCoherenceWorld(url, { currentRelease: pollMs === null ? null : { pollMs } }, (database) =>
    isDeaf ? deaf(database) : listeningAt(listenUrl.href, database),
  );
  try {
    const forMs = seconds * share * 1_000;
    return await world.run(demands, () => (isCut ? cutInTurns(wire, port, performance.now() + forMs) : sleep(forMs)));
  } finally {
    await world.close();
    await wire.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), "bench-coherence-"));
// An embedded server that root starts runs as somebody else.
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ dataFolder: join(folder, "data") });
try {
  for (const [index, mode] of MODES.entries()) {
    const url = server.url(`coherence_${index}`);
    await createDatabaseIfMissing(url);
    await migrateDatabase({ url, folder: join(import.meta.dirname, "..", "prisma", "migrations"), log: () => undefined });
    const tally = await runMode(mode, url);
    const { faults, failed, stale } = tally;
    console.log(`${mode.name.padEnd(30)} ${describeTally(tally)}; ${faults.length} not as promised, ${failed.length} failed`);
    for (const fault of faults.slice(0, 3)) console.log(`  ${JSON.stringify(fault)}`);
    for (const text of failed.slice(0, 3)) console.log(`  ${text}`);
    if (faults.length + failed.length > 0 || (mode.pollMs === NO_POLL_MS && stale.plain === 0)) process.exitCode = 1;
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
