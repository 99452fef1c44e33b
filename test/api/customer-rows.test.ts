import { describe, expect } from "vitest";
import { testEmpty as base, type Answer, type Caller, type Gateway } from "../support/api.js";
import { NOW, publishQuoteCatalog } from "../support/quote-catalog.js";
import { commit, makeCodes, outcomeOf, redeem } from "../support/redeeming.js";
import { keepQuote } from "../support/stored-quotes.js";

// Whose rows a caller reaches: a customer's token its own, a key with a prefix those of its customers, a service any. What is out of
// reach is answered like what does not exist, byte for byte.

const CUSTOMERS = ["acme:ada", "acme:bea", "eve", "acme"] as const;
type Customer = (typeof CUSTOMERS)[number];
const NOBODY = "nobody";
const CODE = /^GIFT/;

const ofAcme = (id: string): boolean => id.startsWith("acme:");
const ofAnyone = (): boolean => true;

const CALLERS: Readonly<
  Record<
    string,
    { readonly reads: readonly Customer[]; readonly names: (id: string) => boolean; readonly call: (gateway: Gateway) => Caller | Promise<Caller> }
  >
> = {
  "the token of ada": { reads: ["acme:ada"], names: (id) => id === "acme:ada", call: (gateway) => gateway.asCustomer("acme:ada") },
  "the token of eve": { reads: ["eve"], names: (id) => id === "eve", call: (gateway) => gateway.asCustomer("eve") },
  "the token of a customer of whom nothing is kept": { reads: [], names: (id) => id === NOBODY, call: (gateway) => gateway.asCustomer(NOBODY) },
  "a partner's key with a prefix": { reads: ["acme:ada", "acme:bea"], names: ofAcme, call: (gateway) => withPrefix(gateway, "partner", "acme:") },
  "a partner's key without": { reads: [], names: ofAnyone, call: (gateway) => gateway.as("partner") },
  "a service's key with a prefix": { reads: ["acme:ada", "acme:bea"], names: ofAcme, call: (gateway) => withPrefix(gateway, "service", "acme:") },
  "a service's key with another prefix": { reads: [], names: (id) => id.startsWith("other:"), call: (gateway) => withPrefix(gateway, "service", "other:") },
  "a service's key": { reads: CUSTOMERS, names: ofAnyone, call: (gateway) => gateway.as("service") },
  "an admin's key with a prefix": { reads: ["acme:ada", "acme:bea"], names: ofAcme, call: (gateway) => withPrefix(gateway, "admin", "acme:") },
};

async function withPrefix(gateway: Gateway, role: "partner" | "service" | "admin", customerPrefix: string): Promise<Caller> {
  const { key } = await gateway.app.apiKeys.create({ name: role, role, expiresAt: null, customerPrefix });
  return gateway.withAuthorization(`Bearer ${key}`);
}

interface Kept {
  readonly quoteId: string;
  readonly redemptionId: string;
  readonly code: string;
}

const test = base.extend("kept", { scope: "file" }, async ({ gateway }): Promise<Readonly<Record<Customer, Kept>>> => {
  await publishQuoteCatalog(gateway);
  gateway.clock.set(NOW);
  const service = await gateway.as("service");
  const { codes } = await makeCodes(gateway, "letters", { count: CUSTOMERS.length });
  const kept = await Promise.all(
    CUSTOMERS.map(async (customer, index): Promise<[Customer, Kept]> => {
      const code = codes[index] ?? "";
      const { quoteId } = await keepQuote(service, { items: [{ plan: "basic" }], market: "se", codes: [code], customer: { id: customer } });
      const { data } = await redeem(service, { quoteId, idempotencyKey: `of-${customer}` });
      return [customer, { quoteId, redemptionId: data.redeemQuote.redemptions[0].id, code }];
    }),
  );
  return Object.fromEntries(kept) as Record<Customer, Kept>; // fromEntries forgets the names.
});
test.beforeEach(({ gateway }) => gateway.clock.set(NOW));

