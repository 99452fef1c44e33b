import type { Decimal } from "../../../kernel/decimal.js";
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
  /** At the point of the quote. Its prices are read there: of an older subscription they may be none of the release's. */
  readonly view: CatalogView;
  /** Where plans, discounts and the market of the quote are read: what the release says. */
  readonly released: CatalogView;
  /** Whether the claims of the quote were vouched for. */
  readonly binding: boolean;
  /** Whether the caller may know of limits that hold. */
  readonly seesLimits: boolean;
}

export function presentQuote(quote: Quote, presentation: Presentation): QuoteNode {
  return new QuoteNode(quote, presentation);
}

/** A quote as GraphQL serves it. Classes, so that nothing is put together but what is asked for; what hangs on it is read then. */
export class QuoteNode {
  readonly __typename = "Quote";

  constructor(
    private readonly quote: Quote,
    private readonly presentation: Presentation,
  ) {}

  get point(): object {
    return { ...this.quote.point, view: this.presentation.view };
  }

  market(): MaybePromise<object> {
    const { markets, released } = this.presentation;
    return required(markets.byKey(released, this.quote.marketKey));
  }

  get currency(): string {
    return this.quote.currency;
  }

  get claims(): object {
    return presentClaims(this.quote, this.presentation.binding);
  }

  get lines(): readonly object[] {
    const { quote, presentation } = this;
    const lines: QuoteLineNode[] = [];
    for (const invoiced of quote.invoices[0]?.lines ?? []) {
      const line = quote.lines[invoiced.line];
      if (line) lines.push(new QuoteLineNode(line, invoiced, quote, presentation));
    }
    return lines;
  }

  get totals(): object | undefined {
    const first = this.quote.invoices[0];
    return first && new TotalsNode(first.totals, this.quote);
  }

  get timeline(): readonly object[] {
    return this.quote.invoices.map((invoice) => presentInvoice(invoice, this.quote, this.presentation));
  }

  get codes(): readonly object[] {
    return this.quote.codes.map((outcome) => presentCode(outcome, this.quote, this.presentation));
  }

  working(): object {
    return presentWorking(this.quote, this.presentation);
  }
}

function presentClaims({ claims }: Quote, binding: boolean): object {
  const { customerId, channel, segments, isNewCustomer } = claims;
  const sentence = binding
    ? "The caller vouches for what is said of the customer."
    : "What is said of the customer was not vouched for: the quote is good for showing, and cannot be redeemed. What the customer had of discounts is looked at only for callers who may know it.";
  return { binding, customerId, channel, segments, isNew: isNewCustomer, sentence };
}

function presentInvoice({ at, lines, totals }: Invoice, quote: Quote, presentation: Presentation): object {
  return { at, lines: lines.map((line) => new InvoiceLineNode(line, quote, presentation)), totals: new TotalsNode(totals, quote) };
}

/** One line of an invoice. */
class InvoiceLineNode {
  constructor(
    private readonly invoiced: InvoiceLine,
    private readonly quote: Quote,
    protected readonly presentation: Presentation,
  ) {}

  get line(): number {
    return this.invoiced.line;
  }

  get period(): number {
    return this.invoiced.period;
  }

  get priceKey(): string {
    return this.invoiced.priceKey;
  }

  get list(): Money {
    return money(this.invoiced.listMinor, this.quote);
  }

  get discounts(): readonly object[] {
    return this.invoiced.discounts.map((share) => new ShareNode(share, this.quote, this.presentation));
  }

  get amount(): Money {
    return money(this.invoiced.amountMinor, this.quote);
  }

  get tax(): object {
    const { tax, taxIncluded } = this.invoiced;
    return presentTax(tax, taxIncluded, this.quote);
  }
}

/** A line of the quote, with what its first interval costs. */
class QuoteLineNode extends InvoiceLineNode {
  constructor(
    private readonly bought: QuoteLine,
    invoiced: InvoiceLine,
    quote: Quote,
    presentation: Presentation,
  ) {
    super(invoiced, quote, presentation);
  }

  plan(): MaybePromise<object> {
    const { plans, released } = this.presentation;
    return required(plans.byKey(released, this.bought.planKey));
  }

  get quantity(): Decimal {
    return this.bought.quantity;
  }

  get interval(): string {
    return this.bought.interval;
  }

  get since(): Date | null {
    return this.bought.since;
  }

  get price(): object {
    return atView("Price", this.bought.price, this.presentation.view);
  }
}

class ShareNode {
  constructor(
    private readonly share: DiscountShare,
    private readonly quote: Quote,
    private readonly presentation: Presentation,
  ) {}

  discount(): MaybePromise<object> {
    return presentDiscount(this.share.discountKey, this.presentation);
  }

  get amount(): Money {
    return money(this.share.amountMinor, this.quote);
  }
}

function presentTax({ rate, netMinor, taxMinor, grossMinor }: TaxedAmount, included: boolean, quote: Quote): object {
  return { included, rate, net: moneyOrNull(netMinor, quote), tax: moneyOrNull(taxMinor, quote), gross: moneyOrNull(grossMinor, quote) };
}

class TotalsNode {
  constructor(
    private readonly totals: InvoiceTotals,
    private readonly quote: Quote,
  ) {}

  get list(): Money {
    return money(this.totals.listMinor, this.quote);
  }

  get discount(): Money {
    return money(this.totals.discountMinor, this.quote);
  }

  get amount(): Money {
    return money(this.totals.amountMinor, this.quote);
  }

  get net(): Money | null {
    return moneyOrNull(this.totals.netMinor, this.quote);
  }

  get tax(): Money | null {
    return moneyOrNull(this.totals.taxMinor, this.quote);
  }

  get gross(): Money | null {
    return moneyOrNull(this.totals.grossMinor, this.quote);
  }
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

export function presentDiscount(key: string, { discounts, released }: Pick<Presentation, "discounts" | "released">): MaybePromise<object> {
  return required(discounts.byKey(released, key));
}

export function money(amountMinor: bigint, { currency }: Pick<Quote, "currency">): Money {
  return { amountMinor, currency };
}

function moneyOrNull(amountMinor: bigint | null, quote: Quote): Money | null {
  return amountMinor === null ? null : money(amountMinor, quote);
}
