import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Money } from "../../../kernel/money.js";
import type { TaxedAmount } from "../../../kernel/tax.js";
import type { DiscountLoader } from "../../discounts/graphql/discount.loader.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import type { PlanLoader } from "../../plans/graphql/plan.loader.js";
import { atView, required, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { codeSentence } from "../quote-sentences.js";
import type { CodeOutcome, DiscountShare, Invoice, InvoiceLine, InvoiceTotals, Quote, QuoteLine } from "../quote.js";
import { presentWorking } from "./quote-working.node.js";

/** What hangs on a quote is read through these. */
export interface QuoteLoaders {
  readonly markets: MarketLoader;
  readonly plans: PlanLoader;
  readonly discounts: DiscountLoader;
}

/** What presenting a quote takes beside the quote. */
export interface Presentation extends QuoteLoaders {
  /** Where plans, discounts and the market of the quote are read. */
  readonly view: CatalogView;
  /** Whether the claims of the quote were vouched for. */
  readonly binding: boolean;
  /** Whether the caller may know of limits that hold. */
  readonly seesLimits: boolean;
}

/** A quote as GraphQL serves it; what hangs on it is read when it is asked for. */
export interface QuoteNode {
  readonly __typename: "Quote";
}

export function presentQuote(quote: Quote, presentation: Presentation): QuoteNode {
  const { markets, view } = presentation;
  const first = quote.invoices[0];
  const node = {
    __typename: "Quote" as const,
    point: { ...quote.point, view },
    market: () => required(markets.byKey(view, quote.marketKey)),
    currency: quote.currency,
    claims: presentClaims(quote, presentation.binding),
    lines: () => quote.lines.map((line, index) => presentLine(line, first?.lines[index], quote, presentation)),
    totals: first && presentTotals(first.totals, quote),
    timeline: () => quote.invoices.map((invoice) => presentInvoice(invoice, quote, presentation)),
    codes: () => quote.codes.map((outcome) => presentCode(outcome, quote, presentation)),
    working: () => presentWorking(quote, presentation),
  };
  return node;
}

function presentClaims({ claims }: Quote, binding: boolean): object {
  const { customerId, channel, segments, isNewCustomer } = claims;
  const sentence = binding
    ? "The caller vouches for what is said of the customer."
    : "What is said of the customer was not vouched for: the quote is good for showing, and cannot be redeemed. What the customer had of discounts is looked at only for callers who may know it.";
  return { binding, customerId, channel, segments, isNew: isNewCustomer, sentence };
}

function presentLine(
  { planKey, quantity, interval, since, price }: QuoteLine,
  invoiced: InvoiceLine | undefined,
  quote: Quote,
  presentation: Presentation,
): object {
  const { plans, view } = presentation;
  return {
    plan: () => required(plans.byKey(view, planKey)),
    ...{ quantity, interval, since },
    price: atView("Price", price, view),
    ...(invoiced && presentAmounts(invoiced, quote, presentation)),
  };
}

function presentInvoice({ at, lines, totals }: Invoice, quote: Quote, presentation: Presentation): object {
  return {
    at,
    lines: lines.map((line) => ({ line: line.line, period: line.period, priceKey: line.priceKey, ...presentAmounts(line, quote, presentation) })),
    totals: presentTotals(totals, quote),
  };
}

function presentAmounts({ listMinor, discounts, amountMinor, tax, taxIncluded }: InvoiceLine, quote: Quote, presentation: Presentation): object {
  return {
    list: money(listMinor, quote),
    discounts: discounts.map(({ discountKey, amountMinor: share }: DiscountShare) => ({
      discount: () => presentDiscount(discountKey, presentation),
      amount: money(share, quote),
    })),
    amount: money(amountMinor, quote),
    tax: presentTax(tax, taxIncluded, quote),
  };
}

function presentTax({ rate, netMinor, taxMinor, grossMinor }: TaxedAmount, included: boolean, quote: Quote): object {
  return { included, rate, net: moneyOrNull(netMinor, quote), tax: moneyOrNull(taxMinor, quote), gross: moneyOrNull(grossMinor, quote) };
}

function presentTotals(totals: InvoiceTotals, quote: Quote): object {
  return {
    list: money(totals.listMinor, quote),
    discount: money(totals.discountMinor, quote),
    amount: money(totals.amountMinor, quote),
    net: moneyOrNull(totals.netMinor, quote),
    tax: moneyOrNull(totals.taxMinor, quote),
    gross: moneyOrNull(totals.grossMinor, quote),
  };
}

function presentCode(outcome: CodeOutcome, { working }: Quote, presentation: Presentation): object {
  const { code, discountKey } = outcome;
  const considered = working.discounts.find((discount) => discount.discountKey === discountKey);
  return {
    ...{ code, outcome: outcome.outcome },
    discount: discountKey === null ? null : () => presentDiscount(discountKey, presentation),
    sentence: codeSentence(outcome, considered?.predicates ?? []),
  };
}

export function presentDiscount(key: string, { discounts, view }: Presentation): MaybePromise<object> {
  return required(discounts.byKey(view, key));
}

export function money(amountMinor: bigint, { currency }: Pick<Quote, "currency">): Money {
  return { amountMinor, currency };
}

function moneyOrNull(amountMinor: bigint | null, quote: Quote): Money | null {
  return amountMinor === null ? null : money(amountMinor, quote);
}
