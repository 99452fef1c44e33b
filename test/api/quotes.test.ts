import { describe, expect } from "vitest";
import { testEmpty as test, type Json } from "../support/api.js";
import { DEARER_SOON, PREMIUM, publishQuoteCatalog, quoteFor } from "../support/quote-catalog.js";

// Release 1 on 1 February, release 2 on 1 May: premium costs 129 instead of 119 crowns, for who is new; release 3 on 1 June
// announces 149 from 15 July, and for everyone from 1 August. It is 10 June.
test.beforeAll(async ({ gateway }) => publishQuoteCatalog(gateway, DEARER_SOON));

const sek = (amount: string) => ({ amount, currency: "SEK" });
const amounts = ({ timeline }: Json): [string, string][] => timeline.map(({ at, totals }: Json) => [at.slice(0, 10), totals.amount.amount]);

describe("a plan and its add-on with a code, for somebody new", () => {
  const input = {
    items: [{ plan: "premium" }, { plan: "stories" }],
    market: "se",
    codes: ["spring 26"],
    customer: { id: "ada", isNew: true },
    periods: 4,
  };

  test("is summed up to the öre, with what comes off and the tax of each line", async ({ gateway }) => {
    const quote = await quoteFor(await gateway.as("service"), input);
    expect(quote).toMatchObject({
      point: { time: "2026-06-10T12:00:00.000Z", release: { number: 3 } },
      market: { key: "se" },
      currency: "SEK",
      claims: { binding: true, customerId: "ada", isNew: true, segments: [], channel: null },
      codes: [{ code: "spring 26", outcome: "APPLIED", discount: { key: "twenty-off" } }],
    });
    // Half of 129 is 64.50, and 20 off that is 44.50, of which a fifth is tax; to the 49.00 of the add-on a quarter is added.
    const [premium, stories] = quote.lines;
    expect(premium).toMatchObject({ plan: { key: "premium" }, quantity: "1", interval: "P1M", list: sek("129.00"), amount: sek("44.50") });
    expect(premium.discounts).toEqual([
      { discount: { key: "intro" }, amount: sek("64.50") },
      { discount: { key: "twenty-off" }, amount: sek("20.00") },
    ]);
    expect(premium.tax).toEqual({ included: true, rate: "25", net: sek("35.60"), tax: sek("8.90"), gross: sek("44.50") });
    expect(stories.tax).toEqual({ included: false, rate: "25", net: sek("49.00"), tax: sek("12.25"), gross: sek("61.25") });
    expect(quote.totals).toEqual({
      ...{ list: sek("178.00"), discount: sek("84.50"), amount: sek("93.50") },
      ...{ net: sek("84.60"), tax: sek("21.15"), gross: sek("105.75") },
    });
  });

  test("has a timeline on which the code ends, and then the offer", async ({ gateway }) => {
    const quote = await quoteFor(gateway.anonymous, input);
    expect(amounts(quote)).toEqual([
      ["2026-06-10", "93.50"],
      ["2026-07-10", "113.50"],
      ["2026-08-10", "178.00"],
      ["2026-09-10", "178.00"],
    ]);
    expect(quote.timeline[0].totals).toEqual(quote.totals);
    expect(quote.timeline[2].lines.map(({ line, period, discounts }: Json) => [line, period, discounts])).toEqual([
      [0, 3, []],
      [1, 3, []],
    ]);
  });

  test("says how it was reckoned", async ({ gateway }) => {
    const { working } = await quoteFor(gateway.anonymous, input);
    expect(working.steps.map(({ sentence }: Json) => sentence)).toEqual(["intro takes 64.50 SEK off 129.00 SEK.", "twenty-off takes 20.00 SEK off 64.50 SEK."]);
    expect(working.discounts.map(({ discount, code, outcome }: Json) => [discount.key, code, outcome])).toEqual([
      ["intro", null, "CHOSEN"],
      ["twenty-off", "spring 26", "CHOSEN"],
    ]);
    expect(working.prices[0].candidates[0]).toMatchObject({ key: "premium/se/SEK/P1M/*/*/20260101T000000Z", outcome: "WON" });
    expect(working.roundings.map(({ of, rounded }: Json) => [of, rounded.amount])).toContainEqual(["tax of stories", "12.25"]);
  });
});

