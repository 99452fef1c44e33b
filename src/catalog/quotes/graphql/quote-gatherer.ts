import type { CatalogKey } from "../../../kernel/key.js";
import { allOf, andThen, bothOf, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Refusal } from "../../../kernel/refusal.js";
import type { UniqueCodeClaim } from "../../codes/unique-code.js";
import type { UniqueCodes } from "../../codes/unique-codes.service.js";
import { Together } from "../../../platform/together.js";
import { Turns } from "../../../platform/turns.js";
import { canonicalCode, type Discount } from "../../discounts/discount.js";
import { marketPath, taxRateOf, type MarketTree } from "../../markets/market.js";
import type { Plan } from "../../plans/plan.js";
import type { PriceLoader } from "../../prices/graphql/price.loader.js";
import type { PriceVersion } from "../../prices/price-resolution.js";
import type { Batch, CatalogView } from "../../releases/graphql/catalog-view.js";
import type { DiscountUseQuestion, DiscountUseRepository, DiscountUses } from "../discount-use.repository.js";
import type { CodeFact, QuoteCatalog, QuoteFacts, QuoteMarket } from "../quote-facts.js";
import type { QuoteRequest } from "../quote-request.js";
import type { QuoteLoaders } from "./quote.node.js";

export type LiveFacts = "NOTHING" | "OF_ANYBODY" | "OF_CUSTOMER";

export interface Gathered {
  readonly catalog: QuoteCatalog;
  readonly facts: QuoteFacts;
}

interface Loaders extends QuoteLoaders {
  readonly prices: PriceLoader;
}

/** What a quote is told of one of its plans. */
interface OfPlan {
  readonly plan: Plan | null;
  /** Of an add-on: what it can be bought on top of. */
  readonly bases: ReadonlySet<CatalogKey>;
  readonly versions: readonly PriceVersion[];
  readonly automatic: readonly Discount[];
}

/** Brings together what a quote is reckoned from, through the loaders of the request: many quotes take as many statements as one. */
export class QuoteGatherer {
  /** The loaders answer all quotes of a request at once, and reckoning a large one takes a while. */
  private readonly turns = new Turns();
  private readonly claimed: Batch<string, UniqueCodeClaim | null>;
  private readonly used: Together<DiscountUseQuestion, DiscountUses>;

  constructor(
    private readonly loaders: Loaders,
    uniqueCodes: UniqueCodes,
    uses: DiscountUseRepository,
  ) {
    this.claimed = {
      load: async (words, { point }) => {
        const claims = await uniqueCodes.claimsOf(words, point.time);
        return words.map((word) => claims.get(word) ?? null);
      },
    };
    this.used = new Together((questions) => uses.findUses(questions), ROUNDS_TO_ASK);
  }

  /**
   * @param view at the point that the quote is of: codes are looked at at its instant.
   * @param released where the catalog says the same; it may be a view that requests share.
   * @param live what counts of what was used of discounts until now: NOTHING for another time, of which nothing is known; what anybody
   * used, or also what the customer did, for callers who may know that of any customer.
   */
  gather(request: QuoteRequest, view: CatalogView, released: CatalogView, live: LiveFacts): MaybePromise<Gathered | Refusal> {
    return andThen(this.market(request.marketKey, released), (market) =>
      "code" in market
        ? market
        : andThen(this.codes(request, view, released), (codes) =>
            andThen(this.catalog(request, market, codes, view, released), (catalog) => this.withFacts(request, catalog, codes, live)),
          ),
    );
  }

  /** The catalog's part alone, for facts that are known. */
  async gatherAgain(request: QuoteRequest, codes: readonly CodeFact[], view: CatalogView): Promise<QuoteCatalog | Refusal> {
    const market = await this.market(request.marketKey, view);
    if ("code" in market) return market;
    const catalog = await this.catalog(request, market, codes, view, view);
    await this.turns.next();
    return catalog;
  }

  private async withFacts(request: QuoteRequest, catalog: QuoteCatalog, codes: readonly CodeFact[], live: LiveFacts): Promise<Gathered> {
    const uses = live === "NOTHING" ? NOTHING_USED : this.uses(live === "OF_CUSTOMER" ? request.customerId : null, catalog.discounts, codes);
    const { exhausted, usedCodeIds } = uses instanceof Promise ? await uses : uses;
    await this.turns.next();
    return { catalog, facts: { codes: codes.map((code) => withUse(code, usedCodeIds)), exhausted } };
  }

  private market(key: CatalogKey, released: CatalogView): MaybePromise<QuoteMarket | Refusal> {
    return andThen(
      released.derive(this, key, () => andThen(this.loaders.markets.tree(released), (tree) => marketIn(tree, key))),
      (market): QuoteMarket | Refusal =>
        market ?? { code: "UNKNOWN_MARKET", message: `There is no market ${JSON.stringify(key)} at this catalog point.`, path: ["input", "market"] },
    );
  }

