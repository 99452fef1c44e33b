import { expect, test } from "vitest";
import { resolvePrice, type PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import { aPrice, aPriceRequest, day } from "../support/quotes.js";

const on = (text: string): Date => day(text.length === 5 ? `2026-${text}` : text);

/**
 * "12 from 04-01 reaches 05-01": what it costs, then what there is to say: the market (in) and segment (of), from when and until when
 * new ones may have it, when it reaches existing ones, and when a release first had it (published) and one no longer did (withdrawn).
 */
function price(text: string): PriceVersion {
  const [costs = "", ...words] = text.trim().split(" ");
  const said = (word: string): string | null => words[words.indexOf(word) + 1] ?? null;
  const at = (word: string): Date | null => (words.includes(word) ? on(said(word) ?? "") : null);
  return aPrice({
    ...{ amountMinor: BigInt(costs), marketKey: words.includes("in") ? (said("in") ?? "") : "se", segment: words.includes("of") ? said("of") : null },
    ...{ effective: { from: at("from") ?? day("2020-01-01"), until: at("until") } },
    ...{ existingFrom: at("reaches"), knownFrom: at("published"), knownUntil: at("withdrawn") },
  });
}

const inPlace = "10 withdrawn 03-01; 12 published 03-01";
const oneChange = "10 until 04-01; 12 from 04-01 reaches 05-01";
const twoChanges = "10 until 02-01; 12 from 02-01 until 04-01 reaches 09-01; 14 from 04-01 reaches 05-01";
const changedTwice = "10 withdrawn 02-01; 12 published 02-01 withdrawn 04-01 reaches 05-01; 14 published 04-01";
const anOldOneChanged = "10 until 02-01 withdrawn 03-01; 12 from 02-01; 9 until 02-01 reaches 04-01 published 03-01";
const putOff = "10; 12 from 04-01 reaches 05-01 withdrawn 04-15; 12 from 04-01 reaches 08-01 published 04-15";

test.each`
  why                                                                 | since           | bills                                         | prices
  ${"new ones from April, existing ones from May"}                    | ${"01-15"}      | ${"03-31:10 04-30:10 05-01:12 2030-01-01:12"} | ${oneChange}
  ${"who began the day before the change"}                            | ${"03-31"}      | ${"04-01:10 05-01:12"}                        | ${oneChange}
  ${"who began with the change"}                                      | ${"04-01"}      | ${"04-01:12 05-01:12"}                        | ${oneChange}
  ${"a change for new ones only"}                                     | ${"01-15"}      | ${"06-01:10 2030-01-01:10"}                   | ${"10 until 04-01; 12 from 04-01"}
  ${"a change for all at once"}                                       | ${"01-15"}      | ${"03-31:10 04-01:12"}                        | ${"10 until 04-01; 12 from 04-01 reaches 04-01"}
  ${"a price cut reaches like any change"}                            | ${"01-15"}      | ${"04-15:10 05-01:8"}                         | ${"10 until 04-01; 8 from 04-01 reaches 05-01"}
  ${"the end of an offer ends nothing for who has it"}                | ${"01-15"}      | ${"04-01:10 2030-01-01:10"}                   | ${"10 until 04-01"}
  ${"who began after the offer ended has nothing"}                    | ${"04-01"}      | ${"05-01:none"}                               | ${"10 until 04-01"}
  ${"who began before there was one, until it reaches"}               | ${"01-15"}      | ${"04-15:none 05-01:10"}                      | ${"10 from 04-01 reaches 05-01"}
  ${"two changes, each in its time"}                                  | ${"01-15"}      | ${"02-15:10 03-15:12 04-15:12 05-01:14"}      | ${"10 until 02-01; 12 from 02-01 until 04-01 reaches 03-01; 14 from 04-01 reaches 05-01"}
  ${"a later change lands first: the earlier one does not undo it"}   | ${"01-15"}      | ${"04-15:10 05-01:14 09-01:14 2027-01-01:14"} | ${twoChanges}
  ${"who began between the two keeps the first until the second"}     | ${"02-15"}      | ${"02-15:12 04-15:12 05-01:14"}               | ${twoChanges}
  ${"a change that skips existing ones, then one that does not"}      | ${"01-15"}      | ${"03-15:10 05-01:14"}                        | ${"10 until 02-01; 12 from 02-01 until 04-01; 14 from 04-01 reaches 05-01"}
  ${"a market's own price goes before a change of its parent's"}      | ${"01-15"}      | ${"06-01:10"}                                 | ${"10; 12 in world from 04-01 reaches 05-01"}
  ${"a market's new price reaches who had its parent's"}              | ${"01-15"}      | ${"04-15:10 05-01:12"}                        | ${"10 in world; 12 from 04-01 reaches 05-01"}
  ${"a segment's new price reaches who had everyone's"}               | ${"01-15"}      | ${"04-15:10 05-01:5"}                         | ${"10; 5 of student from 04-01 reaches 05-01"}
  ${"a segment's ended price goes before everyone's new one"}         | ${"01-15"}      | ${"06-01:5"}                                  | ${"5 of student until 03-01; 12 from 04-01 reaches 05-01"}
  ${"changed in place for new ones only: who had it keeps it"}        | ${"01-15"}      | ${"02-15:10 03-15:10 2030-01-01:10"}          | ${inPlace}
  ${"and who began with that release has the new one"}                | ${"03-01"}      | ${"03-01:12"}                                 | ${inPlace}
  ${"changed in place, to follow later"}                              | ${"01-15"}      | ${"04-30:10 05-01:12"}                        | ${`${inPlace} reaches 05-01`}
  ${"to follow from a day gone by: with its publication"}             | ${"01-15"}      | ${"02-28:10 03-01:12"}                        | ${`${inPlace} reaches 02-01`}
  ${"what reached already, changed in place"}                         | ${"01-15"}      | ${"01-20:9 02-15:10 03-01:12"}                | ${"9 until 02-01; 10 from 02-01 reaches 02-01 withdrawn 03-01; 12 from 02-01 reaches 02-01 published 03-01"}
  ${"withdrawn before it came"}                                       | ${"01-15"}      | ${"06-01:10"}                                 | ${"10; 12 from 04-01 reaches 05-01 published 02-01 withdrawn 04-15"}
  ${"withdrawn when it would have come"}                              | ${"01-15"}      | ${"06-01:10"}                                 | ${"10; 12 from 04-01 reaches 05-01 published 02-01 withdrawn 05-01"}
  ${"withdrawn after it came"}                                        | ${"01-15"}      | ${"04-30:10 06-01:12"}                        | ${"10; 12 from 04-01 reaches 05-01 published 02-01 withdrawn 05-02"}
  ${"who began while it was offered keeps what was withdrawn"}        | ${"04-15"}      | ${"06-01:12"}                                 | ${"10; 12 from 04-01 published 02-01 withdrawn 05-01"}
  ${"announced and taken back before it began"}                       | ${"02-15"}      | ${"06-01:10"}                                 | ${"10; 12 from 04-01 reaches 04-01 published 02-01 withdrawn 03-01"}
  ${"put off by a release"}                                           | ${"01-15"}      | ${"06-01:10 08-01:12"}                        | ${putOff}
  ${"put off for who began with it: nothing changes"}                 | ${"04-10"}      | ${"06-01:12 08-01:12"}                        | ${putOff}
  ${"put off after it came is too late"}                              | ${"01-15"}      | ${"06-01:12"}                                 | ${"10; 12 from 04-01 reaches 05-01 withdrawn 05-15; 12 from 04-01 reaches 08-01 published 05-15"}
  ${"for new ones only after all"}                                    | ${"01-15"}      | ${"06-01:10"}                                 | ${"10; 12 from 04-01 reaches 05-01 withdrawn 04-15; 12 from 04-01 published 04-15"}
  ${"changed twice in place: the last that has come"}                 | ${"01-15"}      | ${"02-15:10 03-15:12 05-15:12 06-01:14"}      | ${"10 withdrawn 02-01; 12 published 02-01 withdrawn 04-01 reaches 03-01; 14 published 04-01 reaches 06-01"}
  ${"changed twice, and the first change never came"}                 | ${"01-15"}      | ${"2030-01-01:10"}                            | ${changedTwice}
  ${"who began between two changes has the middle one"}               | ${"02-15"}      | ${"2030-01-01:12"}                            | ${changedTwice}
  ${"a price that is over, changed later, does not undo a newer one"} | ${"02-15"}      | ${"06-01:12"}                                 | ${anOldOneChanged}
  ${"but reaches who still has it"}                                   | ${"01-15"}      | ${"03-15:10 04-01:9"}                         | ${anOldOneChanged}
  ${"the first release speaks for the time before it"}                | ${"2024-05-01"} | ${"06-01:10"}                                 | ${"10 from 2024-01-01"}
  ${"a later one does not: begun before it was published"}            | ${"01-15"}      | ${"06-01:none"}                               | ${"10 published 03-01"}
`("$why", ({ since, bills, prices }: Record<"since" | "bills" | "prices", string>) => {
  const versions = prices.split(";").map(price);
  const paid = bills.split(" ").map((bill) => {
    const at = on(bill.replace(/:.*/, ""));
    const request = aPriceRequest({ since: on(since), from: at, segments: ["student"] });
    const [one, other] = [versions, versions.toReversed()].map((given) => resolvePrice(given, request).price);
    expect(one).toBe(other);
    return bill.replace(/:.*/, `:${one?.amountMinor ?? "none"}`);
  });
  expect(paid.join(" ")).toBe(bills);
});
