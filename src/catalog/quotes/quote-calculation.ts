import type { CurrencyCode } from "../../kernel/currency.js";
import { MAX_AMOUNT_MINOR } from "../../kernel/money.js";
import type { Refusal } from "../../kernel/refusal.js";
import { taxed } from "../../kernel/tax.js";
import { applyDiscounts, exactSteps, inOrderOfApplication, periodsOf, type DiscountStep, type LinedDiscount } from "../discounts/discount-application.js";
import { decideDiscounts, distinct, unitsOf, type QuoteDiscounts } from "./quote-discounts.js";
import type { QuoteCatalog, QuoteFacts } from "./quote-facts.js";
import { periodStarts, pricePeriod, type PricedPeriod } from "./quote-lines.js";
import type { QuoteItem, QuoteRequest } from "./quote-request.js";
import type { DiscountShare, Invoice, InvoiceLine, InvoiceTotals, Quote, QuoteClaims, QuoteLine, QuoteWorking } from "./quote.js";

/** What is due at one instant: lines of the quote, each in one of its billing intervals. */
interface DueTogether {
  readonly at: Date;
  readonly due: readonly PricedPeriod[];
}

/**
 * Prices a request: a pure function of the request, the catalog at one point and the facts of live data, so that the same
 * three give the same quote to the byte. All that cannot be is told at once.
 */
export function computeQuote(request: QuoteRequest, catalog: QuoteCatalog, facts: QuoteFacts): Quote | readonly Refusal[] {
  const refusals = checkPlans(request, catalog);
  if (refusals.length > 0) return refusals;
  const currency = request.currency ?? catalog.market.currency;
  const due = dueByInstant(request, currency, catalog);
  if ("refusals" in due) return due.refusals;
  // Asked before anything is taken off: what goes beyond all amounts cannot be reckoned with.
  if (due.instants.some(({ due: lines }) => listOf(lines) > MAX_AMOUNT_MINOR)) return beyondAmounts("An invoice");
  const firsts = due.instants[0]?.due ?? [];
  const decided = decideDiscounts(request, firsts, currency, catalog, facts);
  const invoices: Invoice[] = [];
  let steps: readonly DiscountStep[] | null = null;
  for (const { at, due: lines } of due.instants) {
    const reckoned = reckonInvoice(at, lines, decided.chosen, request, currency, catalog);
    if (reckoned.invoice === null) return beyondAmounts("An invoice");
    invoices.push(reckoned.invoice);
    steps ??= reckoned.steps;
  }
  if (decided.grants.some(({ amountMinor }) => amountMinor > MAX_AMOUNT_MINOR)) return beyondAmounts("What a discount takes off in all");
  return new ReckonedQuote(request, catalog, currency, invoices, firsts, decided, steps ?? []);
}

/** A class, because an object literal with a getter takes long to make. */
class ReckonedQuote implements Quote {
  readonly point: Quote["point"];
  readonly marketKey: string;
  readonly claims: QuoteClaims;
  readonly lines: readonly QuoteLine[];
  readonly codes: Quote["codes"];
  readonly grants: Quote["grants"];
  private written: QuoteWorking | null = null;

  constructor(
    { items, customerId, channel, segments, isNewCustomer }: QuoteRequest,
    private readonly catalog: QuoteCatalog,
    readonly currency: CurrencyCode,
    readonly invoices: readonly Invoice[],
    private readonly firsts: readonly PricedPeriod[],
    private readonly decided: QuoteDiscounts,
    private readonly firstSteps: readonly DiscountStep[],
  ) {
    this.point = catalog.point;
    this.marketKey = catalog.market.key;
    this.claims = { customerId, channel, segments: distinct(segments), isNewCustomer };
    this.lines = linesOf(items, firsts);
    this.codes = decided.codes;
    this.grants = decided.grants;
  }

  /** Written when it is asked for: most who want a quote want its amounts. */
  get working(): QuoteWorking {
    const { catalog, decided, currency } = this;
    return (this.written ??= {
      policy: catalog.policy,
      triedAll: decided.triedAll,
      taxRate: catalog.market.taxRate,
      prices: this.firsts.map(({ resolution, amount, listMinor }) => ({
        candidates: resolution.candidates.map(({ price, outcome }) => ({ key: price.key, outcome })),
        steps: amount.steps,
        exact: amount.exact,
        listMinor,
      })),
      discounts: decided.explain(),
      steps: exactSteps(this.firstSteps, decided.chosen, currency),
    });
  }

