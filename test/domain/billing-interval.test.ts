import fc from "fast-check";
import { expect, test } from "vitest";
import { intervalStart, nextIntervalIndex } from "../../src/kernel/billing-interval.js";

test.each`
  why                                           | anchor                        | interval   | index  | zone                  | start
  ${"the anchor itself"}                        | ${"2026-01-31T09:00:00.000Z"} | ${"P1M"}   | ${0}   | ${"Etc/UTC"}          | ${"2026-01-31T09:00:00.000Z"}
  ${"a shorter month begins on its last day"}   | ${"2026-01-31T09:00:00.000Z"} | ${"P1M"}   | ${1}   | ${"Etc/UTC"}          | ${"2026-02-28T09:00:00.000Z"}
  ${"and the 31st is not lost"}                 | ${"2026-01-31T09:00:00.000Z"} | ${"P1M"}   | ${2}   | ${"Etc/UTC"}          | ${"2026-03-31T09:00:00.000Z"}
  ${"a leap day in a year without one"}         | ${"2028-02-29T00:00:00.000Z"} | ${"P1Y"}   | ${1}   | ${"Etc/UTC"}          | ${"2029-02-28T00:00:00.000Z"}
  ${"a leap day in the next leap year"}         | ${"2028-02-29T00:00:00.000Z"} | ${"P1Y"}   | ${4}   | ${"Etc/UTC"}          | ${"2032-02-29T00:00:00.000Z"}
  ${"the market's midnight, not that of UTC"}   | ${"2026-01-30T23:30:00.000Z"} | ${"P1M"}   | ${1}   | ${"Europe/Stockholm"} | ${"2026-02-27T23:30:00.000Z"}
  ${"summer time begins: the same time of day"} | ${"2026-03-01T11:00:00.000Z"} | ${"P1M"}   | ${1}   | ${"Europe/Stockholm"} | ${"2026-04-01T10:00:00.000Z"}
  ${"a time of day that the spring skips"}      | ${"2026-02-28T01:30:00.000Z"} | ${"P29D"}  | ${1}   | ${"Europe/Stockholm"} | ${"2026-03-29T01:30:00.000Z"}
  ${"a time of day that the autumn has twice"}  | ${"2026-09-25T00:30:00.000Z"} | ${"P1M"}   | ${1}   | ${"Europe/Stockholm"} | ${"2026-10-25T00:30:00.000Z"}
  ${"weeks are seven days of the zone"}         | ${"2026-10-20T22:00:00.000Z"} | ${"P1W"}   | ${1}   | ${"Europe/Stockholm"} | ${"2026-10-27T23:00:00.000Z"}
  ${"once is once"}                             | ${"2026-01-01T00:00:00.000Z"} | ${"ONCE"}  | ${1}   | ${"Etc/UTC"}          | ${null}
  ${"nothing begins after the year 9999"}       | ${"2026-01-01T00:00:00.000Z"} | ${"P999Y"} | ${9}   | ${"Etc/UTC"}          | ${null}
  ${"nor beyond what can be said at all"}       | ${"2026-01-01T00:00:00.000Z"} | ${"P999Y"} | ${1e6} | ${"Etc/UTC"}          | ${null}
`("$why", ({ anchor, interval, index, zone, start }) => {
  expect(intervalStart(new Date(anchor), interval, index, zone)?.toISOString() ?? null).toBe(start);
});

test("the next start is after the instant, and the one before it is not", () => {
  const instants = fc.date({ min: new Date("1000-01-01"), max: new Date("2200-01-01"), noInvalidDate: true });
  const intervals = fc.constantFrom("P1D", "P10D", "P1W", "P1M", "P5M", "P1Y", "P999D");
  const zones = fc.constantFrom("Etc/UTC", "Europe/Stockholm", "Pacific/Apia", "America/Santiago");
  fc.assert(
    fc.property(instants, instants, intervals, zones, (one, other, interval, zone) => {
      const [anchor, at] = one < other ? [one, other] : [other, one];
      const index = nextIntervalIndex(anchor, interval, at, zone);
      const [before, next] = [intervalStart(anchor, interval, index - 1, zone), intervalStart(anchor, interval, index, zone)];
      expect(next !== null && next > at).toBe(true);
      expect(before !== null && before <= at).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("the first start of a row still to begin is its anchor", () => {
  expect(nextIntervalIndex(new Date("2027-01-01"), "P1M", new Date("2026-01-01"), "Etc/UTC")).toBe(0);
});
