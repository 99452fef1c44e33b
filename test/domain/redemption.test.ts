import { describe, expect, test } from "vitest";
import { claimOf, MOVES, REDEMPTION_STATES, type Redemption, type RedemptionState, type RedeemRequest } from "../../src/customers/redemptions/redemption.js";
import { judgeSettlement } from "../../src/customers/redemptions/settlement.js";

const NOON = new Date("2026-03-01T12:00:00Z");
const LATER = new Date("2026-03-01T12:10:00Z");

const REQUEST: RedeemRequest = {
  ...{ credentialId: "till", idempotencyKey: "k", bodyHash: Buffer.alloc(32), customerId: "ada", quoteId: "q" },
  grants: [{ discountKey: "spring", code: null, amountMinor: 100n, currency: "EUR" }],
  ...{ mode: "RESERVE", reservedUntil: LATER, at: NOON },
};
const [RESERVED] = claimOf(REQUEST, () => "r").redemptions as [Redemption];

function redemption(state: RedemptionState, change: Partial<Redemption> = {}): Redemption {
  return { ...RESERVED, state, settledAt: state === "RESERVED" ? null : NOON, ...change };
}

describe("what is refused as a mistake of our own", () => {
  test.each<[why: string, change: Partial<RedeemRequest>]>([
    ["no key", { idempotencyKey: "" }],
    ["a key as long as a letter", { idempotencyKey: "k".repeat(256) }],
    ["a hash of another kind", { bodyHash: Buffer.alloc(20) }],
    ["a reservation without an end", { reservedUntil: null }],
    ["a reservation that ends when it begins", { reservedUntil: NOON }],
    ["an end without a reservation", { mode: "COMMIT" }],
    ["a discount granted twice", { grants: [...REQUEST.grants, ...REQUEST.grants] }],
    ["less than nothing taken off", { grants: REQUEST.grants.map((grant) => ({ ...grant, amountMinor: -1n })) }],
    ["more taken off than is money", { grants: REQUEST.grants.map((grant) => ({ ...grant, amountMinor: 2n ** 53n })) }],
    ["more grants than a quote has", { grants: Array.from({ length: 101 }, (_, index) => ({ ...REQUEST.grants[0], discountKey: `d${index}` })) as never }],
  ])("%s", (_why, change) => {
    expect(() => claimOf({ ...REQUEST, ...change }, () => "r")).toThrow(RangeError);
  });
});

test("committing at once makes what a commit makes later", () => {
  const [committed] = claimOf({ ...REQUEST, mode: "COMMIT", reservedUntil: null }, () => "r").redemptions;
  expect(committed).toEqual({ ...RESERVED, state: "COMMITTED", reservedUntil: null, settledAt: NOON });
});

test("no move leads out of where a redemption ended", () => {
  for (const state of ["COMMITTED", "RELEASED", "EXPIRED"] as const) expect(Object.values(MOVES[state])).toEqual([state]);
});

describe("what the caller is told", () => {
  const told = {
    RESERVED: { commit: "AGAIN", release: "AGAIN" },
    COMMITTED: { commit: "SETTLED", release: "REDEMPTION_COMMITTED" },
    RELEASED: { commit: "RESERVATION_RELEASED", release: "SETTLED" },
    EXPIRED: { commit: "RESERVATION_EXPIRED", release: "RESERVATION_EXPIRED" },
  };
  const judge = (move: "commit" | "release", redemptions: readonly Redemption[], changed: readonly string[] = [], at = NOON): string => {
    const outcome = judgeSettlement(move, { redemptions, changedIds: new Set(changed) }, at);
    return outcome === "AGAIN" ? outcome : outcome.outcome === "SETTLED" ? outcome.outcome : outcome.code;
  };

  test.each(REDEMPTION_STATES.flatMap((state) => (["commit", "release"] as const).map((move) => ({ state, move }))))(
    "of a $move that found it $state",
    ({ state, move }) => expect(judge(move, [redemption(state)])).toBe(told[state][move]),
  );

  test.each<[move: "commit" | "release", became: RedemptionState, outcome: string]>([
    ["commit", "COMMITTED", "SETTLED"],
    ["release", "RELEASED", "SETTLED"],
    ["release", "EXPIRED", "RESERVATION_EXPIRED"],
  ])("of a %s that made it %s", (move, became, outcome) => expect(judge(move, [redemption(became)], ["r"])).toBe(outcome));

  test("of a commit after its end, which nobody gave back yet", () => expect(judge("commit", [redemption("RESERVED")], [], LATER)).toBe("RESERVATION_EXPIRED"));
  test("of nothing", () => expect(judge("commit", [])).toBe("NOT_FOUND"));

  test("is about what holds now, or else about what held last", () => {
    const released = redemption("RELEASED", { id: "old" });
    const expired = redemption("EXPIRED", { id: "new", settledAt: LATER });
    expect(judge("release", [released, expired])).toBe("RESERVATION_EXPIRED");
    expect(
      judge("release", [
        { ...expired, settledAt: NOON },
        { ...released, settledAt: LATER },
      ]),
    ).toBe("SETTLED");
    expect(judge("commit", [released, redemption("COMMITTED")])).toBe("SETTLED");
  });
});
