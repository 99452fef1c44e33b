import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiKeyService } from "../../src/access/api-keys/api-key.service.js";
import { PgApiKeyRepository } from "../../src/access/api-keys/storage/pg-api-key.repository.js";
import { systemClock } from "../../src/platform/clock.js";
import { connectDatabase, createDatabaseIfMissing } from "../../src/platform/database/database.js";
import { migrateDatabase } from "../../src/platform/database/migrations.js";
import { publish } from "./catalog.js";
import { migrationsFolder } from "./database.js";
import type { EmbeddedWorld } from "./embedded-world.js";
import { openLossyProxy, type LossyProxy } from "./lossy-proxy.js";
import { run, type Program } from "./program.js";

const PEPPER = "a pepper that only the tests know of";
const ENVIRONMENT = { PORT: "0", LOG_LEVEL: "silent", API_KEY_PEPPER: PEPPER, CODE_PEPPER: PEPPER, QUOTE_SIGNING_KEYS: `test:${"07".repeat(32)}` };
const IN_FLIGHT = 64;
const MAX_SOCKETS = 256;
const QUOTES_AT_ONCE = 15;

const catalogWith = (limits: string): string => `
markets: [{ key: se, country: SE, name: Sweden, currency: SEK, timeZone: Europe/Stockholm }]
products: [{ key: music, name: Music }]
plans: [{ key: basic, product: music, rank: 1, name: Basic }]
prices: [{ plan: basic, market: se, currency: SEK, interval: P1M, amount: 59, from: 2026-01-01 }]
discounts: [{ key: spring, name: Spring, benefit: { percent: 10 }, duration: ONCE, activation: AUTOMATIC, ${limits} from: 2026-01-01 }]
`;

/** Two gateways in processes of their own on one server, behind a wire that can be cut. */
export interface Gateways {
  readonly urls: readonly string[];
  readonly proxy: LossyProxy;
  /** Keys of two callers who may redeem. */
  readonly credentials: readonly [string, string];
  /** The ids of stored quotes, of a customer each. */
  readonly quoteIds: readonly string[];
  stop(): Promise<void>;
}

export async function startGateways(world: EmbeddedWorld, limits: string, quotes: number): Promise<Gateways> {
  await world.copyPristine();
  const address = new URL((await world.start()).url("catalog"));
  await createDatabaseIfMissing(address.href);
  await migrateDatabase({ url: address.href, folder: migrationsFolder, log: () => undefined });
  const database = connectDatabase({ url: address.href, maxConnections: 2 });
  await publish(database, { "spring.yaml": catalogWith(limits) });
  const apiKeys = new ApiKeyService(new PgApiKeyRepository(database.pool, database.prisma), PEPPER, systemClock);
  const makeKey = async (name: string) => (await apiKeys.create({ name, role: "service", expiresAt: null })).key;
  const credentials = [await makeKey("till"), await makeKey("other till")] as const;
  await database.close();

  const proxy = await openLossyProxy(Number(address.port));
  address.port = String(proxy.port);
  const programs = [1, 2].map(() => run("main.ts", [], { ...ENVIRONMENT, DATABASE_URL: address.href }));
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map(endOf));
    await proxy.close();
  };
  try {
    const urls = await Promise.all(programs.map(async (program) => (await program.says(/API\s+(http:\/\/\S+)/))[1] ?? ""));
    return { urls, proxy, credentials, quoteIds: await makeQuotes(urls, credentials[0], quotes), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function endOf(program: Program): Promise<unknown> {
  program.kill("SIGKILL");
  return program.ended;
}

async function makeQuotes(urls: readonly string[], credential: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  const batches = Array.from({ length: Math.ceil(count / QUOTES_AT_ONCE) }, (_, batch) => batch);
  await inFlight(batches, async (batch) => {
    const quotes = Array.from(
      { length: QUOTES_AT_ONCE },
      (_, index) =>
        `q${index}: createQuote(input: { quote: { items: [{ plan: "basic" }], market: "se", periods: 1, customer: { id: "c${batch}-${index}" } } }) { ... on StoredQuote { quoteId } }`,
    );
    const { text } = await post(urls[batch % urls.length] ?? "", credential, `mutation { ${quotes.join(" ")} }`);
    const { data } = JSON.parse(text) as { data: Record<string, { quoteId: string }> };
    ids.push(...Object.values(data).map(({ quoteId }) => quoteId));
  });
  return ids.slice(0, count);
}

export interface RedeemCall {
  readonly quoteId: string;
  readonly idempotencyKey: string;
  readonly reserveForSeconds?: number;
}

/** What a caller was told in the end. */
export interface Told {
  /** The whole answer. */
  readonly text: string;
  readonly redemptions: readonly { readonly id: string; readonly customerId: string }[];
  /** The codes of the refusals. */
  readonly refusals: readonly string[];
  /** How often the outcome could not be known, so that it asked again. */
  readonly unknown: number;
}

const REDEEM = `mutation ($input: RedeemQuoteInput!) { redeemQuote(input: $input) {
  ... on QuoteRedemption { redemptions { id customerId } } ... on Refused { refusals { code } } } }`;
const RETRY_MS = 50;

/** Asks one gateway, and as long as nobody knows the outcome the next one, with the same key. */
export async function redeemUntilKnown(urls: readonly string[], first: number, credential: string, input: RedeemCall): Promise<Told> {
  for (let unknown = 0; ; unknown++) {
    const answer = await post(urls[(first + unknown) % urls.length] ?? "", credential, REDEEM, { input }).catch(() => null);
    if (answer !== null && answer.status < 500) {
      const { data, errors = [] } = JSON.parse(answer.text) as {
        data?: { redeemQuote: Partial<{ redemptions: Told["redemptions"]; refusals: { code: string }[] }> | null };
        errors?: { extensions: { code: string } }[];
      };
      const result = data?.redeemQuote;
      // What the caller has left of its rate limit is told beside it, and is another each time.
      if (result)
        return { text: JSON.stringify(data), redemptions: result.redemptions ?? [], refusals: (result.refusals ?? []).map(({ code }) => code), unknown };
      const codes = errors.map(({ extensions }) => extensions.code);
      if (codes.some((code) => code !== "UNAVAILABLE" && code !== "INTERNAL")) throw new Error(answer.text);
    }
    await sleep(RETRY_MS);
  }
}

/** Does all of it, so many at once. */
export async function inFlight<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>, width = IN_FLIGHT): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as Item, index); // Below the length there is one.
  };
  await Promise.all(Array.from({ length: width }, worker));
}

const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });

/** `fetch` would do, at half the pace. */
function post(url: string, credential: string, query: string, variables: object = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${credential}` };
    const sent = request(url, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ query, variables }));
  });
}
