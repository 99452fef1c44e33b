import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isKeyRole, KEY_ROLES, ROLES, type Permission, type Role } from "../../src/access/permission.js";
import { permissionsOf } from "../../src/access/viewer.js";
import type { Answer, Caller, Gateway, Json } from "../support/api.js";
import { everyRead } from "../support/every-read.js";
import { QUOTE_FIELDS, REFUSED, WORKING } from "../support/quote-catalog.js";
import { REDEEM } from "../support/redeeming.js";
import { ANNOUNCED } from "../support/small-catalog.js";
import { startTwins, type Difference, type Twins } from "../support/twins.js";
import { explore, type Universe } from "../support/universe.js";

/** Everyone who may not see what is announced. */
const UPCOMING: Permission = "catalog:read-upcoming";
const AUDIENCES: readonly Role[] = ["anonymous", "customer", ...KEY_ROLES.filter((role) => !permissionsOf([role]).has(UPCOMING))];

const STANDING = {
  "standing.yaml": `
discounts:
  - { key: standing, name: Standing, benefit: { percent: 10 }, duration: ONCE, activation: AUTOMATIC, when: { plans: [premium] }, limits: { total: 5 }, from: 2026-01-01 }
  - { key: few, name: Few, benefit: { percent: 5 }, duration: FOREVER, activation: CODE, codes: [FEW], limits: { total: 2 }, from: 2026-01-01 }
`,
};

/** A price where there was none, and discounts of every kind. */
const MORE_ANNOUNCED = {
  "more.yaml": `
prices:
  - { plan: premium, market: nordics, currency: EUR, interval: P1M, amount: 12, from: 2027-01-01 }
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 99, segment: student, channel: web, from: 2027-01-01 }
discounts:
  - { key: for-all, name: For all, benefit: { percent: 25 }, duration: { periods: 2 }, activation: AUTOMATIC, when: { plans: [premium] }, stacking: { priority: 9, exclusive: true }, from: 2027-01-01 }
  - { key: later, name: Later, benefit: { percent: 5 }, duration: ONCE, activation: CODE, codes: [LATER-27], limits: { total: 1 }, from: 2027-02-01 }
`,
};

/** The new year's price, which both have: in one it has a successor and reaches old subscriptions in March. */
const price = (said: string) => `  - { plan: premium, market: se, currency: SEK, interval: P1M, ${said} }\n`;
const UNTIL_2027 = `prices:\n${price("amount: 129, from: 2026-01-01, until: 2027-01-01, existing: KEEP")}`;
const SUCCESSION = {
  announced: {
    "next.yaml": `${UNTIL_2027}${price("amount: 149, from: 2027-01-01, until: 2027-02-01, existing: 2027-03-01")}${price("amount: 159, from: 2027-02-01, existing: 2027-02-15")}
discounts:
  - { key: thaw, name: Thaw, benefit: { amount: { SEK: 30 } }, duration: ONCE, activation: AUTOMATIC, from: 2027-02-01 }
`,
  },
  plain: { "next.yaml": `${UNTIL_2027}${price("amount: 149, from: 2027-01-01, existing: KEEP")}` },
};

const CASES: readonly (Difference & { readonly what: string; readonly instants: readonly string[] })[] = [
  {
    what: "all that is announced for the new year",
    announced: { ...ANNOUNCED, ...MORE_ANNOUNCED },
    instants: ["2026-11-21T00:00:00.000Z", "2026-12-31T23:59:59.999Z"],
  },
  {
    what: "what follows a price that has just come",
    ...SUCCESSION,
    instants: ["2027-01-01T00:00:00.000Z", "2027-01-15T12:00:00.000Z", "2027-01-31T23:59:59.999Z"],
  },
];

const POINTS = [
  "{ release: 3 }",
  "{ release: 2 }",
  `{ time: "2026-05-15T00:00:00Z" }`,
  `{ release: 3, time: "2026-03-01T00:00:00Z" }`,
  `{ time: "2027-02-01T00:00:00Z" }`,
  `{ release: 3, time: "2027-06-01T00:00:00Z" }`,
];
const CODES = ["NY27", "later-27", "FEW"];

