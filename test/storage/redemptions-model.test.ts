import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RedeemRequest } from "../../src/customers/redemptions/redemption.js";
import { RedemptionModel } from "../support/redemption-model.js";
import {
  expectExactCounters,
  grantOf,
  minutesAfterNoon,
  openRedemptionWorld,
  publishDiscounts,
  requestOf,
  toldBy,
  type Limits,
  type RedemptionWorld,
} from "../support/redemption-world.js";

let world: RedemptionWorld;

beforeAll(async () => {
  world = await openRedemptionWorld();
});
afterAll(() => world.end());

const DISCOUNTS = ["autumn", "spring", "summer"] as const;
const QUOTES = 6;
const CUSTOMERS = 2;

const limitsArbitrary: fc.Arbitrary<Limits> = fc
  .record({
    total: fc.option(fc.integer({ min: 1, max: 4 })),
    own: fc.option(fc.integer({ min: 1, max: 2 })),
    budget: fc.option(fc.integer({ min: 1, max: 500 })),
  })
  .map(({ total, own, budget }) => ({
    ...(total === null ? {} : { limit_total: total }),
    ...(own === null ? {} : { limit_per_customer: own }),
    ...(budget === null ? {} : { budget_minor: budget, budget_currency: "EUR" }),
  }));

/** What each quote grants: it never changes, whoever redeems it when. A unique code claims one discount. */
const grantsArbitrary = fc.uniqueArray(
  fc.record({
    discountKey: fc.constantFrom(...DISCOUNTS),
    amountMinor: fc.bigInt({ min: 0n, max: 200n }),
    currency: fc.constantFrom("EUR", "EUR", "EUR", "SEK"),
    uniqueCodeId: fc.option(fc.constantFrom("1", "2")),
  }),
  { selector: ({ discountKey }) => discountKey, minLength: 1, maxLength: 3 },
);

