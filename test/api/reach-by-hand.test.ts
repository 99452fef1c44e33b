import { describe, expect } from "vitest";
import { testEmpty as test, type Answer, type Caller, type Gateway, type Json } from "../support/api.js";
import { publishPartnerCatalog } from "../support/partner-catalog.js";
import { EXPLAIN, QUOTE, QUOTE_FIELDS, WORKING } from "../support/quote-catalog.js";
import { callerReaching, type NarrowCaller } from "../support/reach.js";
import { commit, outcomeOf, redeem } from "../support/redeeming.js";
import { keepQuote } from "../support/stored-quotes.js";

// A partner who sells music in Sweden, in a catalog that has films and snacks, too.

const MUSIC_IN_SWEDEN = { markets: ["se"], products: ["music"] };

test.beforeAll(({ gateway }) => publishPartnerCatalog(gateway));

const aPartner = (gateway: Gateway): Promise<NarrowCaller> => callerReaching(gateway, "partner", MUSIC_IN_SWEDEN);

async function ask(caller: Caller, document: string, variables: object = {}): Promise<Json> {
  const { data, errors } = await caller.query(document, variables);
  expect(errors).toEqual([]);
  return data;
}

describe("another product's plan is not there", () => {
  test("by key, nor by an id that an admin had", async ({ gateway }) => {
    const partner = await aPartner(gateway);
    const admin = await gateway.as("admin");
    const { plan, price, discount } = await ask(
      admin,
      `{ plan(key: "cinema") { id } price(key: "cinema/se/SEK/P1M/*/*/20260101T000000Z") { id } discount(key: "filmed") { id } }`,
    );
    const ids = [plan.id, price.id, discount.id];
    expect(await ask(partner, `query ($ids: [ID!]!) { plan(key: "cinema") { id } nodes(ids: $ids) { id } }`, { ids })).toEqual({
      plan: null,
      nodes: [null, null, null],
    });
  });

  test("below what is there: a discount names only the plans and markets within reach", async ({ gateway }) => {
    const partner = await aPartner(gateway);
    const conditions = "{ conditions { plans { key } markets { key } } }";
    expect(
      await ask(
        partner,
        `{ crossing: discount(key: "crossing") ${conditions} oceanic: discount(key: "oceanic") ${conditions} split: discount(key: "split") ${conditions}
           plan(key: "premium") { addOns { key } } europe: market(key: "europe") { children { key } } nordics: market(key: "nordics") { children { key } } }`,
      ),
    ).toEqual({
      crossing: { conditions: { plans: [{ key: "premium" }], markets: [] } },
      oceanic: { conditions: { plans: [], markets: [{ key: "se" }] } },
      split: null, // Without its markets it would look as if it were offered everywhere.
      plan: { addOns: [{ key: "stories" }] },
      europe: { children: [{ key: "nordics" }] },
      nordics: { children: [{ key: "se" }] },
    });
  });

  test("in lists, their filters and their counts", async ({ gateway }) => {
    const partner = await aPartner(gateway);
    expect(
      await ask(
        partner,
        `{ plans(first: 10) { totalCount edges { node { key } } } prices(first: 10, filter: { plans: ["cinema"] }) { totalCount edges { node { key } } }
           discounts(first: 20, filter: { plans: ["cinema"] }) { edges { node { key } } } markets(first: 10) { totalCount } products(first: 10) { totalCount } }`,
      ),
    ).toEqual({
      plans: { totalCount: 3, edges: ["basic", "premium", "stories"].map((key) => ({ node: { key } })) },
      prices: { totalCount: 0, edges: [] },
      // Those that name no plan, as for a plan that never was.
      discounts: { edges: ["everywhere", "northern", "oceanic"].map((key) => ({ node: { key } })) },
      markets: { totalCount: 4 },
      products: { totalCount: 1 },
    });
  });

  test("beyond a cursor that an admin had", async ({ gateway }) => {
    const partner = await aPartner(gateway);
    const page = await ask(await gateway.as("admin"), `{ plans(first: 2, orderBy: { field: KEY }) { edges { node { key } cursor } } }`);
    expect(page.plans.edges[1].node.key).toBe("cinema");
    const after = page.plans.edges[1].cursor;
    const found = await ask(partner, `query ($after: String!) { plans(first: 5, after: $after, orderBy: { field: KEY }) { edges { node { key } } } }`, {
      after,
    });
    expect(found.plans.edges).toEqual(["premium", "stories"].map((key) => ({ node: { key } })));
  });

  test("in a comparison, nor in another market", async ({ gateway }) => {
    const partner = await aPartner(gateway);
    const compare = (market: string, product: string) => ask(partner, `{ comparePlans(market: "${market}", product: "${product}") { product { key } } }`);
    expect(await compare("se", "video")).toEqual({ comparePlans: null });
    expect(await compare("us", "music")).toEqual({ comparePlans: null });
    expect(await compare("se", "music")).toEqual({ comparePlans: { product: { key: "music" } } });
  });

  test("in quotes and explanations, which refuse it in the words for one that never was", async ({ gateway }) => {
    const partner = await aPartner(gateway);
    const told = async (document: string, input: object, out: string): Promise<string> => {
      const { text } = await partner.query(document, { input });
      expect(text).toContain("UNKNOWN_");
      return text.replaceAll(`\\"${out}\\"`, "…");
    };
    for (const document of [QUOTE, EXPLAIN]) {
      const input = (plan: string, market: string) => (document === QUOTE ? { items: [{ plan }], market } : { plan, market });
      expect(await told(document, input("cinema", "se"), "cinema")).toBe(await told(document, input("nowhere", "se"), "nowhere"));
      expect(await told(document, input("premium", "de"), "de")).toBe(await told(document, input("premium", "atlantis"), "atlantis"));
    }
  });
});

