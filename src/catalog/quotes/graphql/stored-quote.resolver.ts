import { Arg, Ctx, ID, Mutation, Query, Resolver } from "type-graphql";
import { can, mayRead, WHOLE_CATALOG, type Viewer } from "../../../access/viewer.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Refusal } from "../../../kernel/refusal.js";
import { refused, type RefusedNode } from "../../../platform/graphql/user-error.type.js";
import type { CatalogSession } from "../../releases/graphql/catalog-session.js";
import type { CatalogView } from "../../releases/graphql/catalog-view.js";
import { coversReach } from "../../releases/reach.js";
import { isQuoteInReach } from "../quote-reach.js";
import { checkQuoteRequest } from "../quote-request.js";
import { publicKeyOf } from "../quote-signature.js";
import type { StoredQuote } from "../stored-quote.js";
import type { OpenedQuote, StoredQuotes } from "../stored-quotes.service.js";
import type { QuoteGatherer } from "./quote-gatherer.js";
import { toRequest } from "./quote.input.js";
import { presentQuote, type QuoteLoaders } from "./quote.node.js";
import { checkCustomerReach, liveFactsFor } from "./quote.resolver.js";
import { CreateQuoteInput, CreateQuoteResultUnion, QuoteReplayType, QuoteSigningKeyType, StoredQuoteType, VALIDITY_SECONDS } from "./stored-quote.type.js";

interface QuoteContext {
  readonly catalog: CatalogSession;
  readonly viewer: Viewer;
}

/** A stored quote on its way through GraphQL. */
export interface StoredQuoteNode {
  readonly __typename: "StoredQuote";
  readonly quoteId: string;
}

@Resolver()
export class StoredQuoteResolver {
  constructor(
    private readonly quotes: StoredQuotes,
    private readonly gatherer: QuoteGatherer,
    private readonly loaders: QuoteLoaders,
  ) {}

  @Mutation(() => CreateQuoteResultUnion, {
    nullable: true,
    description:
      "Prices something now, keeps the answer and signs it. Refused also where a code takes nothing off: whoever typed it is to know before they pay.",
  })
  async createQuote(
    @Ctx() { catalog, viewer }: QuoteContext,
    @Arg("input", () => CreateQuoteInput, { description: "What is to be priced and kept." }) input: CreateQuoteInput,
  ): Promise<StoredQuoteNode | RefusedNode> {
    const view = await catalog.viewAt();
    const request = toRequest(input.quote);
    const refusals = [
      ...checkValidity(input.validForSeconds),
      ...[...checkQuoteRequest(request, view.point.time), ...checkCustomerReach(request, viewer)].map(below),
    ];
    if (refusals.length > 0) return refused(refusals);
    const gathered = await this.gatherer.gather(request, view, await catalog.readAt(), liveFactsFor(viewer, request));
    if ("code" in gathered) return refused([below(gathered)]);
    const created = await this.quotes.create({
      ...{ request, ...gathered },
      credentialId: viewer.credentialId ?? "", // Never empty: the permission to create quotes comes with a credential.
      reach: viewer.catalog,
      vouched: can(viewer, "customers:vouch"),
      validForMs: input.validForSeconds * 1_000,
    });
    return "document" in created ? this.present(created, await viewOf(created, catalog), { catalog, viewer }) : refused(created.map(below));
  }

  @Query(() => StoredQuoteType, {
    nullable: true,
    description:
      "A stored quote that you made, or one of a customer whom you may read (`customers:read`, `customers:read-own`); null if there is no such quote.",
  })
  async storedQuote(
    @Ctx() context: QuoteContext,
    @Arg("quoteId", () => ID, { description: "What it is called." }) id: string,
  ): Promise<StoredQuoteNode | null> {
    const found = await this.findFor(context, id);
    return found && this.present(found.stored, found.view, context);
  }