for (const { what, instants, ...difference } of CASES) {
  describe(`with ${what} and without, every answer is the same`, () => {
    let twins: Twins;
    let universe: Universe;
    beforeAll(async () => {
      twins = await startTwins("2026-11-21T00:00:00Z", { ...difference, both: STANDING });
      universe = await explore(await twins.announced.as("admin"), twins.announced.app.schema);
    });
    afterAll(() => twins.stop());

    for (const now of instants) {
      test.for(AUDIENCES)(`to what %s reads at ${now}`, { timeout: 300_000 }, async (role) => {
        twins.setClocks(now);
        const callers = await callersOf(twins, role);
        const { schema } = twins.announced.app;
        // What they may not ask for is refused alike, too: that is looked at where something is about to happen.
        const permissions = permissionsOf([role, ...(now.endsWith("999Z") && role === "frontend" ? ["admin" as const] : [])]);
        const reads = everyRead({ schema, universe, market: "se", permissions, points: POINTS, codes: CODES });
        for (const { field, document } of reads) await expectSame(callers, document, `${role} ${field}`);
      });

      test.for(AUDIENCES.filter((role) => permissionsOf([role]).has("quotes:create")))(`to what %s has kept and redeemed at ${now}`, async (role) => {
        twins.setClocks(now);
        const callers = await callersOf(twins, role);
        for (const [index, quote] of TO_KEEP.entries()) {
          const kept = await Promise.all(callers.map((caller) => caller.query(CREATE, { input: { quote } })));
          expectAlike(kept, JSON.stringify(quote));
          const ids = kept.map(({ data }): string | undefined => data.createQuote.quoteId);
          if (ids[0] === undefined) continue;
          expectAlike(await Promise.all(callers.map((caller, twin) => caller.query(READ, { quoteId: ids[twin] }))), "read again");
          const wish = { idempotencyKey: `${role}-${now}-${index}` };
          expectAlike(await Promise.all(callers.map((caller, twin) => caller.query(REDEEM, { input: { ...wish, quoteId: ids[twin] } }))), "redeemed");
        }
      });
    }
  });
}

test("somebody may see what is announced, and nobody else may who is looked at here", () => {
  expect(AUDIENCES.filter((role) => (ROLES[role] as readonly Permission[]).includes(UPCOMING))).toEqual([]);
  expect(AUDIENCES).toEqual(["anonymous", "customer", "frontend", "partner", "service"]);
});

const premium = (said: object = {}) => ({ items: [{ plan: "premium", ...said }], market: "se", customer: { id: "bob" } });
const TO_KEEP = [
  premium(),
  { ...premium(), codes: ["FEW"], periods: 14 },
  { ...premium({ since: "2026-01-20T00:00:00Z" }), periods: 6 },
  { ...premium(), codes: ["NY27", "LATER-27"] },
  premium({ interval: "P1Y" }),
  { ...premium(), market: "nordics" },
];

const STORED = `quoteId createdAt expiresAt binding signature quote { ${QUOTE_FIELDS} ${WORKING} }`;
const CREATE = `mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { __typename ... on StoredQuote { ${STORED} } ${REFUSED} } }`;
const READ = `query ($quoteId: ID!) { storedQuote(quoteId: $quoteId) { ${STORED} } replayQuote(quoteId: $quoteId) { same differences { path } } }`;

async function callersOf({ announced, plain }: Twins, role: Role): Promise<readonly [Caller, Caller]> {
  const of = async (gateway: Gateway): Promise<Caller> => {
    if (role === "customer") return gateway.asCustomer("bob");
    return isKeyRole(role) ? gateway.as(role) : gateway.anonymous;
  };
  return [await of(announced), await of(plain)];
}

async function expectSame([announced, plain]: readonly [Caller, Caller], document: string, what: string): Promise<void> {
  const [withRows, without] = await Promise.all([announced.query(document), plain.query(document)]);
  expect(withRows.text, `${what} ${document}`).toBe(without.text);
  expect(withRows.status).toBe(without.status);
  expect(headersOf(withRows), document).toEqual(headersOf(without));
  expect(withRows.text).not.toMatch(/INTERNAL|TOO_COSTLY|GRAPHQL_/);
}

/** But those that are another for each request. */
function headersOf({ headers }: Answer): Json {
  const { date, "x-request-id": id, ...rest } = headers;
  return { ...rest, date: typeof date, id: typeof id };
}

/** The same but for what is made by chance. */
function expectAlike(answers: readonly Answer[], what: string): void {
  const [withRows, without] = answers.map(({ text }) =>
    text
      .replace(/q_[0-9a-z]{26}/g, "q")
      .replace(/"signature":"[^"]+"/g, "")
      .replace(/"id":"UmVkZW1wdGlvb[^"]+"/g, ""),
  );
  expect(withRows, what).toBe(without);
  expect(withRows).not.toContain("INTERNAL");
}
