import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { claimOf, type Claim, type RedeemRequest } from "../../src/customers/redemptions/redemption.js";
import type { RedeemOutcome } from "../../src/customers/redemptions/redemption.refusals.js";
import { ClaimBatches, type BatchDecider, type Verdict } from "../../src/customers/redemptions/storage/claim-batches.js";
import { requestOf } from "../support/redemption-world.js";

// Which claims are decided when, with a decider that only remembers what it was asked.

const GRANTED: Verdict = { outcome: "REDEEMED", replayed: false, redemptions: [] };
const REFUSED: Verdict = { outcome: "REFUSED", refusals: [{ code: "QUOTE_ALREADY_REDEEMED", discountKey: null }] };

function claim(change: Partial<RedeemRequest> = {}): Claim {
  return claimOf(requestOf(change), randomUUID);
}

/** Grants each quote once, and keeps the batches in which it was asked. */
function rememberingDecider(): BatchDecider & { readonly batches: (readonly Claim[])[] } {
  const redeemed = new Set<string>();
  const batches: (readonly Claim[])[] = [];
  return {
    batches,
    decide: (claims) => {
      batches.push(claims);
      return Promise.resolve(claims.map(({ quoteId }) => (redeemed.has(quoteId) ? REFUSED : (redeemed.add(quoteId), GRANTED))));
    },
    expireFor: () => Promise.resolve(),
  };
}

const askAll = (batches: ClaimBatches, claims: readonly Claim[]): Promise<PromiseSettledResult<RedeemOutcome>[]> =>
  Promise.allSettled(claims.map((one) => batches.add(one)));
const times = (count: number, make: (index: number) => Claim): Claim[] => Array.from({ length: count }, (_, index) => make(index));
const overloaded = (results: readonly PromiseSettledResult<RedeemOutcome>[]): number =>
  results.filter((result) => result.status === "rejected" && result.reason instanceof Error && result.reason.name === "Overloaded").length;

describe("twins", () => {
  test("never share a batch, and come in the order in which they asked, while others pass between them", async () => {
    const decider = rememberingDecider();
    const [one, two, other] = [claim({ quoteId: "q" }), claim({ quoteId: "q" }), claim()];
    const results = await askAll(new ClaimBatches(decider, 3), [one, two, other]);
    expect(results).toMatchObject([{ value: GRANTED }, { value: REFUSED }, { value: GRANTED }]);
    expect(decider.batches).toEqual([[one, other], [two], [two]]);
  });

  test("by one name each wait for both who come first", async () => {
    const decider = rememberingDecider();
    const [byKey, byQuote] = [claim({ idempotencyKey: "k" }), claim({ quoteId: "q" })];
    const both = claim({ idempotencyKey: "k", quoteId: "q" });
    await askAll(new ClaimBatches(decider, 3), [byKey, byQuote, both]);
    expect(decider.batches).toEqual([[byKey, byQuote], [both], [both]]);
  });

  test("beyond twenty of a quote are turned away at once", async () => {
    const decider = rememberingDecider();
    const results = await askAll(
      new ClaimBatches(decider, 3),
      times(5_000, () => claim({ quoteId: "q" })),
    );
    expect(overloaded(results)).toBe(4_980);
    // One is granted, and each of the others looked at twice.
    expect(decider.batches).toHaveLength(39);
  });

  test("are drained in time that grows as they do", async () => {
    const drain = async (quotes: number): Promise<number> => {
      const claims = times(quotes * 20, (index) => claim({ quoteId: `q${index % quotes}` }));
      const start = process.cpuUsage();
      expect(overloaded(await askAll(new ClaimBatches(rememberingDecider(), 3), claims))).toBe(0);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    await drain(25);
    // 5,000 claims that took 37 seconds when each batch looked through all who waited.
    expect(await drain(250)).toBeLessThan(2_000);
  });
});

test("one credential fills no more than half of the queue", async () => {
  const batches = new ClaimBatches(rememberingDecider(), 3);
  const greedy = askAll(
    batches,
    times(6_000, () => claim({ credentialId: "greedy" })),
  );
  const modest = askAll(
    batches,
    times(5_100, (index) => claim({ credentialId: `modest-${index % 3}` })),
  );
  expect(overloaded(await greedy)).toBe(1_000);
  expect(overloaded(await modest)).toBe(100);
  // All of them left, so there is room again.
  expect(
    overloaded(
      await askAll(
        batches,
        times(5_000, () => claim({ credentialId: "greedy" })),
      ),
    ),
  ).toBe(0);
});

test("when the database is away, all who wait are told at once, and twins too", async () => {
  const away = Object.assign(new Error("away"), { code: "ECONNREFUSED" });
  let asked = 0;
  const batches = new ClaimBatches(
    {
      decide: () => {
        asked++;
        return Promise.reject(away);
      },
      expireFor: () => Promise.resolve(),
    },
    3,
  );
  const results = await askAll(batches, [claim({ quoteId: "q" }), claim({ quoteId: "q" }), ...times(600, () => claim())]);
  expect(results.every((result) => result.status === "rejected" && result.reason === away)).toBe(true);
  expect(asked).toBe(1);
});
