import { describe, expect } from "vitest";
import { testEmpty as test, type Caller, type Json } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { NOW, PREMIUM, publishQuoteCatalog, QUOTE_FIELDS, quoteFor, refusalsIn } from "../support/quote-catalog.js";
import { CREATE_QUOTE, keepQuote } from "../support/stored-quotes.js";

test.beforeEach(async ({ gateway }) => {
  // The catalog is published once; every test begins at the same instant.
  const { rows } = await gateway.database.pool.query("select from release");
  if (rows.length === 0) await publishQuoteCatalog(gateway);
  gateway.clock.set(NOW);
});

const ADA = { id: "ada", segments: ["student"], isNew: true };
const BASKET = { items: [{ plan: "premium" }, { plan: "stories" }], market: "se", codes: ["SPRING-26"], customer: ADA, periods: 4 };

const READ = `query ($quoteId: ID!) {
  storedQuote(quoteId: $quoteId) { quoteId createdAt expiresAt binding signature quote { ${QUOTE_FIELDS} } }
}`;
const REPLAY = "query ($quoteId: ID!) { replayQuote(quoteId: $quoteId) { same quote { quoteId signature } differences { path } } }";
const DOCUMENT = "query ($quoteId: ID!) { storedQuote(quoteId: $quoteId) { document } }";

describe("a quote that is kept", () => {
  test("reads back as it was quoted, byte for byte, whenever it is read", async ({ gateway }) => {
    const service = await gateway.as("service");
    const quoted = await service.query(`query ($input: QuoteInput!) { quote(input: $input) { ... on Quote { ${QUOTE_FIELDS} } } }`, { input: BASKET });
    const { quoteId, ...kept } = await keepQuote(service, BASKET);
    expect(quoteId).toMatch(/^q_[0-9a-z]{26}$/);
    expect(kept).toMatchObject({ createdAt: NOW, expiresAt: "2026-06-11T12:00:00.000Z", binding: true });
    const first = await service.query(READ, { quoteId });
    expect(JSON.stringify(first.data.storedQuote.quote)).toBe(JSON.stringify(quoted.data.quote));
    gateway.clock.set("2030-01-01T00:00:00Z");
    expect((await service.query(READ, { quoteId })).text).toBe(first.text);
  });

  test("is honoured for as long as was asked, a minute to ninety days", async ({ gateway }) => {
    const partner = await gateway.as("partner");
    expect(await keepQuote(partner, PREMIUM, 60)).toMatchObject({ binding: false, expiresAt: "2026-06-10T12:01:00.000Z" });
    expect(await keepQuote(partner, PREMIUM, 90 * 86_400)).toMatchObject({ expiresAt: "2026-09-08T12:00:00.000Z" });
    for (const validForSeconds of [59, 90 * 86_400 + 1, 0, -1]) {
      const answer = await partner.query(CREATE_QUOTE, { input: { quote: PREMIUM, validForSeconds } });
      expect(refusalsIn(answer)).toEqual(["VALIDITY_OUT_OF_RANGE at input.validForSeconds"]);
    }
    const both = await partner.query(CREATE_QUOTE, { input: { quote: { ...PREMIUM, periods: 0 }, validForSeconds: 1 } });
    expect(refusalsIn(both)).toEqual(["VALIDITY_OUT_OF_RANGE at input.validForSeconds", "PERIODS_OUT_OF_RANGE at input.quote.periods"]);
  });

  test("is refused for codes that take nothing off, each at its place, and nothing is kept", async ({ gateway }) => {
    const count = async () => (await gateway.database.pool.query<{ count: bigint }>("select count(*) from quote")).rows[0]?.count;
    const before = await count();
    const codes = ["SPRING-26", "var26", "STUDENT", "RIVAL", "WINTER-25", "NOTHING", "NO-SUCH-CODE"];
    const answer = await (await gateway.as("frontend")).query(CREATE_QUOTE, { input: { quote: { ...PREMIUM, codes, customer: { isNew: true } } } });
    expect(refusalsIn(answer)).toEqual([
      "CODE_CLAIMS_THE_SAME at input.quote.codes.1",
      "CODE_NOT_APPLICABLE at input.quote.codes.2",
      "CODE_NOT_CHOSEN at input.quote.codes.3",
      "CODE_NOT_APPLICABLE at input.quote.codes.4",
      "CODE_WITHOUT_EFFECT at input.quote.codes.5",
      "CODE_UNKNOWN at input.quote.codes.6",
    ]);
    expect(answer.data.createQuote.refusals[1].message).toContain("The customer must be of the segment student; it is none");
    expect(await count()).toBe(before);
  });
});

