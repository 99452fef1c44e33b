import { describe, expect } from "vitest";
import { testEmpty as test, type Caller, type Json } from "../support/api.js";
import { NOW, publishQuoteCatalog } from "../support/quote-catalog.js";
import { forgetRedemptions, makeCodes, redeem, release, REDEMPTION } from "../support/redeeming.js";
import { keepQuote } from "../support/stored-quotes.js";

test.beforeAll(async ({ gateway }) => publishQuoteCatalog(gateway));
test.beforeEach(async ({ gateway }) => {
  gateway.clock.set(NOW);
  await forgetRedemptions(gateway);
});

const PAGE = `query ($key: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  customer(key: $key) { key redemptions(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id createdAt discount { key } } } } }
}`;
const NODE = `query ($id: ID!) { node(id: $id) { __typename ... on Redemption { ${REDEMPTION} } } }`;
const REPORT = "query ($code: String!) { codeReport(code: $code) { state unique discount { key } redemptions { customerId state code } } }";

let keys = 0;

async function redeemFor(caller: Caller, customer: string, code: string, reserveForSeconds: number | null = null): Promise<Json> {
  const { quoteId } = await keepQuote(caller, { items: [{ plan: "basic" }], market: "se", codes: [code], customer: { id: customer } });
  const { data } = await redeem(caller, { quoteId, idempotencyKey: `key-${++keys}`, reserveForSeconds });
  return data.redeemQuote.redemptions[0];
}

