import { describe, expect } from "vitest";
import { testEmpty as test, type Caller, type Json } from "../support/api.js";
import { NOW, publishQuoteCatalog, QUOTE, refusalsIn } from "../support/quote-catalog.js";
import { redeem } from "../support/redeeming.js";
import { keepQuote } from "../support/stored-quotes.js";

// What something costs may be asked by anyone, of anyone. What is learned by it is what it costs.

test.beforeAll(async ({ gateway }) => {
  gateway.clock.set(NOW);
  await publishQuoteCatalog(gateway);
  const service = await gateway.as("service");
  for (const customer of ["ada", "é"]) {
    const { quoteId } = await keepQuote(service, personal(customer));
    await redeem(service, { quoteId, idempotencyKey: `order-of-${customer.length}-${Buffer.from(customer).toString("hex")}` });
  }
});

const personal = (customer: string) => ({ items: [{ plan: "basic" }], market: "se", codes: ["PERSONAL"], customer: { id: customer } });

/** The whole answer, working and all, with the customer's name left out. */
async function asked(caller: Caller, customer: string): Promise<string> {
  const { text, errors } = await caller.query(QUOTE, { input: personal(customer) });
  expect(errors).toEqual([]);
  return text.replaceAll(JSON.stringify(customer), "…");
}

describe("which discounts a customer had", () => {
  test.for(["anonymous", "frontend", "partner"] as const)("is not told to %s", async (role, { gateway }) => {
    const caller = role === "anonymous" ? gateway.anonymous : await gateway.as(role);
    expect(await asked(caller, "ada")).toBe(await asked(caller, "bob"));
  });

  test("is told to who may vouch for customers", async ({ gateway }) => {
    const service = await gateway.as("service");
    expect(await asked(service, "ada")).not.toBe(await asked(service, "bob"));
  });
});

test("a signature commits to more than can be guessed: the same promise twice has two hashes", async ({ gateway }) => {
  const frontend = await gateway.as("frontend");
  const [one, other] = [await keepQuote(frontend, personal("bob")), await keepQuote(frontend, personal("bob"))];
  const hashOf = ({ signature }: Json): string => JSON.parse(Buffer.from(signature.split(".")[1], "base64url").toString()).sha256;
  expect(hashOf(one)).not.toBe(hashOf(other));
});

describe("ids of customers", () => {
  test("that look alike are one, or refused", async ({ gateway }) => {
    const ask = async (id: string) => refusalsIn(await gateway.anonymous.query(QUOTE, { input: personal(id) }));
    // "é" in two characters, a variation selector, a filler that shows nothing.
    for (const id of ["e\u0301", "ada\uFE0F", "\u3164"]) expect(await ask(id)).toEqual(["CUSTOMER_ID_MALFORMED at input.customer.id"]);
  });

  test("may be of any script, and capitals tell them apart", async ({ gateway }) => {
    const service = await gateway.as("service");
    for (const id of ["Ada", "顧客-1", "клиент"]) expect(await asked(service, id)).toContain("APPLIED");
  });
});

describe("what an operation may have reckoned", () => {
  const many = (count: number, input: object) => ({
    document: `query ($input: QuoteInput!) { ${Array.from({ length: count }, (_, index) => `q${index}: quote(input: $input) { __typename }`).join(" ")} }`,
    variables: { input },
  });
  const ask = async (caller: Caller, { document, variables }: ReturnType<typeof many>) =>
    (await caller.query(document, variables)).errors.map(({ extensions }) => extensions["code"]);
  const large = { items: Array.from({ length: 50 }, (_, index) => ({ plan: `plan-${index}` })), market: "se", periods: 36 };

  test("is bounded by its lines and invoices, not by its fields", async ({ gateway }) => {
    expect(await ask(gateway.anonymous, many(1, large))).toEqual([]);
    expect(await ask(gateway.anonymous, many(2, large))).toEqual(["TOO_COSTLY"]);
  });

  test("and by the codes that it tries", async ({ gateway }) => {
    const guesses = { items: [{ plan: "basic" }], market: "se", codes: Array.from({ length: 20 }, (_, index) => `GUESS-${index}`) };
    expect(await ask(gateway.anonymous, many(10, guesses))).toEqual([]);
    expect(await ask(gateway.anonymous, many(12, guesses))).toEqual(["TOO_COSTLY"]);
  });

  test("a quote with all that there is to it is not too much", async ({ gateway }) => {
    const money = "{ amountMinor currency amount formatted }";
    const shares = `discounts { discount { key name } amount ${money} }`;
    const tax = `tax { included rate net ${money} tax ${money} gross ${money} }`;
    const sums = `list ${money} discount ${money} amount ${money} net ${money} tax ${money} gross ${money}`;
    const { errors, data } = await gateway.anonymous.query(
      `query ($input: QuoteInput!) { quote(input: $input) { ... on Quote {
        point { time release { number } } market { key name } currency claims { binding customerId channel segments isNew sentence }
        lines { plan { key name } quantity interval since price { key interval amount ${money} } list ${money} ${shares} amount ${money} ${tax} }
        totals { ${sums} } timeline { at lines { line period priceKey list ${money} ${shares} amount ${money} ${tax} } totals { ${sums} } }
        codes { code outcome sentence discount { key name } }
        working { policies prices { plan { key } candidates { key outcome sentence } steps { step amount sentence } } roundings { of exact rounded ${money} sentence }
          discounts { discount { key name } code outcome sentence predicates { predicate line required actual held sentence } }
          steps { discount { key } base ${money} off ${money} shares ${money} sentence } } } } }`,
      { input: { items: [{ plan: "premium" }, { plan: "stories" }], market: "se", codes: ["SPRING-26"], customer: { isNew: true }, periods: 12 } },
    );
    expect(errors).toEqual([]);
    expect(data.quote.timeline).toHaveLength(12);
  });
});

test("what is denied takes nothing along of what was done", async ({ gateway }) => {
  const frontend = await gateway.as("frontend");
  const { data, errors } = await frontend.query(
    `mutation ($input: CreateQuoteInput!) { kept: createQuote(input: $input) { ... on StoredQuote { quoteId } } redeemQuote(input: { quoteId: "q", idempotencyKey: "k" }) { __typename } }`,
    { input: { quote: { items: [{ plan: "basic" }], market: "se" } } },
  );
  expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
  expect(data.kept.quoteId).toMatch(/^q_/);
  expect(data.redeemQuote).toBeNull();
});
