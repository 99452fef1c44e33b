import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import { formatMajor } from "../../kernel/money.js";
import type { ExactDiscountStep } from "../discounts/discount-application.js";
import type { Verdict } from "../discounts/discount-choice.js";
import { withoutLimits, type Predicate, type PredicateResult } from "../discounts/discount-eligibility.js";
import { PERIODS_COUNTED } from "../discounts/discount-runs.js";
import type { DiscountPolicy } from "../discounts/discount-policy.js";
import type { AmountStep } from "../prices/price-amount.js";
import type { PriceOutcome } from "../prices/price-resolution.js";
import type { CodeOutcome } from "./quote.js";

/** The working in words, for people who must explain it to other people. The codes beside them are for programs. */

const PRICE_SENTENCES: Readonly<Record<PriceOutcome, string>> = {
  WON: "This price applies.",
  OTHER_CURRENCY: "It is in another currency.",
  OTHER_INTERVAL: "It is charged at another interval.",
  OTHER_MARKET: "It is for a market that this one is not in.",
  OTHER_CHANNEL: "It is for another sales channel.",
  OTHER_SEGMENT: "It is for customers of another segment.",
  NOT_YET_IN_FORCE: "It is not in force yet.",
  NO_LONGER_IN_FORCE: "It is no longer offered to new subscriptions.",
  NOT_FOR_EXISTING: "It has not reached a subscription that began then.",
  MARKET_LESS_SPECIFIC: "A price of a more specific market goes before it.",
  SEGMENT_LESS_SPECIFIC: "A price for the customer's segment goes before one for everyone.",
  CHANNEL_LESS_SPECIFIC: "A price for the sales channel goes before one for all of them.",
  OLDER: "A newer price goes before it.",
  DEARER: "A price for another of the customer's segments costs less.",
};

export function priceSentence(outcome: PriceOutcome): string {
  return PRICE_SENTENCES[outcome];
}

export function amountSentence(step: AmountStep, currency: CurrencyCode): string {
  const amount = `${step.amount.toFixed()} ${currency}`;
  switch (step.step) {
    case "FIXED":
      return `The interval itself costs ${amount}.`;
    case "FREE_UNITS":
      return `${step.units.toFixed()} units are free.`;
    case "UNITS":
      return `${step.units.toFixed()} units at ${step.rate.toFixed()} cost ${amount}.`;
    case "PACKAGES":
      return `${step.packages.toFixed()} packages at ${step.rate.toFixed()}, begun ones in full, cost ${amount}.`;
    case "TIER_UNITS":
      return `${step.units.toFixed()} units in tier ${step.tier} at ${step.rate.toFixed()} cost ${amount}.`;
    case "TIER_FLAT_FEE":
      return `Reaching tier ${step.tier} costs ${amount}.`;
    case "MINIMUM":
      return `An interval costs at least ${step.bound.toFixed()} ${currency}: ${amount} is added.`;
    case "MAXIMUM":
      return `An interval costs at most ${step.bound.toFixed()} ${currency}: ${step.amount.negated().toFixed()} ${currency} is taken off.`;
  }
}

export function roundingSentence(exact: Decimal, amountMinor: bigint, currency: CurrencyCode): string {
  const rounded = formatMajor({ amountMinor, currency });
  return exact.eq(rounded) ? `${exact.toFixed()} is exact in ${currency}.` : `${exact.toFixed()} is rounded once, half to even: ${rounded} ${currency}.`;
}

const PREDICATE_WORDS: Readonly<Record<Predicate, string>> = {
  IN_FORCE: "It is offered",
  MARKET: "The market must be in",
  CHANNEL: "The sales channel must be",
  SEGMENT: "The customer must be of the segment",
  NEW_CUSTOMER: "It is for",
  CURRENCY: "It is offered in",
  BUDGET_CURRENCY: "Its budget is in",
  TOTAL_LIMIT: "Of all that it is granted there must be",
  CUSTOMER_LIMIT: "Of what one customer gets there must be",
  BUDGET: "Of its budget there must be",
  PLAN: "The plan must be",
  INTERVAL: "The interval must be",
  QUANTITY: "The quantity must be",
};