  toJSON(): Quote {
    const { point, marketKey, currency, claims, lines, invoices, codes, grants, working } = this;
    return { point, marketKey, currency, claims, lines, invoices, codes, grants, working };
  }
}

function linesOf(items: readonly QuoteItem[], firsts: readonly PricedPeriod[]): QuoteLine[] {
  const lines: QuoteLine[] = [];
  for (const [line, { planKey, quantity, interval, since }] of items.entries()) {
    const first = firsts[line];
    if (first) lines.push({ planKey, quantity, interval, since, price: first.price });
  }
  return lines;
}

function listOf(due: readonly PricedPeriod[]): bigint {
  let total = 0n;
  for (const { listMinor } of due) total += listMinor;
  return total;
}

function beyondAmounts(what: string): Refusal[] {
  return [{ code: "AMOUNT_OUT_OF_RANGE", message: `${what} is beyond what an amount may be, ${MAX_AMOUNT_MINOR} minor units.`, path: ["input", "items"] }];
}

function checkPlans({ items, isNewCustomer }: QuoteRequest, { plans, addOnOf }: QuoteCatalog): Refusal[] {
  const refusals: Refusal[] = [];
  const byProduct = new Map<string, string>();
  for (const [index, { planKey }] of items.entries()) {
    const plan = plans.get(planKey);
    if (!plan) {
      refusals.push({ code: "UNKNOWN_PLAN", message: `There is no plan ${JSON.stringify(planKey)} at this catalog point.`, path: planPath(index) });
    } else if (plan.kind === "BASE") {
      const other = byProduct.get(plan.productKey);
      byProduct.set(plan.productKey, planKey);
      if (other === undefined) continue;
      const which = other === planKey ? `${planKey} is here at two intervals` : `${other} and ${planKey} are plans of one product`;
      refusals.push({ code: "PRODUCT_TWICE", message: `${which}: a customer holds one plan of a product.`, path: planPath(index) });
    } else if (isNewCustomer === true) {
      // Who has a subscription may have the plan that the add-on goes on top of; who is new has what is in the quote.
      const bases = addOnOf.get(planKey) ?? new Set();
      if (items.some((item) => bases.has(item.planKey))) continue;
      const message = `${planKey} is an add-on and goes on top of ${[...bases].sort().join(" or ") || "no plan of this catalog"}. A new customer needs one of them in the same quote.`;
      refusals.push({ code: "ADD_ON_WITHOUT_PLAN", message, path: planPath(index) });
    }
  }
  return refusals;
}

function planPath(index: number): string[] {
  return ["input", "items", String(index), "plan"];
}

/** Everything that is due, invoice by invoice: the first `periods` instants at which something is. */
function dueByInstant(request: QuoteRequest, currency: CurrencyCode, catalog: QuoteCatalog): { instants: readonly DueTogether[] } | { refusals: Refusal[] } {
  const rhythms = new Map<string, Date[]>();
  const starts = request.items.map((item) => {
    // Most items of a quote begin together, and finding out about time zones is dear.
    const rhythm = `${item.interval} ${item.since?.getTime() ?? ""}`;
    const known = rhythms.get(rhythm) ?? periodStarts(item, catalog, request.periods);
    rhythms.set(rhythm, known);
    return known;
  });
  const firsts: (PricedPeriod | undefined)[] = [];
  const instants = firstInstants(starts, request.periods);
  const refusals: Refusal[] = [];
  const invoices = instants.map((time): DueTogether => {
    const at = new Date(time);
    const due: PricedPeriod[] = [];
    for (const [line, item] of request.items.entries()) {
      const index = (starts[line] ?? []).findIndex((start) => start.getTime() === time);
      // What could not be priced once is told once.
      if (index === -1 || refusals.some(({ path }) => path[2] === String(line))) continue;
      const first = firsts[line];
      if (first && !changesLater(item.planKey, catalog)) {
        due.push(first.inPeriod(at, index + 1));
        continue;
      }
      const priced = pricePeriod(item, line, { at, period: index + 1 }, request, currency, catalog);
      if ("code" in priced) {
        refusals.push(priced);
      } else {
        firsts[line] ??= priced;
        due.push(priced);
      }
    }
    return { at, due };
  });
  return refusals.length > 0 ? { refusals } : { instants: invoices };
}