describe("the redemptions of a customer", () => {
  const page = async (caller: Caller, said: object): Promise<Json> => (await caller.query(PAGE, { key: "ada/é_1", ...said })).data.customer.redemptions;
  const idsOf = ({ edges }: Json): string[] => edges.map(({ node }: Json) => node.id);

  test("are listed newest first, in pages that are the same both ways and stay so when another comes", async ({ gateway }) => {
    const service = await gateway.as("service");
    const made: string[] = [];
    // Three at each of three instants, so that a page may end between two of the same.
    for (let index = 0; index < 9; index++) {
      gateway.clock.set(`2026-06-10T12:0${Math.floor(index / 3)}:00Z`);
      made.push((await redeemFor(service, "ada/é_1", "LETTERS")).id);
    }
    await redeemFor(service, "bea", "LETTERS");
    const all = await page(service, { first: 100 });
    expect(all).toMatchObject({ totalCount: 9, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
    expect(new Set(idsOf(all))).toEqual(new Set(made));
    expect(all.edges.map(({ node }: Json) => node.createdAt)).toEqual(
      all.edges
        .map(({ node }: Json) => node.createdAt)
        .toSorted()
        .reverse(),
    );

    const forward: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const found = await page(service, { first: 2, after });
      forward.push(...idsOf(found));
      expect(found.pageInfo.hasPreviousPage).toBe(after !== null);
      ({ endCursor: after, hasNextPage: more } = found.pageInfo);
      // One that is newer does not push the others about.
      gateway.clock.set("2026-06-10T12:03:00Z");
      if (forward.length === 4) await redeemFor(service, "ada/é_1", "LETTERS");
    }
    expect(forward).toEqual(idsOf(all));

    const backward: string[] = [];
    for (let before: string | null = null, more = true; more;) {
      const found = await page(service, { last: 2, before });
      backward.unshift(...idsOf(found));
      ({ startCursor: before, hasPreviousPage: more } = found.pageInfo);
    }
    expect(backward.slice(1)).toEqual(forward);
  });

  test("take as many statements as one", async ({ gateway }) => {
    const service = await gateway.as("service");
    for (let index = 0; index < 8; index++) await redeemFor(service, "ada/é_1", index % 2 ? "LETTERS" : "PURSE").catch(() => undefined);
    const count = async (first: number) => (await gateway.countStatements(() => page(service, { first }))).statements.length;
    expect(await count(8)).toBe(await count(1));
  });

  test("of whom nothing is kept are none; what is no id is an error", async ({ gateway }) => {
    const service = await gateway.as("service");
    const { data } = await service.query(PAGE, { key: "nobody", first: 5 });
    expect(data.customer.redemptions).toEqual({
      totalCount: 0,
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    for (const key of ["", "a b", "a\u0000b", "x".repeat(201)]) {
      const { errors } = await service.query(PAGE, { key, first: 5 });
      expect(errors.map(({ extensions }) => [extensions["code"], extensions["argument"]])).toEqual([["CUSTOMER_ID_MALFORMED", "key"]]);
    }
    const cursor = Buffer.from(JSON.stringify(["redemptions", "yesterday", "x"])).toString("base64url");
    for (const after of ["hello", cursor, Buffer.from(JSON.stringify(["redemptions", "2026-06-10T12:00:00.000Z", "\u0000"])).toString("base64url")]) {
      const { errors } = await service.query(PAGE, { key: "ada", first: 5, after });
      expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["INVALID_CURSOR"]);
    }
    const { errors } = await service.query(PAGE, { key: "ada", first: 101 });
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["INVALID_PAGE_SIZE"]);
  });
});

describe("a redemption by its id", () => {
  test.for(["ada", "a/b:c@d", "ünïcode_-.~", "🎧"])(
    "is found for the customer %j by who may read customers, and by nobody else",
    async (customer, { gateway }) => {
      const service = await gateway.as("service");
      const redemption = await redeemFor(service, customer, "LETTERS");
      for (const role of ["service", "admin"] as const) {
        expect((await (await gateway.as(role)).query(NODE, { id: redemption.id })).data.node).toEqual({ __typename: "Redemption", ...redemption });
      }
      for (const caller of [gateway.anonymous, await gateway.as("partner"), await gateway.as("editor")]) {
        const nothing = await caller.query(NODE, { id: Buffer.from("Redemption:YWRh/nothing").toString("base64url") });
        expect((await caller.query(NODE, { id: redemption.id })).text).toBe(nothing.text);
        expect(nothing.data).toEqual({ node: null });
      }
    },
  );
});

describe("the report on a code", () => {
  const report = async (caller: Caller, code: string): Promise<Json> => (await caller.query(REPORT, { code })).data.codeReport;

  test("that can be used once says who used it, also when that was given back", async ({ gateway }) => {
    const service = await gateway.as("service");
    const { codes, revoke } = await makeCodes(gateway, "letters");
    const [code = "", other = ""] = codes;
    const shown = `${code.slice(0, 9)}…`;
    const letters = { unique: true, discount: { key: "letters" } };
    expect(await report(service, code)).toEqual({ state: "KNOWN", ...letters, redemptions: [] });
    const { quoteId } = await redeemFor(service, "ada", code, 600);
    await release(service, quoteId);
    gateway.clock.set("2026-06-10T12:05:00Z");
    await redeemFor(service, "bea", code);
    expect(await report(service, code.toLowerCase().replaceAll("-", " "))).toEqual({
      ...{ state: "KNOWN", ...letters },
      redemptions: [
        { customerId: "bea", state: "COMMITTED", code: shown },
        { customerId: "ada", state: "RELEASED", code: shown },
      ],
    });
    expect((await report(service, other)).redemptions).toEqual([]);
    await revoke();
    expect(await report(service, code)).toMatchObject({ state: "REVOKED", ...letters, redemptions: [{ customerId: "bea" }, { customerId: "ada" }] });
  });

  test("that many may use says what it claims, and nothing of who did", async ({ gateway }) => {
    const service = await gateway.as("service");
    await redeemFor(service, "ada", "LETTERS");
    expect(await report(service, " let-ters")).toEqual({ state: "KNOWN", unique: false, discount: { key: "letters" }, redemptions: [] });
    const { codes } = await makeCodes(gateway, "letters", { expiresAt: new Date("2026-06-10T12:01:00Z") });
    gateway.clock.set("2026-06-10T12:01:00Z");
    expect(await report(service, codes[0] ?? "")).toMatchObject({ state: "EXPIRED", unique: true });
    for (const code of ["NO-SUCH-CODE", "", "x".repeat(50_000), "A\u0000", "GIFT-01ABC-DEFGH-JKMNP-QRSK1"]) {
      expect(await report(service, code)).toEqual({ state: "UNKNOWN", unique: false, discount: null, redemptions: [] });
    }
  });
});

test("customers and codes are for callers with customers:read, uses for those with catalog:read-internal", async ({ gateway }) => {
  for (const [document, variables] of [
    [PAGE, { key: "ada", first: 1 }],
    [REPORT, { code: "LETTERS" }],
  ] as const) {
    expect((await gateway.anonymous.query(document, variables)).errors.map(({ extensions }) => extensions["code"])).toEqual(["UNAUTHENTICATED"]);
    for (const role of ["frontend", "editor", "analyst"] as const) {
      const { data, errors } = await (await gateway.as(role)).query(document, variables);
      expect([data, errors.map(({ extensions }) => extensions["code"])]).toEqual([null, ["FORBIDDEN"]]);
    }
  }
  expect((await (await gateway.as("partner")).query(REPORT, { code: "LETTERS" })).errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  const uses = '{ discount(key: "letters") { key uses { used reserved remaining spent { amount } budgetLeft { amount } } } }';
  for (const role of ["service", "partner"] as const) {
    const { data, errors } = await (await gateway.as(role)).query(uses);
    expect([data.discount, errors[0]?.extensions["code"]]).toEqual([{ key: "letters", uses: null }, "FORBIDDEN"]);
  }
});

test("the uses of all discounts are counted in one statement", async ({ gateway }) => {
  const [service, editor] = [await gateway.as("service"), await gateway.as("editor")];
  await redeemFor(service, "ada", "LETTERS");
  await redeemFor(service, "bea", "LETTERS", 600);
  const { result, statements } = await gateway.countStatements(() =>
    editor.query("{ discounts(first: 100) { edges { node { key uses { used reserved remaining } } } } }"),
  );
  const counted = new Map<string, Json>(result.data.discounts.edges.map(({ node }: Json) => [node.key, node.uses]));
  expect(counted.get("letters")).toEqual({ used: 2, reserved: 1, remaining: null });
  expect(counted.get("few")).toEqual({ used: 0, reserved: 0, remaining: 2 });
  expect(statements.filter((text) => text.includes("from discount_counter"))).toHaveLength(1);
});
