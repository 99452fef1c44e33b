import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Viewer } from "../../../access/viewer.js";
import type { DiscountLoader } from "../../../catalog/discounts/graphql/discount.loader.js";
import { isThere } from "../../../catalog/quotes/graphql/stored-quote.resolver.js";
import type { CatalogContext } from "../../../catalog/releases/graphql/catalog-session.js";
import type { Refusal } from "../../../kernel/refusal.js";
import type { Clock } from "../../../platform/clock.js";
import { refused } from "../../../platform/graphql/user-error.type.js";
import type { QuoteRedemptions, QuoteToSettle } from "../quote-redemption.service.js";
import type { Redemption } from "../redemption.js";
import { presentRedemption } from "./redemption.node.js";
import { QuoteRedemptionResultUnion, RedeemQuoteInput, SettleRedemptionInput } from "./redemption.type.js";

interface RedemptionContext extends CatalogContext {
  readonly viewer: Viewer;
}

@Resolver()
export class RedemptionResolver {
  constructor(
    private readonly redemptions: QuoteRedemptions,
    private readonly discounts: DiscountLoader,
    private readonly clock: Clock,
  ) {}

  @Mutation(() => QuoteRedemptionResultUnion, {
    nullable: true,
    description: "Claims all discounts of a stored quote for its customer, or none: each use counts against the limits and the budget of its discount.",
  })
  async redeemQuote(
    @Ctx() context: RedemptionContext,
    @Arg("input", () => RedeemQuoteInput, { description: "Which quote, and under which key." }) input: RedeemQuoteInput,
  ): Promise<object> {
    const { quoteId, idempotencyKey, reserveForSeconds } = input;
    return this.present(
      await this.redemptions.redeem({ ...this.wish(quoteId, context), idempotencyKey, reserveForSeconds: reserveForSeconds ?? null }),
      context,
    );
  }

  @Mutation(() => QuoteRedemptionResultUnion, {
    nullable: true,
    description: "Makes final what is reserved for a quote. Asking again changes nothing and is answered the same.",
  })
  async commitRedemption(
    @Ctx() context: RedemptionContext,
    @Arg("input", () => SettleRedemptionInput, { description: "Which reservation." }) { quoteId }: SettleRedemptionInput,
  ): Promise<object> {
    return this.present(await this.redemptions.settle("commit", this.wish(quoteId, context)), context);
  }

  @Mutation(() => QuoteRedemptionResultUnion, {
    nullable: true,
    description: "Gives back what is reserved for a quote. Asking again changes nothing and is answered the same.",
  })
  async releaseRedemption(
    @Ctx() context: RedemptionContext,
    @Arg("input", () => SettleRedemptionInput, { description: "Which reservation." }) { quoteId }: SettleRedemptionInput,
  ): Promise<object> {
    return this.present(await this.redemptions.settle("release", this.wish(quoteId, context)), context);
  }

  private wish(quoteId: string, { catalog, viewer }: RedemptionContext): QuoteToSettle {
    const { customers, credentialId } = viewer;
    // Never empty: the permission to redeem comes with a credential.
    return { quoteId, credentialId: credentialId ?? "", customers, at: this.clock.now(), isThere: (quote) => isThere(quote, catalog) };
  }

  private async present(outcome: readonly Redemption[] | { readonly refusals: readonly Refusal[] }, { catalog }: RedemptionContext): Promise<object> {
    if ("refusals" in outcome) return refused(outcome.refusals);
    const view = await catalog.viewAt();
    return { __typename: "QuoteRedemption", redemptions: outcome.map((redemption) => presentRedemption(redemption, this.discounts, view)) };
  }
}