describe("a change of price to come", () => {
  // Began in January: at 119 as it was then; what was published in May was not for them, what comes on 1 August is.
  const january = { items: [{ plan: "premium", since: "2026-01-20T00:00:00Z" }], market: "se", periods: 4 };
  const before = ["119.00", "119.00", "119.00"];

  test("is in the timeline of who may know of it", async ({ gateway }) => {
    expect(amounts(await quoteFor(await gateway.as("editor"), january)).map(([, amount]) => amount)).toEqual([...before, "149.00"]);
    expect(amounts(await quoteFor(await gateway.as("editor"), { ...PREMIUM, periods: 3 }))).toEqual([
      ["2026-06-10", "129.00"],
      ["2026-07-10", "129.00"],
      ["2026-08-10", "149.00"],
    ]);
  });

  test("is in nobody else's, until it is there", async ({ gateway }) => {
    for (const caller of [gateway.anonymous, await gateway.as("service")]) {
      expect(amounts(await quoteFor(caller, january)).map(([, amount]) => amount)).toEqual([...before, "119.00"]);
      expect(amounts(await quoteFor(caller, { ...PREMIUM, periods: 3 })).map(([, amount]) => amount)).toEqual(["129.00", "129.00", "129.00"]);
    }
    gateway.clock.set("2026-08-01T00:00:00Z");
    try {
      expect((await quoteFor(gateway.anonymous, january)).totals.amount).toEqual(sek("149.00"));
    } finally {
      gateway.clock.set("2026-06-10T12:00:00.000Z");
    }
  });
});

test("a price that was changed in place is not changed for who keeps the old one", async ({ gateway }) => {
  const of = async (since: string | null) => (await quoteFor(gateway.anonymous, { ...PREMIUM, items: [{ plan: "premium", since }] })).totals.amount.amount;
  expect(await of("2026-04-30T23:59:59.999Z")).toBe("119.00");
  expect(await of("2026-05-01T00:00:00Z")).toBe("129.00");
  expect(await of(null)).toBe("129.00");
});

test("an existing subscription is invoiced on its own days", async ({ gateway }) => {
  const quote = await quoteFor(gateway.anonymous, { ...PREMIUM, items: [{ plan: "premium", since: "2026-01-31T10:00:00Z" }] });
  // The 31st of each month, or its last day, in Stockholm, where it is an hour later by the sun in summer.
  expect(quote.timeline.map(({ at }: Json) => at)).toEqual(["2026-06-10T12:00:00.000Z", "2026-06-30T09:00:00.000Z", "2026-07-31T09:00:00.000Z"]);
});

test("at an earlier release the earlier answer is given, at an earlier time too", async ({ gateway }) => {
  for (const [at, release, amount] of [
    [{ release: 1 }, 1, "119.00"],
    [{ time: "2026-03-03T00:00:00Z" }, 1, "119.00"],
    [{ release: 2 }, 2, "129.00"],
    [{ release: 3 }, 3, "129.00"],
  ] as const) {
    const quote = await quoteFor(gateway.anonymous, PREMIUM, at);
    expect([quote.point.release.number, quote.totals.amount.amount]).toEqual([release, amount]);
  }
  const { errors } = await gateway.anonymous.query(
    '{ quote(input: { items: [{ plan: "premium" }], market: "se" }, at: { time: "2026-09-01" }) { __typename } }',
  );
  expect(errors[0]?.extensions["code"]).toBe("FORBIDDEN");
});

test("each market has its currency and its tax; where the tax is not known nothing is guessed", async ({ gateway }) => {
  const [de, us] = await Promise.all(["de", "us"].map((market) => quoteFor(gateway.anonymous, { items: [{ plan: "premium" }], market })));
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  expect(de.totals).toMatchObject({ amount: eur("10.99"), net: eur("9.24"), tax: eur("1.75"), gross: eur("10.99") });
  expect(us.lines[0].tax).toEqual({ included: false, rate: null, net: { amount: "11.99", currency: "USD" }, tax: null, gross: null });
  expect(us.totals).toMatchObject({ amount: { amount: "11.99", currency: "USD" }, tax: null, gross: null });
  const inEuro = await quoteFor(gateway.anonymous, { ...PREMIUM, currency: "EUR" });
  expect([inEuro.currency, inEuro.totals.amount.amount]).toEqual(["EUR", "10.99"]);
});

