import { describe, expect } from "vitest";
import { testEmpty as test } from "../support/api.js";
import { startTwins } from "../support/twins.js";

const PRICE = "{ id key effectiveFrom effectiveUntil amount { amount } }";
const DISCOUNT = "{ id key effectiveFrom effectiveUntil }";
const ANNOUNCED_PRICE = "premium/se/SEK/P1M/*/*/20270101T000000Z";
const id = (type: string, key: string) => Buffer.from(`${type}:${key}`).toString("base64url");

/** Every way in which a caller could come upon a price or a discount. */
const QUERIES = [
  `{ prices(first: 100) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node ${PRICE} } } }`,
  `{ prices(last: 1) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node ${PRICE} } } }`,
  `{ prices(first: 100, filter: { periods: [PAST, CURRENT, UPCOMING] }, orderBy: { field: EFFECTIVE_FROM, direction: DESC }) { totalCount edges { node ${PRICE} } } }`,
  `{ prices(first: 100, filter: { periods: [UPCOMING] }, orderBy: { field: AMOUNT, direction: DESC }) { totalCount edges { node ${PRICE} } } }`,
  `{ prices(first: 100, filter: { keys: ["${ANNOUNCED_PRICE}"], periods: [CURRENT, UPCOMING] }) { totalCount edges { node ${PRICE} } } }`,
  `{ prices(first: 100, filter: { intervals: ["P1Y"], periods: [UPCOMING] }) { totalCount edges { node ${PRICE} } } }`,
  `{ price(key: "${ANNOUNCED_PRICE}") ${PRICE} }`,
  `{ node(id: "${id("Price", ANNOUNCED_PRICE)}") { id __typename } }`,
  `{ nodes(ids: ["${id("Price", ANNOUNCED_PRICE)}", "${id("Discount", "new-year")}"]) { id __typename } }`,
  `{ plan(key: "premium") { prices(market: "se") ${PRICE} } }`,
  `{ plans(first: 5) { edges { node { prices(market: "se", interval: "P1Y") ${PRICE} } } } }`,
  `{ comparePlans(market: "se", product: "music") { plans { prices ${PRICE} } } }`,
  `{ discount(key: "new-year") ${DISCOUNT} }`,
  `{ discounts(first: 100) { totalCount edges { cursor node ${DISCOUNT} } } }`,
  `{ discounts(first: 100, filter: { periods: [PAST, CURRENT, UPCOMING], plans: ["premium"], markets: ["se"] }, orderBy: { field: EFFECTIVE_FROM, direction: DESC }) { totalCount edges { node ${DISCOUNT} } } }`,
  `{ price(key: "${ANNOUNCED_PRICE}", at: { time: "2027-06-01" }) ${PRICE} }`,
  `{ price(key: "${ANNOUNCED_PRICE}", at: { release: 3 }) ${PRICE} prices(first: 100, at: { release: 3 }, filter: { periods: [UPCOMING, CURRENT] }) { totalCount edges { node ${PRICE} } } }`,
  `{ prices(first: 100, at: { time: "2026-03-01" }, filter: { periods: [UPCOMING, CURRENT, PAST] }) { totalCount edges { node ${PRICE} } } }`,
];

describe("what is announced is not there for callers without catalog:read-upcoming", () => {
  for (const now of ["2026-11-21T00:00:00Z", "2026-12-31T23:59:59.999Z"]) {
    test(`byte for byte, at ${now}`, async () => {
      const { announced, plain, stop } = await startTwins(now);
      try {
        for (const role of ["anonymous", "partner", "frontend", "service"] as const) {
          const callers = role === "anonymous" ? [announced.anonymous, plain.anonymous] : [await announced.as(role), await plain.as(role)];
          for (const query of QUERIES) {
            const [withRows, without] = await Promise.all(callers.map((caller) => caller.query(query)));
            expect(withRows?.text, `${role} ${query}`).toBe(without?.text);
            expect(withRows?.status).toBe(without?.status);
          }
        }
      } finally {
        await stop();
      }
    });
  }

  test("an editor sees it, and so does everyone from its first instant on", async () => {
    const { announced, stop } = await startTwins("2026-11-21T00:00:00Z");
    try {
      const query = `{ price(key: "${ANNOUNCED_PRICE}") { existingFrom } discount(key: "new-year") { key codes } }`;
      expect((await (await announced.as("editor")).query(query)).data).toEqual({
        price: { existingFrom: "2027-03-01T00:00:00.000Z" },
        discount: { key: "new-year", codes: ["NY27"] },
      });
      announced.clock.set("2027-01-01T00:00:00Z");
      const { data } = await announced.anonymous.query(
        `{ plan(key: "premium") { prices(market: "se") { interval amount { amount } } } discounts(first: 5) { edges { node { key } } } }`,
      );
      expect(data).toEqual({
        plan: {
          prices: [
            { interval: "P1M", amount: { amount: "149.00" } },
            { interval: "P1Y", amount: { amount: "1490.00" } },
          ],
        },
        discounts: { edges: [{ node: { key: "new-year" } }] },
      });
    } finally {
      await stop();
    }
  });
});