describe("who reads it", () => {
  const read = async (caller: Caller, quoteId: string): Promise<Json> => (await caller.query(READ, { quoteId })).data.storedQuote;
  const replay = async (caller: Caller, quoteId: string): Promise<Json> => (await caller.query(REPLAY, { quoteId })).data.replayQuote;

  test("is its maker, and who may read those of any customer; for others it is not there", async ({ gateway }) => {
    const maker = await gateway.as("partner");
    const { quoteId } = await keepQuote(maker, PREMIUM);
    for (const caller of [maker, await gateway.as("service"), await gateway.as("admin")]) {
      expect((await read(caller, quoteId)).quoteId).toBe(quoteId);
      expect((await replay(caller, quoteId)).same).toBe(true);
    }
    for (const caller of [await gateway.asAnother("partner"), await gateway.as("frontend")]) {
      const missing = await caller.query(READ, { quoteId: "q_00000000000000000000000000" });
      expect((await caller.query(READ, { quoteId })).text).toBe(missing.text);
      expect(await replay(caller, quoteId)).toBeNull();
    }
  });

  test("needs a key that may keep quotes", async ({ gateway }) => {
    const { quoteId } = await keepQuote(await gateway.as("partner"), PREMIUM);
    for (const [document, variables] of [
      [READ, { quoteId }],
      [REPLAY, { quoteId }],
      [CREATE_QUOTE, { input: { quote: PREMIUM } }],
    ] as const) {
      const anonymous = await gateway.anonymous.query(document, variables);
      expect(anonymous.errors.map(({ extensions }) => extensions["code"])).toEqual(["UNAUTHENTICATED"]);
      const editor = await (await gateway.as("editor")).query(document, variables);
      expect(editor.errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
      expect(editor.text).not.toContain("q_");
    }
  });

  test("is told of limits and secrets only with catalog:read-internal", async ({ gateway }) => {
    const partner = await gateway.as("partner");
    const { quoteId } = await keepQuote(partner, PREMIUM);
    const denied = await partner.query(DOCUMENT, { quoteId });
    expect([denied.data.storedQuote, denied.errors[0]?.extensions["code"]]).toEqual([{ document: null }, "FORBIDDEN"]);
    const { data } = await (await gateway.as("admin")).query(DOCUMENT, { quoteId });
    expect(JSON.parse(data.storedQuote.document)).toMatchObject({ version: 1, seesUpcoming: false });
  });

  test("gets null for what is no quote", async ({ gateway }) => {
    const admin = await gateway.as("admin");
    for (const quoteId of ["", "q_", "Q_00000000000000000000000000", "q_0000000000000000000000000\u0000", "1; drop table quote", "🎧"]) {
      expect(await read(admin, quoteId)).toBeNull();
      expect(await replay(admin, quoteId)).toBeNull();
    }
  });
});

test("a replay is the same to the byte after price, discount, tax and policy changed, and after its limits are used up", async ({ gateway }) => {
  const [service, admin] = [await gateway.as("service"), await gateway.as("admin")];
  const quotes = [
    await keepQuote(service, BASKET),
    await keepQuote(service, { items: [{ plan: "basic" }], market: "se", codes: ["FEW", "PURSE"], customer: { id: "ada" } }),
    await keepQuote(service, { items: [{ plan: "premium", since: "2026-01-20T00:00:00Z" }], market: "se", periods: 36 }),
    await keepQuote(admin, { ...BASKET, market: "de", codes: [], customer: { id: "bea" } }),
  ];
  const look = async (caller: Caller, document: string) => Promise.all(quotes.map(async ({ quoteId }) => (await caller.query(document, { quoteId })).text));
  const [reads, documents] = [await look(admin, READ), await look(admin, DOCUMENT)];

  gateway.clock.set("2026-06-10T13:00:00Z");
  const changes = `
policies: [{ key: discounts, choice: BEST_FOR_CUSTOMER, application: AMOUNT_FIRST }]
markets:
  - { key: europe, kind: GROUP, name: Europe, currency: EUR, timeZone: Etc/UTC, taxRate: 12 }
  - { key: se, country: SE, parent: europe, name: Sweden, currency: EUR, timeZone: Europe/Berlin, taxRate: 6 }
prices:
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 999, from: 2026-01-01, existing: 2026-06-10 }
discounts:
  - { key: intro, name: Intro, benefit: { percent: 1 }, duration: ONCE, activation: AUTOMATIC, from: 2026-01-01 }
  - { key: few, name: Few, benefit: { percent: 90 }, duration: FOREVER, activation: CODE, codes: [FEWER], limits: { total: 1 }, from: 2026-01-01 }
retire: { discounts: [twenty-off] }
`;
  await publish(gateway.database, { "changes.yaml": changes }, {}, gateway.clock);
  await gateway.database.pool.query("update discount_counter set used = 1, spent_minor = 0 where discount_key = 'few'");
  // A quote made now is another.
  expect((await quoteFor(service, { ...BASKET, codes: [], currency: "SEK" })).totals.list.amount).toBe("1048.00");
  expect((await quoteFor(service, { items: [{ plan: "basic" }], market: "se", currency: "SEK", codes: ["FEWER"] })).codes[0].outcome).toBe("NOT_APPLICABLE");

  gateway.clock.set("2027-06-10T00:00:00Z");
  for (const { quoteId, signature } of quotes) {
    const { data } = await admin.query(REPLAY, { quoteId });
    expect(data.replayQuote).toEqual({ same: true, differences: [], quote: { quoteId, signature } });
  }
  expect(await look(admin, READ)).toEqual(reads);
  expect(await look(admin, DOCUMENT)).toEqual(documents);
});
