import type { CurrencyCode } from "../../../kernel/currency.js";
import { allOf } from "../../../kernel/maybe-promise.js";
import type { Decimal } from "../../../kernel/decimal.js";
import { roundToMoney } from "../../../kernel/money.js";
import { withinReach, withoutLimits } from "../../discounts/discount-eligibility.js";
import type { DiscountLoader } from "../../discounts/graphql/discount.loader.js";
import type { AmountStep } from "../../prices/price-amount.js";
import type { PlanLoader } from "../../plans/graphql/plan.loader.js";
import { atView, required, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { ALL_IN_REACH } from "../../releases/reach.js";
import type { PriceExplanation } from "../price-explanation.js";
import { amountSentence, policySentences, predicateSentence, priceSentence, roundingSentence, stepSentence, verdictSentence } from "../quote-sentences.js";
import type { DiscountWorking, PriceCandidateWorking, Quote } from "../quote.js";

/** What presenting the working takes beside it. */
interface WorkingPresentation {
  readonly plans: PlanLoader;
  readonly discounts: DiscountLoader;
  readonly view: CatalogView;
  readonly seesLimits: boolean;
}

/** The working of a quote as GraphQL serves it. */
export function presentWorking(quote: Quote, presentation: WorkingPresentation): object {
  const { working, currency, lines } = quote;
  const { plans, discounts, view } = presentation;
  return {
    policies: policySentences(working.policy, working.triedAll),
    prices: working.prices.map(({ candidates, steps }, index) => ({
      plan: () => required(plans.byKey(view, lines[index]?.planKey ?? "")),
      candidates: candidates.map(presentCandidate),
      steps: steps.map((step) => presentAmountStep(step, currency)),
    })),
    discounts: () => presentAllConsidered(working.discounts, presentation),
    steps: working.steps.map((step) => ({
      discount: () => required(discounts.byKey(view, step.discountKey)),
      base: { amountMinor: step.baseMinor, currency },
      off: { amountMinor: step.offMinor, currency },
      shares: step.shares.map((amountMinor) => ({ amountMinor, currency })),
      sentence: stepSentence(step, currency),
    })),
    roundings: () => roundingsOf(quote),
  };
}

export function presentExplanation(planKey: string, { currency, resolution, priced }: PriceExplanation, plans: PlanLoader, view: CatalogView): object {
  return {
    __typename: "PriceExplanation",
    plan: () => required(plans.byKey(view, planKey)),
    price: priced && atView("Price", priced.price, view),
    amount: priced && { amountMinor: priced.listMinor, currency },
    candidates: resolution.candidates.map(({ price, outcome }) => presentCandidate({ key: price.key, outcome })),
    steps: priced?.amount.steps.map((step) => presentAmountStep(step, currency)) ?? [],
    rounding: priced && presentRounding(planKey, priced.amount.exact, priced.listMinor, currency),
  };
}

function presentCandidate({ key, outcome }: PriceCandidateWorking): object {
  return { key, outcome, sentence: priceSentence(outcome) };
}

function presentAmountStep(step: AmountStep, currency: CurrencyCode): object {
  return { step: step.step, amount: step.amount, sentence: amountSentence(step, currency) };
}

/** A stored quote may have considered what is not there for this caller, if its maker reached more. */
async function presentAllConsidered(considered: readonly DiscountWorking[], presentation: WorkingPresentation): Promise<object[]> {
  const { discounts, view } = presentation;
  const found = view.reach === ALL_IN_REACH ? considered : await allOf(considered, ({ discountKey }) => discounts.byKey(view, discountKey));
  return considered.filter((_one, index) => found[index] !== null).map((one) => presentConsidered(one, presentation));
}

function presentConsidered({ discountKey, code, predicates, verdict }: DiscountWorking, { discounts, view, seesLimits }: WorkingPresentation): object {
  return {
    discount: () => required(discounts.byKey(view, discountKey)),
    code,
    outcome: verdict?.outcome ?? "NOT_APPLICABLE",
    predicates: withinReach(seesLimits ? predicates : withoutLimits(predicates), view.reach).map((predicate) => ({
      ...predicate,
      sentence: predicateSentence(predicate),
    })),
    sentence: verdictSentence(verdict),
  };
}

function roundingsOf({ working, currency, lines, invoices }: Quote): object[] {
  const names = lines.map(({ planKey }) => planKey);
  return [
    ...working.prices.map(({ exact, listMinor }, index) => presentRounding(names[index] ?? "", exact, listMinor, currency)),
    ...working.steps.flatMap(({ discountKey, exact, offMinor }) =>
      isCut(exact, offMinor, currency) ? [] : [presentRounding(discountKey, exact, offMinor, currency)],
    ),
    ...(invoices[0]?.lines ?? []).flatMap(({ line, tax: { exactTax, taxMinor } }) =>
      exactTax === null || taxMinor === null ? [] : [presentRounding(`tax of ${names[line] ?? ""}`, exactTax, taxMinor, currency)],
    ),
  ];
}

function presentRounding(of: string, exact: Decimal, roundedMinor: bigint, currency: CurrencyCode): object {
  return {
    of,
    exact: exact.toDecimalPlaces(40),
    rounded: { amountMinor: roundedMinor, currency },
    sentence: roundingSentence(exact.toDecimalPlaces(40), roundedMinor, currency),
  };
}

/** An amount that gives more than there is to take off is cut, not rounded. */
function isCut(exact: Decimal, offMinor: bigint, currency: CurrencyCode): boolean {
  return roundToMoney(exact, currency).amountMinor !== offMinor;
}
