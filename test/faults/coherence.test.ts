import { setTimeout as sleep } from "node:timers/promises";
import type { AppParts } from "../../src/app.js";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { describeTally, faultsOf, openCoherenceWorld, type CoherenceWorld, type Demand, type Seen, type Tally } from "../support/coherence.js";
import { createTestDatabase } from "../support/database.js";
import { deaf, listeningAt, NO_POLL_MS } from "../support/deaf.js";
import { openLossyProxy, type LossyProxy } from "../support/lossy-proxy.js";

// Two gateways, a publisher who is neither of them and never rests, and readers who know what was acknowledged before they
// asked. Every value of a release says the release's number. What is promised in docs/consistency.md is looked for in every answer.

const ALL: readonly Demand[] = ["plain", "plain", "strict", "least"];

/** Every request goes to the database, as what stands before it must not show. */
const NO_LAYERS: Partial<AppParts> = { memory: null, compiled: null, finishedAnswers: null };

async function inWorld<T>(
  pollMs: number,
  hears: "told" | "deaf",
  body: (world: CoherenceWorld, wire: LossyProxy, url: string) => Promise<T>,
  layers: Partial<AppParts> = {},
): Promise<T> {
  const { url, drop } = await createTestDatabase();
  const wire = await openLossyProxy(Number(new URL(url).port));
  const listenUrl = new URL(url);
  listenUrl.port = String(wire.port);
  const world = await openCoherenceWorld(url, { ...layers, currentRelease: { pollMs } }, (database) =>
    hears === "told" ? listeningAt(listenUrl.href, database) : deaf(database),
  );
  try {
    return await body(world, wire, url);
  } finally {
    await world.close();
    await wire.close();
    await drop();
  }
}

function expectCoherent({ faults, failed, stale, reads, releases }: Tally): void {
  expect(faults.slice(0, 3)).toEqual([]);
  expect(failed.slice(0, 3)).toEqual([]);
  expect({ strict: stale.strict, least: stale.least }).toEqual({ strict: 0, least: 0 });
  // Else nothing was tried.
  expect(reads.strict + reads.least).toBeGreaterThan(10);
  expect(releases).toBeGreaterThan(2);
}

function say(what: string, tally: Tally): void {
  console.log(`${what}: ${describeTally(tally)}`);
}

/** What is asked about the listening connections of the gateways, which come through the wire; returns how many there are. */
async function ofListening(url: string, select: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rowCount } = await client.query(
    `select ${select} from pg_stat_activity where application_name = 'test (listening)' and datname = current_database() and query like 'listen%'`,
  );
  await client.end();
  return rowCount ?? 0;
}

test("every answer is of one release, none goes back, and none is older than it was asked to be", async () => {
  await inWorld(200, "told", async (world) => {
    const tally = await world.run(ALL, () => sleep(5_000));
    say("told", tally);
    expectCoherent(tally);
    // Else what is kept was not tried.
    for (const { finishedAnswers } of world.apps) expect((finishedAnswers?.hits ?? 0) + (finishedAnswers?.shared ?? 0)).toBeGreaterThan(10);
    await world.settle();
  });
});

test("so it is where nothing stands before the database", async () => {
  await inWorld(
    200,
    "told",
    async (world) => {
      const tally = await world.run(ALL, () => sleep(4_000));
      say("without layers", tally);
      expectCoherent(tally);
    },
    NO_LAYERS,
  );
});

test("so it is while the database cannot tell: cut, silent, and cut again", async () => {
  await inWorld(200, "told", async (world, wire, url) => {
    const port = Number(new URL(url).port);
    const tally = await world.run(ALL, async () => {
      await sleep(500);
      expect(await ofListening(url, "pg_terminate_backend(pid)")).toBeGreaterThan(0);
      await sleep(1_000);
      // Connected, and never told anything again.
      wire.loseAnswers();
      await sleep(1_500);
      // Nobody is there to connect to.
      wire.reconnectTo(1);
      await sleep(1_500);
      wire.reconnectTo(port);
      await sleep(500);
    });
    say("cut", tally);
    expectCoherent(tally);
    await world.settle();
  });
});

test("a gateway that never looks by itself is told, and looks when it may have missed something", async () => {
  await inWorld(NO_POLL_MS, "told", async (world, wire, url) => {
    const newest = async (release: number): Promise<void> => {
      for (const { currentRelease } of world.apps) await expect.poll(() => currentRelease?.number(), { timeout: 10_000 }).toBe(release);
    };
    await newest(1);
    // They listen, or what is told next would be no more than what they see when they begin to.
    await expect.poll(() => ofListening(url, "pid")).toBe(2);
    expect(await world.publish()).toBe(2);
    await newest(2);
    wire.reconnectTo(1);
    expect(await world.publish()).toBe(3);
    expect(world.apps.map(({ currentRelease }) => currentRelease?.number())).toEqual([2, 2]);
    wire.reconnectTo(Number(new URL(url).port));
    await newest(3);
  });
});

test("a gateway that nobody tells is no older than its last look", async () => {
  await inWorld(NO_POLL_MS, "deaf", async (world) => {
    const tally = await world.run(["plain", "plain"], async () => {
      for (let look = 0; look < 40; look++) {
        await sleep(50);
        await world.look();
      }
    });
    say("looking by hand", tally);
    expect(tally.faults.slice(0, 3)).toEqual([]);
    expect(tally.failed.slice(0, 3)).toEqual([]);
    expect(tally.releases).toBeGreaterThan(2);
    await world.look();
    await world.settle();
  });
});

describe("what looks for faults finds them", () => {
  test("in gateways that nobody tells and that never look", async () => {
    await inWorld(NO_POLL_MS, "deaf", async (world) => {
      const tally = await world.run(["plain", "plain"], () => sleep(1_500));
      say("neither told nor looking", tally);
      expect(tally.stale.plain).toBeGreaterThan(0);
    });
  });

  const GOOD: Seen = { demand: "strict", release: 7, numbers: [7, 7, 7], expected: 3, acknowledged: 7, shown: 7, looked: 7 };
  test.each`
    what                                        | changed                                       | faults
    ${"nothing in a good answer"}               | ${{}}                                         | ${[]}
    ${"a value of another release"}             | ${{ numbers: [...GOOD.numbers.slice(1), 8] }} | ${["MIXED"]}
    ${"a value that is missing"}                | ${{ numbers: GOOD.numbers.slice(1) }}         | ${["MIXED"]}
    ${"a header that says another release"}     | ${{ release: 8 }}                             | ${["MIXED"]}
    ${"a strict read of the release before"}    | ${{ acknowledged: 8 }}                        | ${["NOT_FRESH"]}
    ${"a read that should have seen a release"} | ${{ demand: "least", acknowledged: 8 }}       | ${["NOT_FRESH"]}
    ${"nothing in a plain read that is behind"} | ${{ demand: "plain", acknowledged: 8 }}       | ${[]}
    ${"a plain read of what was already over"}  | ${{ demand: "plain", shown: 8 }}              | ${["WENT_BACK"]}
    ${"a look that changed nothing"}            | ${{ demand: "plain", looked: 8 }}             | ${["LOOKED_AWAY"]}
  `("$what", ({ changed, faults }: { changed: Partial<Seen>; faults: string[] }) => {
    expect(faultsOf({ ...GOOD, ...changed })).toEqual(faults);
  });
});