const KEEP = (plan: string) => ({ items: [{ plan }], market: "se", customer: { id: "ada" } });
const READ = `query ($quoteId: ID!) {
  storedQuote(quoteId: $quoteId) { quoteId quote { ${QUOTE_FIELDS} ${WORKING} } } replayQuote(quoteId: $quoteId) { same }
}`;

describe("quotes that were kept before the reach was narrowed", () => {
  test("are not there if they are about another product", async ({ gateway }) => {
    const partner = await callerReaching(gateway, "partner", { markets: null, products: null });
    const { quoteId } = await keepQuote(partner, KEEP("cinema"));
    expect((await ask(partner, READ, { quoteId })).replayQuote).toEqual({ same: true });
    await partner.reachOnly(MUSIC_IN_SWEDEN);
    expect(await ask(partner, READ, { quoteId })).toEqual({ storedQuote: null, replayQuote: null });
  });

  test("are told without what is out of reach of what they looked at", async ({ gateway }) => {
    const partner = await callerReaching(gateway, "partner", { markets: null, products: null });
    const { quoteId } = await keepQuote(partner, KEEP("premium"));
    const looked = async (): Promise<string[]> =>
      (await ask(partner, READ, { quoteId })).storedQuote.quote.working.discounts.map(({ discount }: Json) => discount.key);
    expect(await looked()).toContain("american");
    await partner.reachOnly(MUSIC_IN_SWEDEN);
    expect(await looked()).not.toContain("american");
    const { storedQuote, replayQuote } = await ask(partner, READ, { quoteId });
    expect(JSON.stringify(storedQuote)).not.toMatch(/\bus\b|cinema|american/);
    // Reckoning again shows all that its maker saw.
    expect(replayQuote).toBeNull();
  });

  test("and one of a partner's is reckoned again from what the partner reached, whoever asks", async ({ gateway }) => {
    const partner = await aPartner(gateway);
    const { quoteId } = await keepQuote(partner, KEEP("premium"));
    expect((await ask(await gateway.as("admin"), READ, { quoteId })).replayQuote).toEqual({ same: true });
    expect((await ask(partner, READ, { quoteId })).replayQuote).toEqual({ same: true });
  });

  test("cannot be redeemed by who does not reach them, in the words for one that never was", async ({ gateway }) => {
    const whole = await gateway.as("service");
    const narrow = await callerReaching(gateway, "service", MUSIC_IN_SWEDEN);
    const [film, music] = [await keepQuote(whole, { ...KEEP("cinema"), codes: ["crossing-26"] }), await keepQuote(whole, KEEP("premium"))];
    expect(outcomeOf(await redeem(narrow, { quoteId: film.quoteId, idempotencyKey: "film" }))).toEqual(["UNKNOWN_QUOTE at input.quoteId"]);
    expect(outcomeOf(await commit(narrow, film.quoteId))).toEqual(["UNKNOWN_QUOTE at input.quoteId"]);
    expect(outcomeOf(await redeem(narrow, { quoteId: music.quoteId, idempotencyKey: "music" }))).not.toHaveLength(0);
  });
});

test("what became of a code of another product is not told to support that does not reach it", async ({ gateway }) => {
  const report = (caller: Caller): Promise<Answer> => caller.query(`{ codeReport(code: "far-film-26") { state unique discount { key } redemptions { id } } }`);
  const narrow = await callerReaching(gateway, "service", MUSIC_IN_SWEDEN);
  expect((await report(narrow)).data.codeReport).toEqual({ state: "UNKNOWN", unique: false, discount: null, redemptions: [] });
  expect((await report(await gateway.as("service"))).data.codeReport).toMatchObject({ state: "KNOWN", discount: { key: "far-film" } });
});

test("a key that the catalog does not have reaches nothing, not everything", async ({ gateway }) => {
  const counts = async (markets: string[] | null, products: string[] | null): Promise<number[]> => {
    const lists = ["markets", "products", "plans", "prices", "entitlements", "discounts"];
    const caller = await callerReaching(gateway, "partner", { markets, products });
    const data = await ask(caller, `{ ${lists.map((list) => `${list}(first: 1) { totalCount }`).join(" ")} }`);
    return lists.map((list) => data[list].totalCount);
  };
  expect(await counts(["nowhere"], ["nothing"])).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await counts(["nowhere"], null)).toEqual([0, 3, 6, 0, 5, 0]);
  expect(await counts(null, ["nothing"])).toEqual([8, 0, 0, 0, 0, 0]);
});
