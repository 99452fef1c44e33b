import type { Place, ProblemList } from "../../problem.js";
import type { PriceField } from "../../shapes/price.shape.js";
import { show } from "../../source.js";
import { placeText } from "../next-catalog.js";
import { reportStillNeeded } from "../needs.js";

/** Where a staged price stands. */
export interface StagedPlace {
  /** Position among the names of the files. */
  readonly fileNumber: number;
  readonly line: number;
  /** "prices[3]" in a YAML file, nothing in a price list. */
  readonly path: string;
}

/** What only all prices together can tell. */
export type PriceFinding =
  | { readonly kind: "TWICE"; readonly key: string; readonly at: StagedPlace; readonly first: StagedPlace }
  /** `staged` is null if the other one is a price of the current release that stays. */
  | { readonly kind: "OVERLAP"; readonly key: string; readonly at: StagedPlace; readonly other: { readonly key: string; readonly staged: StagedPlace | null } }
  | { readonly kind: "ROLLOUT_MISSING"; readonly key: string; readonly at: StagedPlace; readonly why: "FOLLOWS" | "CHANGES" }
  | { readonly kind: "RETIRED_AND_NAMED"; readonly key: string; readonly at: StagedPlace }
  | { readonly kind: "MARKET_NEEDED"; readonly market: string; readonly prices: number; readonly example: string }
  /** More of a kind than are told. */
  | { readonly kind: "MORE"; readonly count: number };

export interface FindingContext {
  readonly fileNames: readonly string[];
  readonly endedMarkets: ReadonlyMap<string, Place | null>;
}

export function reportFinding(finding: PriceFinding, { fileNames, endedMarkets }: FindingContext, { report, countMore }: ProblemList): void {
  const placeOf = ({ fileNumber, line, path }: StagedPlace, field: PriceField): Place => ({
    file: fileNames[fileNumber] ?? null,
    line,
    path: path === "" ? field : `${path}.${field}`,
  });
  switch (finding.kind) {
    case "TWICE":
      return report(
        placeOf(finding.at, "from"),
        "PRICE_TWICE",
        `The price ${show(finding.key)} is given twice; the first time in ${placeText(placeOf(finding.first, "from"))}. Keep one.`,
      );
    case "OVERLAP": {
      const { key, staged } = finding.other;
      const where = staged ? placeText(placeOf(staged, "from")) : "a price of the current release";
      const message = `The price is in force at the same time as ${show(key)} (${where}), and both have one slot. End the earlier one: give it until.`;
      return report(placeOf(finding.at, "from"), "PRICE_OVERLAP", message);
    }
    case "ROLLOUT_MISSING": {
      const why = finding.why === "FOLLOWS" ? "The price follows an earlier one of its slot" : "The price is in force already, and changes";
      return report(
        placeOf(finding.at, "existing"),
        "ROLLOUT_MISSING",
        `${why}. Say what existing subscriptions pay: existing is KEEP, or the date from which they pay this.`,
      );
    }
    case "RETIRED_AND_NAMED":
      return report(placeOf(finding.at, "from"), "RETIRED_AND_NAMED", `The price ${show(finding.key)} is given, and to be retired. Remove one of the two.`);
    case "MARKET_NEEDED": {
      const place = endedMarkets.get(finding.market);
      const by = finding.prices === 1 ? `the price ${show(finding.example)}` : `${finding.prices} prices, such as ${show(finding.example)}`;
      if (place) reportStillNeeded("markets", finding.market, by, place, report);
      return;
    }
    case "MORE":
      return countMore(finding.count);
  }
}
