import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import { byPriority, ONE_UNIT, type LinedDiscount } from "../discounts/discount-application.js";
import { chooseDiscounts, type DiscountChoiceResult } from "../discounts/discount-choice.js";
import { checkEligibility, inWords, type Cart, type Exhaustion } from "../discounts/discount-eligibility.js";
import type { RecurringAmounts } from "../discounts/discount-runs.js";
import type { QuoteCatalog, QuoteFacts } from "./quote-facts.js";
import type { PricedPeriod } from "./quote-lines.js";
import type { QuoteItem, QuoteRequest } from "./quote-request.js";
import type { CodeOutcome, DiscountWorking } from "./quote.js";
import type { QuoteGrant } from "./stored-quote.js";

export interface QuoteDiscounts {
  readonly chosen: readonly LinedDiscount[];
  readonly grants: readonly QuoteGrant[];
  readonly codes: readonly CodeOutcome[];
  /** In words, which most do not ask for. */
  explain(): readonly DiscountWorking[];
  readonly triedAll: boolean;
}

/** Which discounts come off, decided once: on the first interval of every line, with what is known of the customer now. */
export function decideDiscounts(
  request: QuoteRequest,
  firsts: readonly PricedPeriod[],
  currency: CurrencyCode,
  catalog: QuoteCatalog,
  facts: QuoteFacts,
): QuoteDiscounts {
  const cart: Cart = {
    currency,
    marketPath: catalog.market.path,
    channel: request.channel,
    segments: distinct(request.segments),
    isNewCustomer: request.isNewCustomer,
    at: catalog.point.time,
    lines: request.items,
  };
  const recurring: RecurringAmounts = {
    amounts: firsts.map(({ listMinor }) => listMinor),
    units: firsts.map(({ price }, line) => unitsOf(price, request.items[line])),
    cadences: request.items.map(({ interval, since }) => (interval === "ONCE" ? null : `${interval} ${since?.getTime() ?? ""}`)),
    currency,
  };
  const claims = codesByDiscount(facts);
  // A code that has expired, or was withdrawn, names its discount without claiming it.
  const open = catalog.discounts.filter(({ key, activation }) => activation === "AUTOMATIC" || claims.has(key));
  const order = canonicalOrder(request);
  const considered = open.sort(byPriority).map((discount) => {
    const { predicates, lines } = checkEligibility(discount, cart, exhaustedOf(discount.key, facts));
    return { discount, predicates, lines: order.filter((line) => lines.includes(line)) };
  });
  const choice = chooseDiscounts(
    considered.filter(({ lines }) => lines.length > 0),
    recurring,
    catalog.policy,
  );
  return {
    chosen: choice.chosen,
    triedAll: choice.triedAll,
    grants: choice.chosen.map(({ discount }): QuoteGrant => {
      const fact = facts.codes[claims.get(discount.key) ?? -1];
      const code = fact ? { shown: fact.shown, uniqueCodeId: fact.uniqueCodeId } : null;
      return { discountKey: discount.key, code, amountMinor: choice.worth.get(discount.key)?.grantedMinor ?? 0n, currency };
    }),
    codes: request.codes.map((code, index) => outcomeOf(code, index, facts, claims, choice)),
    explain() {
      return considered.map(({ discount, predicates, lines }) => ({
        discountKey: discount.key,
        code: request.codes[claims.get(discount.key) ?? -1] ?? null,
        predicates: predicates.map((finding) => inWords(finding, discount, cart)),
        lines,
        verdict: choice.verdicts.get(discount.key) ?? null,
      }));
    },
  };
}

/** Each once, in one order. */
export function distinct(keys: readonly string[]): readonly string[] {
  return keys.length < 2 ? keys : [...new Set(keys)].sort();
}

/** How often a fixed price is due for an item: once where the price is one amount, else once a unit. */
export function unitsOf({ model }: Pick<PricedPeriod["price"], "model">, item: QuoteItem | undefined): Decimal {
  return model === "FLAT" ? ONE_UNIT : (item?.quantity ?? ONE_UNIT);
}

/** A cent left over goes to the first line, so lines are ordered by what they are, not by how they were given. */
function canonicalOrder({ items }: QuoteRequest): readonly number[] {
  const named = items.map(({ planKey, interval }, line) => ({ name: `${planKey} ${interval}`, line }));
  return named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))).map(({ line }) => line);
}

/** For each discount that codes claim, the first of them: by their canonical spelling and, of unique ones that begin alike, by id, so that their order does not matter. */
function codesByDiscount({ codes }: QuoteFacts): ReadonlyMap<string, number> {
  const known = codes.flatMap(({ state, discountKey, shown, uniqueCodeId }, index) =>
    state === "KNOWN" && discountKey !== null ? [{ discountKey, name: `${shown} ${uniqueCodeId ?? ""}`, index }] : [],
  );
  known.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const first = new Map<string, number>();
  for (const { discountKey, index } of known) if (!first.has(discountKey)) first.set(discountKey, index);
  return first;
}

function exhaustedOf(discountKey: string, { exhausted }: QuoteFacts): ReadonlySet<Exhaustion> {
  if (exhausted.length === 0) return NOTHING;
  return new Set(exhausted.filter((fact) => fact.discountKey === discountKey).map(({ what }) => what));
}

const NOTHING: ReadonlySet<Exhaustion> = new Set();

function outcomeOf(
  code: string,
  index: number,
  { codes }: QuoteFacts,
  claims: ReadonlyMap<string, number>,
  { verdicts }: DiscountChoiceResult<LinedDiscount>,
): CodeOutcome {
  const fact = codes[index];
  if (fact?.discountKey == null || fact.state === "UNKNOWN") return { code, outcome: "UNKNOWN", discountKey: null };
  const { discountKey, state } = fact;
  if (state !== "KNOWN") return { code, outcome: state, discountKey };
  if (claims.get(discountKey) !== index) return { code, outcome: "CLAIMS_THE_SAME", discountKey };
  const verdict = verdicts.get(discountKey);
  if (!verdict) return { code, outcome: "NOT_APPLICABLE", discountKey };
  if (verdict.outcome === "CHOSEN") return { code, outcome: "APPLIED", discountKey };
  return { code, outcome: verdict.outcome === "NO_EFFECT" ? "NO_EFFECT" : "NOT_CHOSEN", discountKey };
}