describe("what is said of the customer", () => {
  test.for([
    ["service", { id: "ada" }, true],
    ["admin", { id: "ada", segments: ["student"] }, true],
    ["service", { segments: ["student"] }, false],
    ["service", null, false],
    ["frontend", { id: "ada" }, false],
    ["partner", { id: "ada" }, false],
    ["editor", { id: "ada" }, false],
    ["anonymous", { id: "ada" }, false],
  ] as const)("binds when %s says %j: %s", async ([role, customer, binding], { gateway }) => {
    const caller = role === "anonymous" ? gateway.anonymous : await gateway.as(role);
    const { claims } = await quoteFor(caller, { ...PREMIUM, customer });
    expect(claims.binding).toBe(binding);
    expect(claims.sentence).toContain(binding ? "vouches" : "not vouched for");
  });

  test("is believed for showing, and given back in order and once", async ({ gateway }) => {
    const quote = await quoteFor(gateway.anonymous, {
      ...PREMIUM,
      ...{ channel: "web", codes: ["STUDENT"], customer: { segments: ["teacher", "student", "student"] } },
    });
    expect(quote.claims).toMatchObject({ channel: "web", segments: ["student", "teacher"], isNew: null, customerId: null });
    expect(quote.totals.amount.amount).toBe("90.30");
  });
});

test("what codes come to is told of each, whatever it is", async ({ gateway }) => {
  const codes = ["SPRING-26", "var26", "STUDENT", "RIVAL", "WINTER-25", "NOTHING", "NO SUCH CODE", "", "🎧"];
  const quote = await quoteFor(gateway.anonymous, { ...PREMIUM, codes, customer: { isNew: true } });
  expect(quote.codes.map(({ code, outcome, discount }: Json) => [code, outcome, discount?.key ?? null])).toEqual([
    ["SPRING-26", "APPLIED", "twenty-off"],
    ["var26", "CLAIMS_THE_SAME", "twenty-off"],
    ["STUDENT", "NOT_APPLICABLE", "students"],
    ["RIVAL", "NOT_CHOSEN", "rival"],
    ["WINTER-25", "NOT_APPLICABLE", "winter"],
    ["NOTHING", "NO_EFFECT", "nothing"],
    ["NO SUCH CODE", "UNKNOWN", null],
    ["", "UNKNOWN", null],
    ["🎧", "UNKNOWN", null],
  ]);
  expect(quote.codes[2].sentence).toBe(
    'The code "STUDENT" claims students, which does not apply here. The customer must be of the segment student; it is none: this does not hold.',
  );
});

test("limits that hold are in the working of callers with catalog:read-internal only", async ({ gateway }) => {
  const input = { items: [{ plan: "basic" }], market: "se", codes: ["FEW", "PERSONAL", "PURSE"], customer: { id: "ada" } };
  const limits = async (role: "anonymous" | "service" | "editor" | "admin"): Promise<string[]> => {
    const { working } = await quoteFor(role === "anonymous" ? gateway.anonymous : await gateway.as(role), input);
    const predicates: Json[] = working.discounts.flatMap(({ predicates: all }: Json) => all);
    return predicates.map(({ predicate }) => predicate).filter((name: string) => /LIMIT|BUDGET/.test(name));
  };
  for (const role of ["anonymous", "service"] as const) expect(await limits(role)).toEqual([]);
  for (const role of ["editor", "admin"] as const) expect(await limits(role)).toEqual(["TOTAL_LIMIT", "CUSTOMER_LIMIT", "BUDGET_CURRENCY", "BUDGET"]);
});

test("forty quotes take as many statements as one", async ({ gateway }) => {
  // Each with a customer of its own, discounts with limits, and a unique code that was never made.
  const ask = async (count: number): Promise<readonly string[]> => {
    const quotes = Array.from(
      { length: count },
      (_, index) => `q${index}: quote(input: {
        market: "se", items: [{ plan: "basic", quantity: "${index + 1}" }, { plan: "stories" }], codes: ["PERSONAL", "STU-01ABC-DEFGH-JKMNP-QRSK1"], customer: { id: "c${index}" }
      }) { ... on Quote { totals { amount { amount } } codes { outcome } lines { plan { key } } } }`,
    );
    const { result, statements } = await gateway.countStatements(() => gateway.anonymous.query(`{ ${quotes.join(" ")} }`));
    expect(result.errors).toEqual([]);
    return statements;
  };
  const [one, forty] = [await ask(1), await ask(40)];
  expect(forty.length, forty.join("\n")).toBe(one.length);
  expect(one.length).toBeLessThanOrEqual(14);
});

test("forty items take as many statements as one", async ({ gateway }) => {
  const intervals = Array.from({ length: 50 }, (_, index) => ({ plan: index % 2 ? "seats" : "desk", interval: `P${index + 1}D` }));
  const ask = (items: readonly object[]) =>
    gateway.countStatements(() =>
      gateway.anonymous.query("query ($input: QuoteInput!) { quote(input: $input) { __typename } }", { input: { items, market: "de" } }),
    );
  const [one, forty] = [await ask(intervals.slice(0, 1)), await ask(intervals)];
  expect(forty.result.data.quote.__typename).toBe("Refused");
  expect(forty.statements.length).toBe(one.statements.length);
});