export function predicateSentence({ predicate, required, actual, held }: Pick<PredicateResult, "predicate" | "required" | "actual" | "held">): string {
  return `${PREDICATE_WORDS[predicate]} ${required}; it is ${actual}: ${held ? "this holds" : "this does not hold"}.`;
}

export function verdictSentence(verdict: Verdict | null): string {
  if (verdict === null) return "It does not apply: see the conditions that do not hold.";
  const by = verdict.by ?? "others";
  switch (verdict.outcome) {
    case "CHOSEN":
      return "It applies and comes off.";
    case "NO_EFFECT":
      return "It applies, but would take nothing off, so it is not used up.";
    case "GROUP_TAKEN":
      return `It applies, but ${by} has a higher priority in the same stacking group.`;
    case "EXCLUDED":
      return `It applies, but ${by} comes off and goes with no other.`;
    case "NOT_ALONE":
      return `It applies, but goes with no other, and ${by} has a higher priority.`;
    case "SAVES_LESS":
      return `It applies, but ${by} instead of it ${verdict.by === null ? "save" : "saves"} the customer as much or more.`;
  }
}

export function stepSentence({ discountKey, baseMinor, exact, offMinor }: ExactDiscountStep, currency: CurrencyCode): string {
  const [base, off] = [baseMinor, offMinor].map((amountMinor) => `${formatMajor({ amountMinor, currency })} ${currency}`);
  const isCut = exact.gt(formatMajor({ amountMinor: baseMinor, currency }));
  return `${discountKey} takes ${off} off ${base}${isCut ? `, of the ${exact.toFixed()} that it gives` : ""}.`;
}

/** @param predicates what was found of the discount's conditions. */
export function codeSentence({ code, outcome, discountKey }: CodeOutcome, predicates: readonly PredicateResult[]): string {
  const shown = JSON.stringify(code);
  const failed = withoutLimits(predicates).filter(({ held }) => !held);
  switch (outcome) {
    case "APPLIED":
      return `The code ${shown} claims ${discountKey}.`;
    case "UNKNOWN":
      return `There is no code ${shown}.`;
    case "EXPIRED":
      return `The code ${shown} has expired.`;
    case "REVOKED":
      return `The code ${shown} was withdrawn.`;
    case "USED":
      return `The code ${shown} can be used once, and was.`;
    case "CLAIMS_THE_SAME":
      return `The code ${shown} claims ${discountKey}, as another code of this quote does. One is enough.`;
    case "NOT_APPLICABLE":
      return `The code ${shown} claims ${discountKey}, which does not apply here. ${failed.map(predicateSentence).join(" ")}`.trim();
    case "NOT_CHOSEN":
      return `The code ${shown} claims ${discountKey}, which does not go together with the discounts that come off.`;
    case "NO_EFFECT":
      return `The code ${shown} claims ${discountKey}, which would take nothing off.`;
  }
}

export function policySentences({ choice, application }: DiscountPolicy, triedAll: boolean): string[] {
  return [
    choice === "IN_PRIORITY_ORDER"
      ? "Of discounts that do not go together the one of the highest priority is taken."
      : `Of discounts that do not go together those are taken that leave the customer paying least over ${PERIODS_COUNTED} intervals${triedAll ? "" : ", looked for step by step, because there are too many combinations to try them all"}.`,
    `Free intervals and fixed prices come first, then ${application === "PERCENT_FIRST" ? "percents, then amounts" : "amounts, then percents"}; each takes from what the one before has left, and nothing falls below zero.`,
    "What comes off several lines is split by largest remainder, so that the parts sum to the whole.",
    "A line is rounded once, half to even; so is a percent, and so is a tax.",
  ];
}