  @Query(() => QuoteReplayType, {
    nullable: true,
    description:
      "Reckons a stored quote again, from its own inputs and facts, at its own release, and says what differs; null if there is no such quote, or its maker reached more of the catalog than you do.",
  })
  async replayQuote(@Ctx() context: QuoteContext, @Arg("quoteId", () => ID, { description: "Which stored quote." }) id: string): Promise<object | null> {
    const found = await this.findFor(context, id);
    if (!found) return null;
    const { stored, view } = found;
    const { request, facts } = stored.content;
    const makersView = await viewOfMaker(stored, context.catalog);
    if (!coversReach(view.reach, makersView.reach)) return null;
    const catalog = await this.gatherer.gatherAgain(request, facts.codes, makersView);
    if ("code" in catalog) throw new Error(`the release of quote ${id} has no longer what it was reckoned from`);
    const differences = this.quotes.replay(stored, catalog);
    return { quote: this.present(stored, view, context), same: differences.length === 0, differences };
  }

  @Query(() => [QuoteSigningKeyType], { description: "The keys that signatures of quotes are checked with; the first signs new ones." })
  quoteSigningKeys(): QuoteSigningKeyType[] {
    return this.quotes.signingKeys.map((key) => ({ kid: key.id, x: publicKeyOf(key) }));
  }

  private async findFor({ viewer, catalog }: QuoteContext, id: string): Promise<{ stored: OpenedQuote; view: CatalogView } | null> {
    const stored = await this.quotes.find(id, viewer);
    if (!stored || !mayRead(viewer, stored)) return null;
    // What its maker saw of the future is not for everyone who may read it.
    if (stored.content.seesUpcoming && !can(viewer, "catalog:read-upcoming")) return null;
    const view = await viewOf(stored, catalog);
    return isQuoteInReach(stored.content.quote, view.reach) ? { stored, view } : null;
  }

  private present(stored: OpenedQuote, view: CatalogView, context: QuoteContext): StoredQuoteNode {
    const { id, createdAt, expiresAt, binding, signature, document, content } = stored;
    const seesLimits = can(context.viewer, "catalog:read-internal");
    const node = {
      __typename: "StoredQuote" as const,
      ...{ quoteId: id, createdAt, expiresAt, binding, signature },
      // It names all that its maker saw.
      document: async () => (coversReach(view.reach, (await viewOfMaker(stored, context.catalog)).reach) ? document : null),
      quote: () => presentQuote(content.quote, { ...this.loaders, view, released: view, binding, seesLimits }),
    };
    return node;
  }
}

/** What the caller sees of the catalog where the quote was made. */
function viewOf({ release, createdAt }: StoredQuote, catalog: CatalogSession): MaybePromise<CatalogView> {
  return catalog.viewOf({ release, time: createdAt }, false);
}

/** What its maker saw of it. */
function viewOfMaker({ release, createdAt, content: { seesUpcoming, reach } }: OpenedQuote, catalog: CatalogSession): MaybePromise<CatalogView> {
  return catalog.viewOf({ release, time: createdAt }, seesUpcoming, reach ?? WHOLE_CATALOG);
}

/** Whether a stored quote is there for the caller, as far as that is a matter of the catalog. */
export async function isThere(stored: OpenedQuote, catalog: CatalogSession): Promise<boolean> {
  return isQuoteInReach(stored.content.quote, (await viewOf(stored, catalog)).reach);
}

function checkValidity(seconds: number): Refusal[] {
  const { least, most } = VALIDITY_SECONDS;
  if (seconds >= least && seconds <= most) return [];
  return [
    { code: "VALIDITY_OUT_OF_RANGE", message: `A quote is honoured for ${least} to ${most} seconds, not ${seconds}.`, path: ["input", "validForSeconds"] },
  ];
}

/** The input of a quote is a part of the input here. */
function below({ path: [input = "input", ...rest], ...refusal }: Refusal): Refusal {
  return { ...refusal, path: [input, "quote", ...rest] };
}
