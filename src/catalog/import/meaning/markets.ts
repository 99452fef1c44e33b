import type { DataRow } from "../../releases/versioned-tables.js";
import type { CurrentCatalog } from "../current-catalog.js";
import type { Report } from "../problem.js";
import type { MarketFields } from "../shapes/market.shape.js";
import { show, wholeFields, type Draft, type Read, type Source } from "../source.js";
import { placeText, type CheckReference, type NextCatalog } from "./next-catalog.js";
import { translated } from "./texts.js";

export function checkMarkets(
  drafts: readonly Draft<MarketFields>[],
  current: CurrentCatalog,
  next: NextCatalog,
  check: CheckReference,
  report: Report,
): DataRow<"market">[] {
  for (const { fields, source } of drafts) {
    checkKind(fields, source, report);
    check("markets", fields.parent, source.place("parent"));
  }
  checkCountries(drafts, current, next, report);
  checkCycles(drafts, current, next, report);
  return wholeFields(drafts).map(marketRow);
}

function checkKind({ kind, country }: Read<MarketFields>, source: Source, report: Report): void {
  if (kind === undefined || country === undefined) return;
  if (kind === "GROUP" && country !== null)
    report(source.place("country"), "MARKET_KIND_UNCLEAR", `The market is a GROUP and has the country ${country}. Remove one of the two.`);
  if (kind !== "GROUP" && country === null)
    report(source.place("country"), "MARKET_KIND_UNCLEAR", "The market has no country. Give its country, or kind: GROUP.");
}

function checkCountries(drafts: readonly Draft<MarketFields>[], current: CurrentCatalog, next: NextCatalog, report: Report): void {
  const taken = new Map<string, string>();
  for (const { key, countryCode } of current.markets.values()) {
    if (countryCode !== null && next.markets.staying.has(key)) taken.set(countryCode, `the market ${show(key)} of the current release`);
  }
  for (const { fields, source } of drafts) {
    if (!fields.country) continue;
    const place = source.place("country");
    const holder = taken.get(fields.country);
    if (holder) report(place, "COUNTRY_TWICE", `The country ${fields.country} is sold to through ${holder} already. A country is one market.`);
    else taken.set(fields.country, placeText(place));
  }
}

function checkCycles(drafts: readonly Draft<MarketFields>[], current: CurrentCatalog, next: NextCatalog, report: Report): void {
  const parents = new Map<string, string | null>();
  for (const { key, parentKey } of current.markets.values()) if (next.markets.staying.has(key)) parents.set(key, parentKey);
  for (const { fields } of drafts) if (fields.key !== undefined) parents.set(fields.key, fields.parent ?? null);

  const settled = new Set<string>();
  for (const { fields } of drafts) {
    const path: string[] = [];
    for (let key = fields.key ?? null; key !== null && !settled.has(key); key = parents.get(key) ?? null) {
      const start = path.indexOf(key);
      if (start !== -1) {
        const cycle = path.slice(start);
        // The current release has no cycle, so a market of the files is in this one.
        const draft = drafts.find((other) => other.fields.key !== undefined && cycle.includes(other.fields.key));
        const text = [...cycle, key].map(show).join(" is within ");
        if (draft) report(draft.source.place("parent"), "MARKET_CYCLE", `Markets are within each other: ${text}. Give one of them another parent.`);
        break;
      }
      path.push(key);
    }
    for (const key of path) settled.add(key);
  }
}

function marketRow({ key, country, parent, currency, timeZone, name, translations, taxRate }: MarketFields): DataRow<"market"> {
  return {
    key,
    kind: country === null ? "GROUP" : "COUNTRY",
    country_code: country,
    parent_key: parent,
    currency,
    time_zone: timeZone,
    name,
    name_translations: translated(translations, "name"),
    tax_rate: taxRate?.toFixed() ?? null,
  };
}
