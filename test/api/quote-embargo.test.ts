import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isKeyRole, type Role } from "../../src/access/permission.js";
import type { Caller, Gateway, Json } from "../support/api.js";
import { EXPLAIN, QUOTE, quoteFor } from "../support/quote-catalog.js";
import { ANNOUNCED } from "../support/small-catalog.js";
import { startTwins, type Twins } from "../support/twins.js";

/** What is announced beside the price of premium and its code NY27: a discount for everyone, and a code for later. */
const MORE = {
  "more.yaml": `
discounts:
  - { key: for-all, name: For all, benefit: { percent: 25 }, duration: { periods: 2 }, activation: AUTOMATIC, when: { plans: [premium] }, from: 2027-01-01 }
  - { key: later, name: Later, benefit: { percent: 5 }, duration: ONCE, activation: CODE, codes: [LATER-27, SOON-27], limits: { total: 1 }, from: 2027-02-01 }
`,
};

const premium = (said: object = {}) => ({ items: [{ plan: "premium", ...said }], market: "se" });

/** Every way in which a quote or an explanation could tell of what is announced. */
const INPUTS = [
  [QUOTE, premium()],
  [QUOTE, { ...premium(), periods: 36 }],
  [QUOTE, { ...premium({ since: "2026-01-20T00:00:00Z" }), periods: 12 }],
  [QUOTE, { ...premium({ since: "2026-06-15T00:00:00Z" }), periods: 12 }],
  [QUOTE, { ...premium(), codes: ["NY27", "later27", "soon-27", "NO-SUCH-CODE"], customer: { id: "ada", isNew: true } }],
  [QUOTE, premium({ interval: "P1Y" })],
  [QUOTE, { ...premium(), currency: "EUR" }],
  [QUOTE, premium({ plan: "basic" })],
  [QUOTE, { ...premium(), market: "nordics" }],
  [EXPLAIN, { plan: "premium", market: "se" }],
  [EXPLAIN, { plan: "premium", market: "se", interval: "P1Y" }],
  [EXPLAIN, { plan: "premium", market: "se", since: "2026-01-20T00:00:00Z" }],
  [EXPLAIN, { plan: "premium", market: "nordics", currency: "SEK", interval: "P1Y" }],
] as const;

const REPORT = "query ($code: String!) { codeReport(code: $code) { state unique discount { key } redemptions { id } } }";
const CREATE = `mutation ($input: CreateQuoteInput!) {
  createQuote(input: $input) { __typename ... on Refused { refusals { code message path } } ... on StoredQuote { quote { timeline { totals { amount { amount } } } } } }
}`;

async function callers({ announced, plain }: Twins, role: Role): Promise<readonly [Caller, Caller]> {
  const of = (gateway: Gateway): Promise<Caller> | Caller => (isKeyRole(role) ? gateway.as(role) : gateway.anonymous);
  return [await of(announced), await of(plain)];
}

for (const now of ["2026-11-21T00:00:00Z", "2026-12-31T23:59:59.999Z"]) {
  describe(`byte for byte the same with what is announced and without, at ${now}`, () => {
    let twins: Twins;
    beforeAll(async () => {
      twins = await startTwins(now, { announced: { ...ANNOUNCED, ...MORE } });
    });
    afterAll(() => twins.stop());

    test.for(["anonymous", "partner", "frontend", "service"] as const)("quotes and explanations for %s", async (role) => {
      const [announced, plain] = await callers(twins, role);
      for (const at of [null, { release: 3 }, { time: "2026-11-20T00:00:00Z" }]) {
        // The third releases are published on 1 June: their last instant is now.
        for (const [document, input] of INPUTS) {
          const [withRows, without] = await Promise.all([announced, plain].map((caller) => caller.query(document, { input, at })));
          expect(withRows?.text, JSON.stringify(input)).toBe(without?.text);
          expect(withRows?.data).toBeTruthy();
        }
      }
    });

    test.for(["partner", "service"] as const)("what %s may keep", async (role) => {
      const [announced, plain] = await callers(twins, role);
      for (const quote of [{ ...premium(), periods: 12 }, { ...premium(), codes: ["NY27", "LATER-27"] }, premium({ interval: "P1Y" })]) {
        const [withRows, without] = await Promise.all([announced, plain].map((caller) => caller.query(CREATE, { input: { quote } })));
        expect(withRows?.text).toBe(without?.text);
      }
    });

    test("what support is told of codes", async () => {
      const [announced, plain] = await callers(twins, "service");
      for (const code of ["NY27", "later 27", "NO-SUCH-CODE", "", "A\u0000B", "\ud800"]) {
        const [withRows, without] = await Promise.all([announced, plain].map((caller) => caller.query(REPORT, { code })));
        expect(withRows?.text).toBe(without?.text);
        expect(withRows?.data.codeReport.state).toBe("UNKNOWN");
      }
    });

    test("an editor sees what is announced, so that there is something to hide", async () => {
      const editor = await twins.announced.as("editor");
      const yearly = await editor.query(EXPLAIN, { input: { plan: "premium", market: "se", interval: "P1Y" } });
      expect(yearly.data.explainPrice.candidates).toContainEqual(expect.objectContaining({ outcome: "NOT_YET_IN_FORCE" }));
      const quote = await quoteFor(editor, { ...premium({ since: "2026-06-15T00:00:00Z" }), codes: ["NY27"], periods: 6 });
      expect(quote.codes[0]).toMatchObject({ outcome: "NOT_APPLICABLE", discount: { key: "new-year" } });
      expect(new Set(quote.timeline.map(({ totals }: Json) => totals.amount.amount))).toEqual(new Set(["129.00", "149.00"]));
      const admin = await twins.announced.as("admin");
      expect((await admin.query(REPORT, { code: "NY27" })).data.codeReport).toMatchObject({ state: "KNOWN", discount: { key: "new-year" } });
    });

    test("nobody else reads what an admin kept of it", async () => {
      const [admin, service] = [await twins.announced.as("admin"), await twins.announced.as("service")];
      const keep = (caller: Caller) =>
        caller.query("mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { ... on StoredQuote { quoteId } } }", { input: { quote: premium() } });
      const read = async (caller: Caller, quoteId: string): Promise<Json> =>
        (await caller.query("query ($quoteId: ID!) { storedQuote(quoteId: $quoteId) { quoteId } replayQuote(quoteId: $quoteId) { same } }", { quoteId })).data;
      const { quoteId } = (await keep(admin)).data.createQuote;
      expect(await read(admin, quoteId)).toEqual({ storedQuote: { quoteId }, replayQuote: { same: true } });
      expect(await read(service, quoteId)).toEqual({ storedQuote: null, replayQuote: null });
      const { quoteId: other } = (await keep(service)).data.createQuote;
      expect(await read(admin, other)).toEqual({ storedQuote: { quoteId: other }, replayQuote: { same: true } });
    });
  });
}
