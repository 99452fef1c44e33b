import type { CatalogKey } from "../../../kernel/key.js";
import { allOf } from "../../../kernel/maybe-promise.js";
import type { Refusal } from "../../../kernel/refusal.js";
import type { UniqueCodeClaim } from "../../codes/unique-code.js";
import type { UniqueCodes } from "../../codes/unique-codes.service.js";
import { Turns } from "../../../platform/turns.js";
import { canonicalCode, type Discount } from "../../discounts/discount.js";
import { marketPath, taxRateOf } from "../../markets/market.js";
import type { PriceLoader } from "../../prices/graphql/price.loader.js";
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

/** Brings together what a quote is reckoned from, through the loaders of the request: many quotes take as many statements as one. */
export class QuoteGatherer {
  /** The loaders answer all quotes of a request at once, and reckoning a large one takes a while. */
  private readonly turns = new Turns();
  private readonly claimed: Batch<string, UniqueCodeClaim | null>;
  private readonly used: Batch<DiscountUseQuestion, DiscountUses>;

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
    this.used = { live: true, load: (questions) => uses.findUses(questions) };
  }

  /**
   * @param live what counts of what was used of discounts until now: NOTHING for another time, of which nothing is known; what anybody
   * used, or also what the customer did, for callers who may know that of any customer.
   */
  async gather(request: QuoteRequest, view: CatalogView, live: LiveFacts): Promise<Gathered | Refusal> {
    const market = await this.market(request.marketKey, view);
    if ("code" in market) return market;
    const codes = await this.codes(request, view);
    const catalog = await this.catalog(request, market, codes, view);
    const { exhausted, usedCodeIds } =
      live === "NOTHING" ? NOTHING_USED : await this.uses(live === "OF_CUSTOMER" ? request.customerId : null, catalog.discounts, codes, view);
    await this.turns.next();
    const isUsed = ({ state, uniqueCodeId }: CodeFact): boolean => state === "KNOWN" && uniqueCodeId !== null && usedCodeIds.includes(uniqueCodeId);
    return { catalog, facts: { codes: codes.map((code) => (isUsed(code) ? { ...code, state: "USED" } : code)), exhausted } };
  }

  /** The catalog's part alone, for facts that are known. */
  async gatherAgain(request: QuoteRequest, codes: readonly CodeFact[], view: CatalogView): Promise<QuoteCatalog | Refusal> {
    const market = await this.market(request.marketKey, view);
    if ("code" in market) return market;
    const catalog = await this.catalog(request, market, codes, view);
    await this.turns.next();
    return catalog;
  }

  private async market(key: CatalogKey, view: CatalogView): Promise<QuoteMarket | Refusal> {
    const tree = await this.loaders.markets.tree(view);
    const market = tree.get(key);
    if (market) return { ...market, path: marketPath(tree, key), taxRate: taxRateOf(tree, key) };
    return { code: "UNKNOWN_MARKET", message: `There is no market ${JSON.stringify(key)} at this catalog point.`, path: ["input", "market"] };
  }

  private async catalog(request: QuoteRequest, market: QuoteMarket, codes: readonly CodeFact[], view: CatalogView): Promise<QuoteCatalog> {
    const { plans, prices, discounts } = this.loaders;
    const keys = [...new Set(request.items.map(({ planKey }) => planKey))];
    const claimed = [...new Set(codes.flatMap(({ discountKey }) => discountKey ?? []))];
    const [found, bases, versions, automatic, byCode, policy] = await Promise.all([
      allOf(keys, (key) => plans.byKey(view, key)),
      Promise.all(keys.map(async (key) => [key, new Set(await plans.addOnForKeys(view, key))] as const)),
      Promise.all(keys.map(async (key) => [key, await prices.versionsOf(view, key, market.path, hasHistory(request, key))] as const)),
      allOf(keys, (key) => discounts.automaticFor(view, key)),
      allOf(claimed, (key) => discounts.byKey(view, key)),
      discounts.policy(view),
    ]);
    return {
      point: view.point,
      seenUntil: view.seesUpcoming ? null : view.point.time,
      market,
      policy,
      plans: new Map(found.flatMap((plan) => (plan ? [[plan.key, plan] as const] : []))),
      addOnOf: new Map(bases),
      prices: new Map(versions),
      discounts: [
        ...new Map(
          [...automatic.flat(), ...byCode.filter((discount) => discount !== null)].map((discount): [string, Discount] => [discount.key, discount]),
        ).values(),
      ],
    };
  }

  /** A word of the catalog goes before a unique code of the same spelling, which chance will not bring about. */
  private async codes({ codes }: QuoteRequest, view: CatalogView): Promise<CodeFact[]> {
    if (codes.length === 0) return [];
    const [words, claims] = await Promise.all([
      allOf(codes, (code) => this.loaders.discounts.claimedBy(view, code)),
      allOf(codes, (code) => view.load(this.claimed, code)),
    ]);
    return Promise.all(codes.map((code, index) => this.codeFact(code, words[index] ?? null, claims[index] ?? null, view)));
  }

  /** A code of a discount that the caller may not see yet is one that is not there. */
  private async codeFact(code: string, word: CatalogKey | null, unique: UniqueCodeClaim | null, view: CatalogView): Promise<CodeFact> {
    const discountKey = word ?? unique?.discountKey ?? null;
    const discount = discountKey === null ? null : await this.loaders.discounts.byKey(view, discountKey);
    if (discount === null) return { state: "UNKNOWN", discountKey: null, shown: "", uniqueCodeId: null };
    if (word !== null || !unique) return { state: "KNOWN", discountKey, shown: canonicalCode(code), uniqueCodeId: null };
    return { state: unique.state === "READY" ? "KNOWN" : unique.state, discountKey, shown: unique.shown, uniqueCodeId: unique.codeId };
  }

  private async uses(customerId: string | null, discounts: readonly Discount[], codes: readonly CodeFact[], view: CatalogView): Promise<DiscountUses> {
    const limited = discounts.filter(({ limits }) => limits.total !== null || limits.budget !== null || (limits.perCustomer !== null && customerId !== null));
    const uniqueCodeIds = codes.flatMap(({ uniqueCodeId }) => uniqueCodeId ?? []);
    if (limited.length === 0 && uniqueCodeIds.length === 0) return NOTHING_USED;
    return view.load(this.used, { discountKeys: limited.map(({ key }) => key), customerId, uniqueCodeIds });
  }
}

const NOTHING_USED: DiscountUses = { exhausted: [], usedCodeIds: [] };

function hasHistory({ items }: QuoteRequest, plan: CatalogKey): boolean {
  return items.some(({ planKey, since }) => planKey === plan && since !== null);
}
