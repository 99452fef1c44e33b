import fc from "fast-check";
import { expect, test } from "vitest";
import { ANY_CUSTOMER } from "../../src/access/customer-reach.js";
import { permissionsOf, ANONYMOUS, WHOLE_CATALOG, type Viewer } from "../../src/access/viewer.js";
import { fill, rateLimitOf, remaining, takeBack, waitMs, type RateLimit } from "../../src/access/rate-limits/rate-limit.js";

const LIMIT: RateLimit = { perSecond: 100, burst: 1_000 };
/** Sums of fractions of milliseconds. */
const TOLERANCE = 1e-3;

test("a bucket grants its burst at once, then what flows out", () => {
  let emptyAt = 0;
  expect(waitMs(LIMIT, emptyAt, 1_000, 5_000)).toBe(0);
  emptyAt = fill(LIMIT, emptyAt, 1_000, 5_000);
  expect(remaining(LIMIT, emptyAt, 5_000)).toBe(0);
  expect(waitMs(LIMIT, emptyAt, 50, 5_000)).toBe(500);
  expect(waitMs(LIMIT, emptyAt, 50, 5_500)).toBe(0);
  expect(remaining(LIMIT, emptyAt, 15_000)).toBe(1_000);
  expect(waitMs(LIMIT, emptyAt, 1_001, 15_000)).toBe(Infinity);
});

test("what was not needed flows back, but not what has flowed out meanwhile", () => {
  const filled = fill(LIMIT, 0, 400, 1_000);
  expect(remaining(LIMIT, takeBack(LIMIT, filled, 300, filled, 1_000), 1_000)).toBe(900);
  // Three of the four seconds are over: a hundred points are left of the four hundred.
  expect(remaining(LIMIT, takeBack(LIMIT, filled, 300, filled, 4_000), 4_000)).toBe(1_000);
  const busy = fill(LIMIT, filled, 500, 4_000);
  expect(remaining(LIMIT, takeBack(LIMIT, busy, 300, filled, 4_000), 4_000)).toBe(500);
});

/** What a caller does: waits, asks for something, and is given back what it did not need after some time. Long enough for buckets to run empty in between. */
const asks = fc.array(
  fc.record({
    pauseMs: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 2_000, max: 9_000 })),
    requested: fc.integer({ min: 100, max: 1_000 }),
    share: fc.constantFrom(0, 0.1, 0.5, 1),
    takesMs: fc.integer({ min: 0, max: 9_000 }),
  }),
  { minLength: 1, maxLength: 40 },
);

interface Step {
  readonly at: number;
  readonly run: (at: number) => void;
}

/** Plays it; returns when how much was granted, by what it cost in truth. */
function play(list: readonly { pauseMs: number; requested: number; share: number; takesMs: number }[]): { at: number; cost: number }[] {
  const granted: { at: number; cost: number }[] = [];
  let emptyAt = 0;
  let takenBack = 0;
  let at = 0;
  const steps: Step[] = list.map(({ pauseMs, requested, share, takesMs }) => {
    at += pauseMs;
    return {
      at,
      run: (now) => {
        if (waitMs(LIMIT, emptyAt, requested, now) > 0) return;
        emptyAt = fill(LIMIT, emptyAt, requested, now);
        const filled = { to: emptyAt, takenBack };
        const actual = requested * share;
        granted.push({ at: now, cost: actual });
        insert(steps, {
          at: now + takesMs,
          run: (later) => {
            const before = emptyAt;
            emptyAt = takeBack(LIMIT, emptyAt, requested - actual, filled.to - (takenBack - filled.takenBack), later);
            takenBack += before - emptyAt;
          },
        });
      },
    };
  });
  for (let step = steps.shift(); step; step = steps.shift()) step.run(step.at);
  return granted;
}

function insert(steps: Step[], step: Step): void {
  const place = steps.findIndex(({ at }) => at > step.at);
  steps.splice(place < 0 ? steps.length : place, 0, step);
}

test("over any time no more is granted than the burst and what flows out, even when much is given back late", () => {
  fc.assert(
    fc.property(asks, (list) => {
      const granted = play(list);
      for (const [first, { at: from }] of granted.entries()) {
        let sum = 0;
        for (const { at, cost } of granted.slice(first)) {
          sum += cost;
          expect(sum).toBeLessThanOrEqual(LIMIT.burst + ((at - from) / 1_000) * LIMIT.perSecond + TOLERANCE);
        }
      }
    }),
    { numRuns: 3_000 },
  );
});

const instant = fc.integer({ min: 0, max: 100_000 });
const cost = fc.integer({ min: 0, max: 1_000 });

test("who waits as long as it was told is granted what it asked for", () => {
  fc.assert(
    fc.property(instant, instant, cost, (emptyAt, at, wanted) => {
      const wait = waitMs(LIMIT, emptyAt, wanted, at);
      expect(waitMs(LIMIT, emptyAt, wanted, at + wait)).toBeLessThan(TOLERANCE);
    }),
  );
});

test("more time never leaves less, a larger cost never leaves more, and whatever comes back never exceeds the burst", () => {
  fc.assert(
    fc.property(instant, instant, cost, cost, fc.integer({ min: 0, max: 10_000 }), (emptyAt, at, one, other, laterMs) => {
      const filled = fill(LIMIT, emptyAt, one, at);
      expect(remaining(LIMIT, filled, at + laterMs)).toBeGreaterThanOrEqual(remaining(LIMIT, filled, at));
      expect(remaining(LIMIT, fill(LIMIT, emptyAt, one + other, at), at)).toBeLessThanOrEqual(remaining(LIMIT, filled, at));
      const back = takeBack(LIMIT, filled, one, filled, at + laterMs);
      expect(back).toBeLessThanOrEqual(filled);
      expect(remaining(LIMIT, back, at)).toBeLessThanOrEqual(LIMIT.burst);
    }),
  );
});

test("the order in which gateways add to a bucket does not matter", () => {
  fc.assert(
    fc.property(instant, instant, cost, cost, (emptyAt, at, one, other) => {
      expect(fill(LIMIT, fill(LIMIT, emptyAt, one, at), other, at)).toBeCloseTo(fill(LIMIT, fill(LIMIT, emptyAt, other, at), one, at), 3);
    }),
  );
});

test("which limit a caller has is decided by what it may", () => {
  const viewer = (part: Partial<Viewer>): Viewer => ({
    kind: "API_KEY",
    credentialId: "k",
    permissions: permissionsOf(["partner"]),
    customers: ANY_CUSTOMER,
    catalog: WHOLE_CATALOG,
    ...part,
  });
  expect(rateLimitOf(ANONYMOUS)).toBe("anonymous");
  expect(rateLimitOf(viewer({}))).toBe("credential");
  expect(rateLimitOf(viewer({ permissions: permissionsOf(["service"]) }))).toBe("service");
  expect(rateLimitOf(viewer({ kind: "TOKEN", customers: { kind: "ONE", id: "ada" } }))).toBe("customer");
});
