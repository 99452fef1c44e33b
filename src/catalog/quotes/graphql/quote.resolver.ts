import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { can, mayReadCustomer, reachesCustomer, type Viewer } from "../../../access/viewer.js";
import type { Refusal } from "../../../kernel/refusal.js";
import { refused, type RefusedNode } from "../../../platform/graphql/user-error.type.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import type { CatalogView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import { explainPrice } from "../price-explanation.js";
import { computeQuote } from "../quote-calculation.js";
import { checkQuoteRequest, type QuoteRequest } from "../quote-request.js";
import type { LiveFacts, QuoteGatherer } from "./quote-gatherer.js";
import { presentExplanation } from "./quote-working.node.js";
import { PriceExplanationResultUnion } from "./quote-working.type.js";
import { ExplainPriceInput, QuoteInput, toRequest, toSingleRequest } from "./quote.input.js";
import { presentQuote, type Presentation, type QuoteLoaders, type QuoteNode } from "./quote.node.js";
import { QuoteResultUnion } from "./quote.type.js";

interface QuoteContext extends CatalogContext {
  readonly viewer: Viewer;
}

@Resolver()
export class QuoteResolver {
  constructor(
    private readonly gatherer: QuoteGatherer,
    private readonly loaders: QuoteLoaders,
  ) {}

  @Query(() => QuoteResultUnion, {
    description:
      "What something would cost, and why. Nothing is kept and nothing is counted: see `createQuote` for a price to be honoured. At another catalog point what is left of discounts' limits is not looked at.",
  })
  async quote(
    @Ctx() { catalog, viewer }: QuoteContext,
    @Arg("input", () => QuoteInput, { description: "What is to be priced, for whom." }) input: QuoteInput,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): Promise<QuoteNode | RefusedNode> {
    const view = await catalog.viewAt(at);
    const request = toRequest(input);
    const refusals = [...checkQuoteRequest(request, view.point.time), ...checkCustomerReach(request, viewer)];
    if (refusals.length > 0) return refused(refusals);
    const released = await catalog.readAt(at);
    const gathered = await this.gatherer.gather(request, view, released, view.idPoint === null ? liveFactsFor(viewer, request) : "NOTHING");
    if ("code" in gathered) return refused([gathered]);
    const quote = computeQuote(request, gathered.catalog, gathered.facts);
    const binding = can(viewer, "customers:vouch") && request.customerId !== null;
    return "invoices" in quote ? presentQuote(quote, this.presentation(view, released, viewer, binding)) : refused(quote);
  }

  @Query(() => PriceExplanationResultUnion, { description: "Which price applies to a plan, what it comes to before discounts, and why no other price does." })
  async explainPrice(
    @Ctx() { catalog }: QuoteContext,
    @Arg("input", () => ExplainPriceInput, { description: "Which price." }) input: ExplainPriceInput,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): Promise<object> {
    const view = await catalog.viewAt(at);
    const request = toSingleRequest(input);
    const refusals = checkQuoteRequest(request, view.point.time);
    if (refusals.length > 0) return refused(refusals.map(ofSingle));
    const gathered = await this.gatherer.gather(request, view, await catalog.readAt(at), "NOTHING");
    if ("code" in gathered) return refused([gathered]);
    const explanation = explainPrice(request, gathered.catalog);
    return "resolution" in explanation ? presentExplanation(input.plan, explanation, this.loaders.plans, view) : refused(explanation);
  }

  private presentation(view: CatalogView, released: CatalogView, viewer: Viewer, binding: boolean): Presentation {
    const { markets, plans, discounts } = this.loaders;
    return { markets, plans, discounts, view, released, binding, seesLimits: can(viewer, "catalog:read-internal") };
  }
}

/** That a customer had a discount is known to those who may read it, or vouch for the customer; by asking what something costs nobody else learns it. */
export function liveFactsFor(viewer: Viewer, { customerId }: Pick<QuoteRequest, "customerId">): LiveFacts {
  return can(viewer, "customers:vouch") || (customerId !== null && mayReadCustomer(viewer, customerId)) ? "OF_CUSTOMER" : "OF_ANYBODY";
}

/** Whom a quote is for is said by those who may ask of that customer. It is a matter of the id alone, and tells nothing of what is kept. */
export function checkCustomerReach({ customerId }: Pick<QuoteRequest, "customerId">, viewer: Viewer): Refusal[] {
  if (customerId === null || reachesCustomer(viewer, customerId)) return [];
  return [{ code: "CUSTOMER_OUT_OF_REACH", message: "Your credential is not for this customer.", path: ["input", "customer", "id"] }];
}

/** There is one item, and its fields stand in the input itself. */
function ofSingle(refusal: Refusal): Refusal {
  const [input = "input", ...rest] = refusal.path;
  return { ...refusal, path: [input, ...(rest[0] === "items" ? rest.slice(2) : rest[0] === "customer" ? rest.slice(1) : rest)] };
}
