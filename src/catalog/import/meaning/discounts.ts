import { canonicalCode } from "../../discounts/discount.js";
import type { DataRow } from "../../releases/versioned-tables.js";
import type { CurrentCatalog } from "../current-catalog.js";
import type { Report } from "../problem.js";
import type { DiscountFields } from "../shapes/discount.shape.js";
import { isWhole, show, type Draft } from "../source.js";
import { discountRow, type DecidedDuration } from "./discount-row.js";
import { placeText, type CheckReference, type NextCatalog } from "./next-catalog.js";

export interface DiscountRows {
  readonly discount: DataRow<"discount">[];
  readonly discount_plan: DataRow<"discount_plan">[];
  readonly discount_market: DataRow<"discount_market">[];
  readonly code: DataRow<"code">[];
}

export function checkDiscounts(
  drafts: readonly Draft<DiscountFields>[],
  current: CurrentCatalog,
  next: NextCatalog,
  check: CheckReference,
  report: Report,
): DiscountRows {
  checkCodes(drafts, current, next, report);
  const rows: DiscountRows = { discount: [], discount_plan: [], discount_market: [], code: [] };
  for (const draft of drafts) {
    const { fields, source } = draft;
    for (const [index, plan] of (fields.when?.plans ?? []).entries()) check("plans", plan, source.place("when", "plans", index));
    for (const [index, market] of (fields.when?.markets ?? []).entries()) check("markets", market, source.place("when", "markets", index));
    checkPeriod(draft, report);
    checkActivation(draft, report);
    const duration = decideDuration(draft, report);
    if (!isWhole<DiscountFields>(fields) || duration === null) continue;
    const { key } = fields;
    rows.discount.push(discountRow(fields, duration));
    rows.discount_plan.push(...fields.when.plans.map((plan) => ({ key: `${key}/${plan}`, discount_key: key, plan_key: plan })));
    rows.discount_market.push(...fields.when.markets.map((market) => ({ key: `${key}/${market}`, discount_key: key, market_key: market })));
    rows.code.push(...fields.codes.map((word) => ({ key: canonicalCode(word), word, discount_key: key })));
  }
  return rows;
}

/** A word claims one discount, in whatever case and with whatever hyphens it is typed. */
function checkCodes(drafts: readonly Draft<DiscountFields>[], current: CurrentCatalog, next: NextCatalog, report: Report): void {
  const holders = new Map<string, string>();
  for (const { key, discountKey } of current.codes) {
    if (next.discounts.staying.has(discountKey)) holders.set(key, `the discount ${show(discountKey)} of the current release`);
  }
  for (const { fields, source } of drafts) {
    for (const [index, word] of (fields.codes ?? []).entries()) {
      const place = source.place("codes", index);
      const canonical = canonicalCode(word);
      const holder = holders.get(canonical);
      if (holder)
        report(place, "CODE_TWICE", `The code ${show(word)} is ${canonical} without case and hyphens, which claims ${holder} already. Choose another word.`);
      else holders.set(canonical, fields.key === undefined ? placeText(place) : `the discount ${show(fields.key)} (${placeText(place)})`);
    }
  }
}

function checkPeriod({ fields: { from, until }, source }: Draft<DiscountFields>, report: Report): void {
  if (from && until && until.getTime() <= from.getTime())
    report(
      source.place("until"),
      "PERIOD_EMPTY",
      "until is not later than from, so the discount is never in force. It is the first instant no longer covered.",
    );
}

function checkActivation({ fields: { activation, codes, secretCodes }, source }: Draft<DiscountFields>, report: Report): void {
  if (activation === "AUTOMATIC" && codes && codes.length > 0)
    report(source.place("codes"), "FIELD_NOT_ALLOWED", "The discount is AUTOMATIC, so nobody needs a code. Remove the codes, or give activation: CODE.");
  if (activation === "AUTOMATIC" && secretCodes)
    report(
      source.place("secretCodes"),
      "FIELD_NOT_ALLOWED",
      "The discount is AUTOMATIC and has no codes to keep secret. Remove secretCodes, or give activation: CODE.",
    );
  if (activation === "CODE" && codes?.length === 0)
    report(
      source.place("codes"),
      "FIELD_MISSING",
      "The discount is claimed by CODE and has none, so nobody can claim it. Give codes, or activation: AUTOMATIC.",
    );
}

/** How long the benefit lasts; null if that is broken. Free periods say it themselves. */
function decideDuration({ fields: { benefit, duration }, source }: Draft<DiscountFields>, report: Report): DecidedDuration | null {
  if (benefit === undefined || duration === undefined) return null;
  if (benefit.kind === "FREE_PERIODS") {
    if (duration !== null) report(source.place("duration"), "FIELD_NOT_ALLOWED", "freePeriods says how long the benefit lasts. Remove the duration.");
    return { duration: "REPEATING", periods: benefit.periods };
  }
  if (duration === null) {
    report(source.place("duration"), "FIELD_MISSING", "The discount does not say how long its benefit lasts. Give duration: ONCE, FOREVER or { periods: 3 }.");
    return null;
  }
  return typeof duration === "string" ? { duration, periods: null } : { duration: "REPEATING", periods: duration.periods };
}
