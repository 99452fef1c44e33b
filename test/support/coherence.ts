import { performance } from "node:perf_hooks";
import { pino } from "pino";
import { createApp, type App, type AppParts } from "../../src/app.js";
import { systemClock } from "../../src/platform/clock.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { publish } from "./catalog.js";
import { KeptConnection } from "./kept-connection.js";
import { NARROW_QUERY, NUMBERED_CATALOG, numbersIn, publishNextNumber, WIDE_QUERY, type NumberedQuery } from "./numbered-catalog.js";

/** What stands between a request and the database, in the suite and in bench/coherence.ts. Whatever is added here has to keep the same promises. */
const LAYERS: Partial<AppParts> = {
  memory: { bytes: 64_000_000 },
  compiled: { documents: 100 },
  finishedAnswers: { bytes: 64_000_000, maxAgeSeconds: 0 },
};

/** How fresh a read is asked to be: "least" must see the release that was acknowledged last. */
export type Demand = "plain" | "strict" | "least";

/** One answer, and what its caller could know when it asked. Everything happens in one process, so that "before" has one meaning. */
export interface Seen {
  readonly demand: Demand;
  /** What the header says. */
  readonly release: number;
  /** What each value says. */
  readonly numbers: readonly number[];
  /** How many values there should be. */
  readonly expected: number;
  /** The newest release whose publisher knew of it when this was asked. */
  readonly acknowledged: number;
  /** The newest that an answer of the same gateway had shown by then. */
  readonly shown: number;
  /** The newest that was acknowledged before the gateway was last made to look, which it had done by then. */
  readonly looked: number;
}

export type Fault = "MIXED" | "NOT_FRESH" | "WENT_BACK" | "LOOKED_AWAY";

/** What is promised of every answer, and is not so. */
export function faultsOf({ demand, release, numbers, expected, acknowledged, shown, looked }: Seen): Fault[] {
  return [
    ...(numbers.length !== expected || numbers.some((number) => number !== release) ? ["MIXED" as const] : []),
    ...(demand !== "plain" && release < acknowledged ? ["NOT_FRESH" as const] : []),
    ...(release < shown ? ["WENT_BACK" as const] : []),
    ...(release < looked ? ["LOOKED_AWAY" as const] : []),
  ];
}

export interface Tally {
  readonly reads: Record<Demand, number>;
  /** Of those: older than what was acknowledged when they were asked. Only plain ones may be. */
  readonly stale: Record<Demand, number>;
  readonly faults: { readonly fault: Fault; readonly seen: Seen }[];
  /** Answers that were none. */
  readonly failed: string[];
  releases: number;
  /** For how long a stale answer's successor had been acknowledged when it was asked for. */
  worstMs: number;
}

/** One line for whoever reads the log. */
export function describeTally({ reads, stale, releases, worstMs }: Tally): string {
  const counts = Object.entries(reads).map(([demand, count]) => `${count} ${demand} (${stale[demand as Demand]} behind)`); // A record of demands has no other keys.
  return `${releases} releases, ${counts.join(", ")}; at most ${Math.round(worstMs)} ms behind`;
}