  private catalog(
    request: QuoteRequest,
    market: QuoteMarket,
    codes: readonly CodeFact[],
    view: CatalogView,
    released: CatalogView,
  ): MaybePromise<QuoteCatalog> {
    const { discounts } = this.loaders;
    const keys = [...new Set(request.items.map(({ planKey }) => planKey))];
    const claimed = [...new Set(codes.flatMap(({ discountKey }) => discountKey ?? []))];
    const gathered = bothOf(
      () => allOf(keys, (key) => this.ofPlan(key, market, hasHistory(request, key), released)),
      () =>
        bothOf(
          () => allOf(claimed, (key) => discounts.byKey(released, key)),
          () => discounts.policy(released),
        ),
    );
    return andThen(gathered, ([found, [byCode, policy]]) => {
      const plans = new Map<CatalogKey, Plan>();
      const addOnOf = new Map<CatalogKey, ReadonlySet<CatalogKey>>();
      const prices = new Map<CatalogKey, readonly PriceVersion[]>();
      const candidates = new Map<CatalogKey, Discount>();
      for (const [index, { plan, bases, versions, automatic }] of found.entries()) {
        const key = keys[index] ?? "";
        if (plan) plans.set(key, plan);
        if (bases.size > 0) addOnOf.set(key, bases);
        prices.set(key, versions);
        for (const discount of automatic) candidates.set(discount.key, discount);
      }
      for (const discount of byCode) if (discount) candidates.set(discount.key, discount);
      const seenUntil = view.seesUpcoming ? null : view.point.time;
      return { point: view.point, seenUntil, market, policy, plans, addOnOf, prices, discounts: [...candidates.values()] };
    });
  }

  private ofPlan(key: CatalogKey, market: QuoteMarket, history: boolean, released: CatalogView): MaybePromise<OfPlan> {
    return history ? this.readPlan(key, market, true, released) : released.derive(market, key, () => this.readPlan(key, market, false, released));
  }

  private readPlan(key: CatalogKey, market: QuoteMarket, history: boolean, released: CatalogView): MaybePromise<OfPlan> {
    const { plans, prices, discounts } = this.loaders;
    const gathered = bothOf(
      () =>
        bothOf(
          () => plans.byKey(released, key),
          () => plans.addOnForKeys(released, key),
        ),
      () =>
        bothOf(
          () => prices.versionsOf(released, key, market.path, history),
          () => discounts.automaticFor(released, key),
        ),
    );
    return andThen(gathered, ([[plan, bases], [versions, automatic]]) => ({ plan, bases: new Set(bases), versions, automatic }));
  }

  private codes({ codes }: QuoteRequest, view: CatalogView, released: CatalogView): MaybePromise<readonly CodeFact[]> {
    return codes.length === 0 ? NO_CODES : this.readCodes(codes, view, released);
  }

  /** A word of the catalog goes before a unique code of the same spelling, which chance will not bring about. */
  private async readCodes(codes: readonly string[], view: CatalogView, released: CatalogView): Promise<CodeFact[]> {
    const [words, claims] = await Promise.all([
      allOf(codes, (code) => this.loaders.discounts.claimedBy(released, code)),
      allOf(codes, (code) => view.load(this.claimed, code)),
    ]);
    return Promise.all(codes.map((code, index) => this.codeFact(code, words[index] ?? null, claims[index] ?? null, released)));
  }

  /** A code of a discount that the caller may not see yet is one that is not there. */
  private async codeFact(code: string, word: CatalogKey | null, unique: UniqueCodeClaim | null, released: CatalogView): Promise<CodeFact> {
    const discountKey = word ?? unique?.discountKey ?? null;
    const discount = discountKey === null ? null : await this.loaders.discounts.byKey(released, discountKey);
    if (discount === null) return { state: "UNKNOWN", discountKey: null, shown: "", uniqueCodeId: null };
    if (word !== null || !unique) return { state: "KNOWN", discountKey, shown: canonicalCode(code), uniqueCodeId: null };
    return { state: unique.state === "READY" ? "KNOWN" : unique.state, discountKey, shown: unique.shown, uniqueCodeId: unique.codeId };
  }

  private uses(customerId: string | null, discounts: readonly Discount[], codes: readonly CodeFact[]): MaybePromise<DiscountUses> {
    const limited = discounts.filter(({ limits }) => limits.total !== null || limits.budget !== null || (limits.perCustomer !== null && customerId !== null));
    const uniqueCodeIds = codes.flatMap(({ uniqueCodeId }) => uniqueCodeId ?? []);
    if (limited.length === 0 && uniqueCodeIds.length === 0) return NOTHING_USED;
    return this.used.ask({ discountKeys: limited.map(({ key }) => key), customerId, uniqueCodeIds });
  }
}

/** A crowd of quotes is reckoned one a round, and each answer may bring the next question. */
const ROUNDS_TO_ASK = 8;

const NO_CODES: readonly CodeFact[] = [];
const NOTHING_USED: DiscountUses = { exhausted: [], usedCodeIds: [] };

function marketIn(tree: MarketTree, key: CatalogKey): QuoteMarket | null {
  const market = tree.get(key);
  return market ? { ...market, path: marketPath(tree, key), taxRate: taxRateOf(tree, key) } : null;
}

function withUse(code: CodeFact, usedCodeIds: readonly string[]): CodeFact {
  const isUsed = code.state === "KNOWN" && code.uniqueCodeId !== null && usedCodeIds.includes(code.uniqueCodeId);
  return isUsed ? { ...code, state: "USED" } : code;
}

function hasHistory({ items }: QuoteRequest, plan: CatalogKey): boolean {
  return items.some(({ planKey, since }) => planKey === plan && since !== null);
}