/** Each once, in order, and no more than so many. */
function firstInstants(starts: readonly (readonly Date[])[], count: number): number[] {
  const instants = new Set<number>();
  for (const line of starts) for (const start of line) instants.add(start.getTime());
  return [...instants].sort((a, b) => a - b).slice(0, count);
}

/** Whether a change can still reach a subscription to a plan after the quote's instant: else its first price is that of all intervals. */
function changesLater(planKey: string, { prices, point, seenUntil }: QuoteCatalog): boolean {
  if (seenUntil !== null) return false;
  for (const { existingFrom, knownFrom } of prices.get(planKey) ?? [])
    if (existingFrom !== null && (existingFrom > point.time || (knownFrom !== null && knownFrom > point.time))) return true;
  return false;
}

function reckonInvoice(
  at: Date,
  due: readonly PricedPeriod[],
  chosen: readonly LinedDiscount[],
  { items }: QuoteRequest,
  currency: CurrencyCode,
  { market, policy }: QuoteCatalog,
): { invoice: Invoice | null; steps: readonly DiscountStep[] } {
  const holding: LinedDiscount[] = [];
  for (const { discount, lines } of inOrderOfApplication(chosen, policy)) {
    const positions = positionsOf(lines, periodsOf(discount), due);
    if (positions.length > 0) holding.push({ discount, lines: positions });
  }
  const { amounts, steps } = applyDiscounts(
    due.map(({ listMinor }) => listMinor),
    holding,
    currency,
    due.map(({ price, line }) => unitsOf(price, items[line])),
  );
  const lines = due.map(({ line, period, price, listMinor }, position): InvoiceLine => {
    const amountMinor = amounts[position] ?? listMinor;
    return {
      line,
      period,
      priceKey: price.key,
      listMinor,
      discounts: sharesOf(position, steps),
      amountMinor,
      taxIncluded: price.taxIncluded,
      tax: taxed(amountMinor, { currency, included: price.taxIncluded, rate: market.taxRate }),
    };
  });
  const totals = totalsOf(lines);
  return { invoice: (totals.grossMinor ?? 0n) <= MAX_AMOUNT_MINOR ? { at, lines, totals } : null, steps };
}

/** Where on an invoice the lines are, in their order, as far as they are in one of the first periods. */
function positionsOf(lines: readonly number[], periods: number, due: readonly PricedPeriod[]): number[] {
  const positions: number[] = [];
  for (const of of lines) {
    const position = due.findIndex(({ line, period }) => line === of && period <= periods);
    if (position !== -1) positions.push(position);
  }
  return positions;
}

function sharesOf(position: number, steps: readonly DiscountStep[]): DiscountShare[] {
  const taken: DiscountShare[] = [];
  for (const { discountKey, shares } of steps) {
    const amountMinor = shares[position] ?? 0n;
    if (amountMinor > 0n) taken.push({ discountKey, amountMinor });
  }
  return taken;
}

function totalsOf(lines: readonly InvoiceLine[]): InvoiceTotals {
  let [listMinor, amountMinor] = [0n, 0n];
  let [netMinor, taxMinor, grossMinor]: [bigint | null, bigint | null, bigint | null] = [0n, 0n, 0n];
  for (const line of lines) {
    listMinor += line.listMinor;
    amountMinor += line.amountMinor;
    netMinor = plus(netMinor, line.tax.netMinor);
    taxMinor = plus(taxMinor, line.tax.taxMinor);
    grossMinor = plus(grossMinor, line.tax.grossMinor);
  }
  return { listMinor, amountMinor, discountMinor: listMinor - amountMinor, netMinor, taxMinor, grossMinor };
}

/** Null with anything that is not known. */
function plus(one: bigint | null, other: bigint | null): bigint | null {
  return one === null || other === null ? null : one + other;
}