/** Requests that share a quote or a unique code are decided one after the other, and others may pass between: their order is not that of arrival. */
function withoutTwins(requests: readonly RedeemRequest[]): RedeemRequest[] {
  const seen = new Set<string>();
  return requests.filter(({ quoteId, grants }) => {
    const names = [quoteId, ...grants.flatMap(({ code }) => code?.uniqueCodeId ?? [])];
    const isTwin = names.some((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return !isTwin;
  });
}

/** When a reservation that ended is given back depends on who was refused meanwhile; what is held beside those does not. */
async function heldAt(at: Date): Promise<object[]> {
  const { rows } = await world.database.pool.query<{ discount_key: string; uses: bigint; minor: string }>(
    `select discount_key, count(id) as uses, coalesce(sum(amount_minor), 0) as minor from discount_counter
     left join (select * from redemption where state = 'COMMITTED' or (state = 'RESERVED' and reserved_until > $1)) held using (discount_key)
     group by discount_key order by discount_key`,
    [at],
  );
  return rows.map((row) => ({ discountKey: row.discount_key, uses: row.uses, minor: BigInt(row.minor) }));
}

const quoteArbitrary = fc.nat(QUOTES - 1);
const attemptArbitrary = fc.record({ quote: quoteArbitrary, key: fc.nat(1), reservedFor: fc.option(fc.integer({ min: 1, max: 8 })) });
/** Each step comes some minutes after the one before. */
const stepArbitrary = fc.record({
  minutes: fc.nat(2),
  step: fc.oneof(
    { weight: 3, arbitrary: fc.array(attemptArbitrary, { minLength: 1, maxLength: 6 }) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom("commit" as const, "release" as const), quoteArbitrary) },
    { weight: 1, arbitrary: fc.constant("expire" as const) },
  ),
});

const FREE_GRANT = { discountKey: "autumn" as const, amountMinor: 1n, currency: "EUR" as const, uniqueCodeId: null };
const SETTLED_THE_OTHER_WAY = [
  { minutes: 0, step: [{ quote: 0, key: 0, reservedFor: 8 }] },
  { minutes: 1, step: ["release" as const, 0] as ["release", number] },
  { minutes: 1, step: ["commit" as const, 0] as ["commit", number] },
  { minutes: 1, step: [{ quote: 1, key: 0, reservedFor: null }] },
  { minutes: 1, step: ["release" as const, 1] as ["release", number] },
];

test("any sequence of redeeming, committing, releasing and expiring does what a simple model says", { timeout: 120_000 }, async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(limitsArbitrary, limitsArbitrary, limitsArbitrary),
      fc.array(grantsArbitrary, { minLength: QUOTES, maxLength: QUOTES }),
      fc.array(stepArbitrary, { minLength: 10, maxLength: 25 }),
      async (limitsOfEach, grantsOfEach, steps) => {
        const { pool } = world.database;
        await pool.query("truncate redemption, customer_discount_counter, idempotency_key, discount_counter");
        const limits = Object.fromEntries(DISCOUNTS.map((key, index) => [key, limitsOfEach[index] ?? {}]));
        await publishDiscounts(pool, limits);
        const model = new RedemptionModel(limits);
        const nameOf = (quote: number) => ({ quoteId: `q${quote}`, customerId: `c${quote % CUSTOMERS}` });
        let minute = 0;
        for (const { minutes, step } of steps) {
          minute += minutes;
          const at = minutesAfterNoon(minute);
          if (step === "expire") {
            model.expire(at);
            await world.service.expireReservations(at);
            expect(await world.service.expireReservations(at)).toBe(0);
          } else if (typeof step[0] === "string") {
            const [move, quote] = step as ["commit" | "release", number];
            const outcome = await world.service[move]({ ...nameOf(quote), at });
            const told = outcome.outcome === "REFUSED" ? outcome.code : outcome.outcome;
            expect(told).toBe(model[move](`q${quote}`, at));
            reached.add(told);
          } else {
            const asked = (step as readonly { quote: number; key: number; reservedFor: number | null }[]).map(({ quote, key, reservedFor }): RedeemRequest => {
              const grants = (grantsOfEach[quote] ?? []).map(({ uniqueCodeId, ...grant }) =>
                grantOf(grant.discountKey, {
                  ...grant,
                  code: uniqueCodeId === null ? null : { shown: "S…", uniqueCodeId: `${grant.discountKey}-${uniqueCodeId}` },
                }),
              );
              const reservation = reservedFor === null ? {} : { mode: "RESERVE" as const, reservedUntil: minutesAfterNoon(minute + reservedFor) };
              return requestOf({ ...nameOf(quote), idempotencyKey: `q${quote}-${key}`, grants, at, ...reservation });
            });
            const requests = withoutTwins(asked);
            const outcomes = await Promise.all(requests.map((request) => world.service.redeem(request)));
            for (const [index, request] of requests.entries()) {
              const outcome = outcomes[index];
              if (outcome === undefined) throw new Error("an answer is missing");
              const expected = model.redeem(request);
              const told = outcome.outcome === "REDEEMED" && outcome.replayed ? "REPLAYED" : toldBy(outcome);
              for (const code of told.split(" ")) reached.add(code);
              // In a batch, a refusal may name what became true by those who came later.
              if (typeof expected === "string") expect(told).toBe(expected);
              else if (requests.length > 1) expect(outcome.outcome).toBe("REFUSED");
              else expect(new Set(told.split(" "))).toEqual(new Set(expected));
            }
          }
          expect(await heldAt(at)).toEqual(DISCOUNTS.map((discountKey) => ({ discountKey, ...model.heldAt(discountKey, at) })));
          await expectExactCounters(pool);
        }
      },
    ),
    // The rarest ways for a sequence to go, so that each run has been there.
    { numRuns: 100, examples: [[[{}, {}, {}], Array.from({ length: QUOTES }, () => [FREE_GRANT]), SETTLED_THE_OTHER_WAY]] },
  );
  // Else the sequences were too tame to say much.
  expect([...reached].sort()).toEqual([
    ...[
      "BUDGET_OF_OTHER_CURRENCY",
      "BUDGET_SPENT",
      "CODE_USED",
      "CUSTOMER_LIMIT_REACHED",
      "NOT_FOUND",
      "QUOTE_ALREADY_REDEEMED",
      "REDEEMED",
      "REDEMPTION_COMMITTED",
    ],
    ...["REPLAYED", "RESERVATION_EXPIRED", "RESERVATION_RELEASED", "SETTLED", "TOTAL_LIMIT_REACHED"],
  ]);
});