/** Each way to a customer's rows, and what it is asked for when there is nothing of the kind. */
const WAYS: Readonly<Record<string, { readonly document: string; readonly of: (kept: Kept, customer: string) => object; readonly none: object }>> = {
  "the customer": {
    document:
      "query ($key: ID!) { customer(key: $key) { redemptions(first: 10) { totalCount pageInfo { hasNextPage endCursor } edges { node { id customerId code } } } } }",
    of: (_kept, key) => ({ key }),
    none: { key: NOBODY },
  },
  "by alias and fragment": {
    document:
      "query ($key: ID!) { a: customer(key: $key) { ...all } b: customer(key: $key) { ... on Customer { redemptions(last: 1) { edges { node { amount { amount } } } } } } } fragment all on Customer { redemptions(first: 1) { totalCount } }",
    of: (_kept, key) => ({ key }),
    none: { key: NOBODY },
  },
  "the node": {
    document: "query ($id: ID!) { node(id: $id) { __typename id ... on Redemption { customerId quoteId } } nodes(ids: [$id, $id]) { id } }",
    of: ({ redemptionId }) => ({ id: redemptionId }),
    none: { id: Buffer.from(`Redemption:${Buffer.from(NOBODY).toString("base64url")}/0000`).toString("base64url") },
  },
  "the stored quote": {
    document: "query ($id: ID!) { storedQuote(quoteId: $id) { quoteId binding quote { claims { customerId } } } }",
    of: ({ quoteId }) => ({ id: quoteId }),
    none: { id: `q_${"0".repeat(26)}` },
  },
  "the replay": {
    document: "query ($id: ID!) { replayQuote(quoteId: $id) { same quote { quoteId } } }",
    of: ({ quoteId }) => ({ id: quoteId }),
    none: { id: `q_${"0".repeat(26)}` },
  },
};

describe.each(Object.entries(CALLERS))("%s", (_name, { reads, names, call }) => {
  for (const [way, { document, of, none }] of Object.entries(WAYS)) {
    test(`reads ${reads.length === 0 ? "nobody" : reads.join(", ")} by ${way}`, async ({ gateway, kept }) => {
      const caller = await call(gateway);
      const nothing = (await caller.query(document, none)).text;
      for (const customer of CUSTOMERS) {
        const { text, errors } = await caller.query(document, of(kept[customer], customer));
        expect(errors).toEqual([]);
        if (reads.includes(customer)) expect(text, customer).not.toBe(nothing);
        else expect(text, customer).toBe(nothing);
      }
    });
  }

  test("has priced and kept for these customers only", async ({ gateway }) => {
    const caller = await call(gateway);
    for (const customer of ["acme:ada", "acme:new", "eve", "acme", NOBODY, "other:one"]) {
      const input = { items: [{ plan: "basic" }], market: "se", customer: { id: customer } };
      const asked = await caller.query("query ($input: QuoteInput!) { quote(input: $input) { __typename ... on Refused { refusals { code path } } } }", {
        input,
      });
      const created = await caller.query(
        "mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { __typename ... on StoredQuote { quoteId } ... on Refused { refusals { code path } } } }",
        { input: { quote: input } },
      );
      expect([...codesOf(asked, "quote"), ...codesOf(created, "createQuote")], customer).toEqual(
        names(customer) ? [] : ["CUSTOMER_OUT_OF_REACH input.customer.id", "CUSTOMER_OUT_OF_REACH input.quote.customer.id"],
      );
    }
  });
});

