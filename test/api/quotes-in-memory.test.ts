import { afterAll, beforeAll, expect, test } from "vitest";
import type { App } from "../../src/app.js";
import { startTestGateway, type Gateway } from "../support/api.js";
import { NO_POLL_MS } from "../support/deaf.js";
import { DEARER_SOON, EXPLAIN, publishQuoteCatalog, QUOTE } from "../support/quote-catalog.js";
import { forgetRedemptions, makeCodes, outcomeOf, redeem } from "../support/redeeming.js";
import { keepQuote } from "../support/stored-quotes.js";

// Quotes of a gateway that has the catalog in memory and shares views between requests, beside one that asks the database for everything.

let gateway: Gateway;
let stop: () => Promise<void>;
let app: App;
beforeAll(async () => {
  ({ gateway, stop } = await startTestGateway("empty"));
  await publishQuoteCatalog(gateway, DEARER_SOON);
  app = await gateway.open({ memory: { bytes: 1e8 }, currentRelease: { pollMs: NO_POLL_MS }, compiled: { documents: 100 } });
});
afterAll(async () => {
  await app.close();
  await stop();
});

const BUYERS = [
  {
    items: [{ plan: "premium" }, { plan: "stories" }],
    market: "se",
    codes: ["SPRING-26", "WINTER-25", "NONSENSE"],
    customer: { id: "ada", isNew: true },
    periods: 6,
  },
  { items: [{ plan: "premium", since: "2026-01-20T00:00:00Z" }], market: "se", periods: 4 },
  { items: [{ plan: "seats", quantity: "12.5" }], market: "de", codes: ["PURSE"] },
  { items: [{ plan: "stories" }, { plan: "premium" }], market: "us", customer: { isNew: true } },
  { items: [{ plan: "basic" }, { plan: "nowhere" }], market: "se" },
];

// Within one stretch in which nothing begins or ends, and on both sides of where a price does.
const INSTANTS = [
  "2026-06-10T12:00:00Z",
  "2026-06-10T12:00:00.001Z",
  "2026-07-14T23:59:59.999Z",
  "2026-07-15T00:00:00Z",
  "2026-07-31T12:00:00Z",
  "2026-08-01T00:00:00Z",
];

test.each(INSTANTS)("at %s they are the same texts, also those that are written from plans", async (instant) => {
  gateway.clock.set(instant);
  for (const role of ["anonymous", "editor", "service"] as const) {
    const other = gateway.through(app);
    const [plain, shared] = role === "anonymous" ? [gateway.anonymous, other.anonymous] : await Promise.all([gateway.as(role), other.as(role)]);
    const isSame = async (document: string, input: object): Promise<void> => {
      const expected = await plain.query(document, { input });
      for (let time = 0; time < 3; time++) expect((await shared.query(document, { input })).text).toBe(expected.text);
    };
    for (const input of BUYERS) await isSame(QUOTE, input);
    await isSame(EXPLAIN, { plan: "premium", market: "se" });
  }
});

test("a unique code ends at its own instant, which is no boundary of the catalog", async () => {
  gateway.clock.set("2026-09-01T00:00:00Z");
  const { codes } = await makeCodes(gateway, "letters", { expiresAt: new Date("2026-09-02T00:00:00Z") });
  const outcome = async (instant: string): Promise<unknown> => {
    gateway.clock.set(instant);
    const { data } = await gateway.through(app).anonymous.query(QUOTE, { input: { items: [{ plan: "basic" }], market: "se", codes: codes.slice(0, 1) } });
    return data.quote.codes[0].outcome;
  };
  expect(await outcome("2026-09-01T12:00:00Z")).toBe("APPLIED");
  expect(await outcome("2026-09-01T23:59:59.999Z")).toBe("APPLIED");
  expect(await outcome("2026-09-02T00:00:00Z")).toBe("EXPIRED");
});

test("what is used up is known to the very next quote", async () => {
  gateway.clock.set("2026-09-03T00:00:00Z");
  await forgetRedemptions(gateway);
  const service = await gateway.through(app).as("service");
  const few = { items: [{ plan: "basic" }], market: "se", codes: ["FEW"] };
  const outcome = async (): Promise<unknown> => (await service.query(QUOTE, { input: few })).data.quote.codes[0].outcome;
  for (const id of ["ada", "bob"]) {
    expect(await outcome()).toBe("APPLIED");
    const { quoteId } = await keepQuote(service, { ...few, customer: { id } });
    expect(outcomeOf(await redeem(service, { quoteId, idempotencyKey: id }))).toEqual(["few COMMITTED"]);
  }
  expect(await outcome()).toBe("NOT_APPLICABLE");
  await forgetRedemptions(gateway);
  expect(await outcome()).toBe("APPLIED");
});

const PLAIN = "query ($input: QuoteInput!) { quote(input: $input) { ... on Quote { totals { gross { amount } } } } }";

test("twenty quotes that come together ask what is used up with one statement or two, and those of nothing that is limited ask nothing", async () => {
  const { anonymous } = gateway.through(app);
  const count = async (input: object): Promise<number> => {
    const ask = (): Promise<unknown> => Promise.all(Array.from({ length: 20 }, () => anonymous.query(PLAIN, { input })));
    await ask();
    return (await gateway.countStatements(ask)).statements.length;
  };
  expect(await count({ items: [{ plan: "basic" }], market: "se", codes: ["FEW"] })).toBeLessThanOrEqual(3);
  expect(await count({ items: [{ plan: "basic" }], market: "se" })).toBe(0);
});