export interface CoherenceWorld {
  readonly apps: readonly App[];
  /** Publishes without a pause, and reads without a pause, until `body` is done. */
  run(demands: readonly Demand[], body: () => Promise<unknown>): Promise<Tally>;
  /** Publishes one more release and returns its number. */
  publish(): Promise<number>;
  /** Makes both gateways look, as their polls do. */
  look(): Promise<void>;
  /** Reads until both gateways show what was published last. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const PEPPER = "a pepper that only the tests know of";

/** Two gateways over one database, with connections of their own, and a publisher who is neither. */
export async function openCoherenceWorld(url: string, parts: Partial<AppParts>, listen: (database: Database) => Database): Promise<CoherenceWorld> {
  const databases = [1, 2].map(() => connectDatabase({ url, maxConnections: 5 }));
  const publisher = connectDatabase({ url, maxConnections: 2 });
  const ackedAt: number[] = [0];
  const publishNext = async (): Promise<number> => {
    const release = await publishNextNumber(publisher, systemClock.now());
    if (release !== ackedAt.length) throw new Error(`release ${release} came where ${ackedAt.length} was expected`);
    ackedAt.push(performance.now());
    return release;
  };
  await publish(publisher, NUMBERED_CATALOG);
  ackedAt.push(performance.now());
  const apps = await Promise.all(
    databases.map((database) =>
      createApp({
        ...{ database: listen(database), apiKeyPepper: PEPPER, codePepper: PEPPER, quoteSigningKeys: `test:${"07".repeat(32)}`, clock: systemClock },
        ...{ logger: pino({ level: "silent" }), explorerFolder: "no explorer is built for these tests" },
        ...LAYERS,
        ...parts,
      }),
    ),
  );
  const gateways = await Promise.all(
    apps.map(async (app) => ({ app, port: Number(new URL((await app.listen("127.0.0.1", 0)).url).port), shown: 0, looked: 0 })),
  );
  type Gateway = (typeof gateways)[number];

  const read = async (gateway: Gateway, connection: KeptConnection, demand: Demand, tally: Tally): Promise<void> => {
    const before = { acknowledged: ackedAt.length - 1, shown: gateway.shown, looked: gateway.looked };
    const nextAckedAt = (release: number): number => ackedAt[release + 1] ?? Infinity;
    const askedAt = performance.now();
    const headers =
      demand === "strict" ? { "catalog-consistency": "strict" } : demand === "least" ? { "catalog-min-release": String(before.acknowledged) } : {};
    const query = nextQuery();
    const { status, text, release } = await ask(connection, query, headers);
    if (status !== 200) return void tally.failed.push(`${status} ${text}`);
    const seen: Seen = { demand, release, numbers: numbersIn((JSON.parse(text) as { data: unknown }).data), expected: query.numbers, ...before };
    gateway.shown = Math.max(gateway.shown, release);
    tally.reads[demand]++;
    if (release < before.acknowledged) {
      tally.stale[demand]++;
      tally.worstMs = Math.max(tally.worstMs, askedAt - nextAckedAt(release));
    }
    tally.faults.push(...faultsOf(seen).map((fault) => ({ fault, seen })));
  };

  return {
    apps,
    run: async (demands, body) => {
      const tally: Tally = {
        reads: { plain: 0, strict: 0, least: 0 },
        stale: { plain: 0, strict: 0, least: 0 },
        faults: [],
        failed: [],
        releases: 0,
        worstMs: 0,
      };
      const first = ackedAt.length;
      let isOver = false;
      const again = async (work: () => Promise<unknown>): Promise<void> => {
        while (!isOver) await work();
      };
      const readAgain = async (gateway: Gateway, demand: Demand): Promise<void> => {
        const connection = await KeptConnection.open(gateway.port);
        await again(() => read(gateway, connection, demand, tally)).finally(() => connection.close());
      };
      const all = Promise.all([again(publishNext), ...gateways.flatMap((gateway) => demands.map((demand) => readAgain(gateway, demand)))]);
      const done = body();
      // Whichever fails first is told, and nothing goes on after it.
      await Promise.race([done, all]).finally(() => (isOver = true));
      await Promise.all([done, all]);
      tally.releases = ackedAt.length - first;
      return tally;
    },
    publish: publishNext,
    look: async () => {
      const acknowledged = ackedAt.length - 1;
      for (const gateway of gateways) {
        await gateway.app.currentRelease?.look();
        gateway.looked = acknowledged;
      }
    },
    settle: async () => {
      const untilMs = performance.now() + 10_000;
      for (const { port } of gateways) {
        const connection = await KeptConnection.open(port);
        while ((await ask(connection, nextQuery(), {})).release < ackedAt.length - 1) {
          if (performance.now() > untilMs) throw new Error("a gateway never shows what was published last");
        }
        connection.close();
      }
    },
    close: async () => {
      for (const app of apps) await app.close();
      for (const database of [...databases, publisher]) await database.close();
    },
  };
}

let asked = 0;

function nextQuery(): NumberedQuery {
  return asked++ % 5 === 0 ? WIDE_QUERY : NARROW_QUERY;
}

/** By GET and by POST in turns. */
async function ask(
  connection: KeptConnection,
  { text: query }: NumberedQuery,
  more: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string; release: number }> {
  const isGet = asked % 2 === 0;
  const body = isGet ? "" : JSON.stringify({ query });
  const headers = {
    host: "localhost",
    ...(isGet ? { "apollo-require-preflight": "1" } : { "content-type": "application/json", "content-length": body.length }),
    ...more,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const first = isGet ? `GET /graphql?query=${encodeURIComponent(query)}` : "POST /graphql";
  const { status, head, text } = await connection.ask(`${first} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
  return { status, text, release: Number(/\r\ncatalog-release: (\d+)/i.exec(head)?.[1] ?? -1) };
}