describe("what changes something", () => {
  test("is done to one's own customers only: others' quotes are not there", async ({ gateway, kept }) => {
    const acme = await withPrefix(gateway, "service", "acme:");
    for (const customer of ["eve", "acme"] as const) {
      const { quoteId } = kept[customer];
      expect(outcomeOf(await redeem(acme, { quoteId, idempotencyKey: "k" }))).toEqual(["UNKNOWN_QUOTE at input.quoteId"]);
      expect(outcomeOf(await commit(acme, quoteId))).toEqual(["UNKNOWN_QUOTE at input.quoteId"]);
    }
    expect(outcomeOf(await commit(acme, kept["acme:ada"].quoteId))).toEqual(["letters COMMITTED"]);
  });

  test("is kept apart by credential: the same idempotency key of another is another", async ({ gateway, kept }) => {
    const acme = await withPrefix(gateway, "service", "acme:");
    expect(outcomeOf(await redeem(acme, { quoteId: kept["acme:ada"].quoteId, idempotencyKey: "of-acme:ada" }))).toContain(
      "QUOTE_ALREADY_REDEEMED at input.quoteId",
    );
  });
});

describe("what others may infer", () => {
  test("a code's uses are told of one's own customers only", async ({ gateway, kept }) => {
    const acme = await withPrefix(gateway, "service", "acme:");
    const report = (code: string): Promise<Answer> =>
      acme.query("query ($code: String!) { codeReport(code: $code) { state redemptions { customerId } } }", { code });
    expect((await report(kept["acme:ada"].code)).data.codeReport.redemptions).toEqual([{ customerId: "acme:ada" }]);
    expect((await report(kept.eve.code)).data.codeReport.redemptions).toEqual([]);
    expect(kept.eve.code).toMatch(CODE);
  });

  test("a cursor of one customer's list shows nothing of another's", async ({ gateway, kept }) => {
    const service = await gateway.as("service");
    const page = "query ($key: ID!, $after: String) { customer(key: $key) { redemptions(first: 5, after: $after) { edges { cursor node { id } } } } }";
    const { cursor } = (await service.query(page, { key: "eve" })).data.customer.redemptions.edges[0];
    const ada = gateway.asCustomer("acme:ada");
    expect((await ada.query(page, { key: "eve", after: cursor })).data.customer.redemptions.edges).toEqual([]);
    for (const { node } of (await ada.query(page, { key: "acme:ada", after: cursor })).data.customer.redemptions.edges)
      expect(node.id).toBe(kept["acme:ada"].redemptionId);
  });

  test("limits that a customer used are told to those who reach that customer", async ({ gateway }) => {
    const service = await gateway.as("service");
    const used = await keepQuote(service, { items: [{ plan: "basic" }], market: "se", codes: ["PERSONAL"], customer: { id: "acme:limit" } });
    await redeem(service, { quoteId: used.quoteId, idempotencyKey: "limit" });
    const outcome = async (caller: Caller, customer: string): Promise<string> => {
      const input = { items: [{ plan: "basic" }], market: "se", codes: ["PERSONAL"], customer: { id: customer } };
      const { data } = await caller.query(
        "query ($input: QuoteInput!) { quote(input: $input) { ... on Quote { codes { outcome } } ... on Refused { refusals { code } } } }",
        { input },
      );
      return data.quote.codes?.[0].outcome ?? data.quote.refusals[0].code;
    };
    expect(await outcome(gateway.asCustomer("acme:limit"), "acme:limit")).toBe("NOT_APPLICABLE");
    expect(await outcome(await withPrefix(gateway, "partner", "acme:"), "acme:limit")).toBe("NOT_APPLICABLE");
    expect(await outcome(gateway.asCustomer("eve"), "acme:limit")).toBe("CUSTOMER_OUT_OF_REACH");
    expect(await outcome(await gateway.as("partner"), "acme:limit")).toBe("APPLIED");
    expect(await outcome(await gateway.as("frontend"), "acme:limit")).toBe("APPLIED");
  });
});

function codesOf({ data }: Answer, field: string): string[] {
  return ((data[field].refusals ?? []) as { code: string; path: string[] }[]).map(({ code, path }) => `${code} ${path.join(".")}`);
}
