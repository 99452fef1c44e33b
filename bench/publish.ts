import "reflect-metadata";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { connectDatabase, type Database } from "../src/platform/database/database.js";
import { gateways } from "./contenders/gateway.js";
import { CHANGED, changeLargeCatalog, fillLargeCatalog, withEmptyDatabase } from "./dataset/large-catalog.js";
import { ServerProcess } from "./runner/server-process.js";

// How soon a gateway of its own process answers from a release that changes a little of a large catalog, while it has readers, and what they notice of it:
// `node --import tsx bench/publish.ts [prices] [releases]`. The database writes on the same cores. What readers notice of that alone is told too: of releases
// that are written in full and rolled back, so that no gateway hears of them.

const prices = Number(process.argv[2] ?? 480_000);
const releases = Number(process.argv[3] ?? 20);
const READERS = 8;
/** How many different questions they ask. */
const PAGES = 60;
/** Of a reader, between an answer and the next question. */
const PAUSE_MS = 10;
const EVERY_MS = 1_000;

const agent = new Agent({ keepAlive: true });

/** The newest release that an answer came from, and who waits for one. */
const seen = { release: 0, onRelease: (_release: number): void => undefined };

const QUERY = `query Prices($plan: Key!, $market: Key!) {
  plan(key: $plan) { name }
  prices(first: 20, filter: { plans: [$plan], markets: [$market] }) { edges { node { key interval amount { amountMinor currency } } } }
}`;

/** Answers how long it took. */
function ask(url: URL, number: number): Promise<number> {
  const variables = { plan: `premium-plan-${number % PAGES}`, market: `market-${number % PAGES}` };
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: "POST", headers: { "content-type": "application/json" } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        const release = Number(response.headers["catalog-release"]);
        if (response.statusCode !== 200 || text.includes('"errors"')) reject(new Error(text));
        if (release > seen.release) seen.onRelease((seen.release = release));
        resolve(performance.now() - start);
      });
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ query: QUERY, variables }));
  });
}

/** How long answers took while `body` ran. */
async function whileRead(url: URL, body: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let isOver = false;
  const read = async (reader: number): Promise<void> => {
    for (let number = reader; !isOver; number += READERS) {
      took.push(await ask(url, number));
      await sleep(PAUSE_MS);
    }
  };
  const readers = Promise.all(Array.from({ length: READERS }, (_, reader) => read(reader)));
  await Promise.race([body(), readers]);
  isOver = true;
  await readers;
  return took;
}

/** Answers how long after its COMMIT was acknowledged the first answer came from the release. */
async function publish(database: Database, release: number): Promise<number> {
  const shown = new Promise<number>((resolve) => {
    seen.onRelease = (newest) => {
      if (newest === release) resolve(performance.now());
    };
  });
  await database.withLongClient((client) => client.query(changeLargeCatalog(release, prices)));
  const acknowledged = performance.now();
  return (await shown) - acknowledged;
}

/** Answers how much of the processor the gateway used while `body` ran, in milliseconds. */
async function used(gateway: ServerProcess, body: () => Promise<unknown>): Promise<number> {
  const { cpuMicros } = await gateway.usage();
  await body();
  return ((await gateway.usage()).cpuMicros - cpuMicros) / 1_000;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN).toFixed(1);
}

function tell(what: string, took: readonly number[]): void {
  console.log(`${what}: p50 ${quantile(took, 0.5)} ms, p99 ${quantile(took, 0.99)} ms, longest ${quantile(took, 1)} ms, of ${took.length}`);
}

await withEmptyDatabase(async (url) => {
  const database = connectDatabase({ url, maxConnections: 2 });
  await database.withLongClient((client) => client.query(fillLargeCatalog(prices)));
  const contender = gateways.find(({ name }) => name === "gateway");
  if (!contender) throw new Error("there is no gateway");
  const gateway = await ServerProcess.start(contender, { databaseUrl: url, key: "", poolSize: 10 });
  const address = new URL("/graphql", gateway.url);
  try {
    await whileRead(address, () => sleep(3_000));
    let reads: number[] = [];
    const visible: number[] = [];
    const aloneMs = (releases * EVERY_MS) / 2;
    const alone = await used(gateway, async () => (reads = await whileRead(address, () => sleep(aloneMs))));
    tell("readers alone", reads);
    const start = performance.now();
    const beside = await used(gateway, async () => {
      reads = await whileRead(address, async () => {
        for (let release = 2; release < releases + 2; release++) {
          visible.push(await publish(database, release));
          await sleep(EVERY_MS);
        }
      });
    });
    const ofReleases = beside - (alone / aloneMs) * (performance.now() - start);
    tell("readers beside releases", reads);
    tell(`a release of some ${CHANGED} prices, from its COMMIT to the first answer from it`, visible);
    console.log(`a release costs the gateway ${(ofReleases / releases).toFixed(0)} ms of CPU, with the answers that are made anew`);
    tell("readers alone again", await whileRead(address, () => sleep(aloneMs)));
    const unseen = changeLargeCatalog(releases + 2, prices, "rollback");
    reads = await whileRead(address, async () => {
      for (let count = 0; count < releases; count++) {
        await database.withLongClient((client) => client.query(unseen));
        await sleep(EVERY_MS);
      }
    });
    tell("readers beside releases that are rolled back", reads);
  } finally {
    agent.destroy();
    await gateway.stop();
    await database.close();
  }
});
