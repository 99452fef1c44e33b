import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { mayReadCustomer, type Viewer } from "../../../access/viewer.js";
import type { UniqueCodes } from "../../../catalog/codes/unique-codes.service.js";
import type { Discount } from "../../../catalog/discounts/discount.js";
import type { DiscountLoader } from "../../../catalog/discounts/graphql/discount.loader.js";
import { DiscountType } from "../../../catalog/discounts/graphql/discount.type.js";
import { checkCustomerId } from "../../../catalog/quotes/quote-request.js";
import type { CatalogContext } from "../../../catalog/releases/graphql/catalog-session.js";
import { ALL_IN_REACH } from "../../../catalog/releases/reach.js";
import { required, type AtView, type Batch } from "../../../catalog/releases/graphql/catalog-view.js";
import type { Page } from "../../../kernel/page.js";
import { ConnectionArgs, pageRequest, toConnection, type Connection } from "../../../platform/graphql/connection.js";
import { InputError } from "../../../platform/graphql/input-error.js";
import type { DiscountUses, RedemptionRepository } from "../redemption.repository.js";
import { presentRedemption, type RedemptionNode } from "./redemption.node.js";
import { CodeReportType, CustomerType, DiscountUsesType, RedemptionConnection } from "./redemption.type.js";

const ORDER = "redemptions";

interface SupportContext extends CatalogContext {
  readonly viewer: Viewer;
}

/** What there is of a customer of whom the caller may not know: as of one of whom nothing is kept. */
const NOTHING: Page = { items: [], hasNextPage: false, hasPreviousPage: false };

/** A customer before anything of theirs is asked for. */
interface CustomerNode {
  readonly key: string;
}

@Resolver(() => CustomerType)
export class CustomerResolver {
  constructor(
    private readonly repository: RedemptionRepository,
    private readonly discounts: DiscountLoader,
  ) {}

  @Query(() => CustomerType, {
    description:
      "What is kept of a customer. Any id may be asked for: a customer of whom nothing is kept has nothing, and so has one beyond the caller's reach. With `customers:read-own` these are the customer of the caller's token, or those of its key's prefix.",
  })
  customer(@Arg("key", () => ID, { description: "Your own id of the customer." }) key: string): CustomerNode {
    const [refusal] = checkCustomerId(key, ["key"]);
    if (refusal) throw new InputError("CUSTOMER_ID_MALFORMED", refusal.message, "key");
    return { key };
  }

  @FieldResolver(() => RedemptionConnection, { description: "The discounts that the customer had, newest first." })
  async redemptions(
    @Root() { key: customerId }: CustomerNode,
    @Ctx() { catalog, viewer }: SupportContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<RedemptionNode>> {
    const request = pageRequest(args, ORDER);
    if (!mayReadCustomer(viewer, customerId))
      return toConnection(
        NOTHING,
        ORDER,
        () => Promise.reject(new Error("there is nothing to load")),
        async () => 0,
      );
    const page = await this.repository.listByCustomer(customerId, request, viewer);
    const view = await catalog.viewAt();
    const found = new Map(page.items.map(({ key, redemption }) => [key, presentRedemption(redemption, this.discounts, view)]));
    return toConnection(
      page,
      ORDER,
      (key) => required(Promise.resolve(found.get(key) ?? null)),
      () => this.repository.countByCustomer(customerId, viewer),
    );
  }
}

@Resolver(() => CodeReportType)
export class CodeReportResolver {
  constructor(
    private readonly repository: RedemptionRepository,
    private readonly uniqueCodes: UniqueCodes,
    private readonly discounts: DiscountLoader,
  ) {}

  @Query(() => CodeReportType, {
    description:
      "What a code is and what became of it, for support. Why it fails in a basket is told by `quote`, with the code, the customer and what they want to buy.",
  })
  async codeReport(
    @Ctx() { catalog, viewer }: SupportContext,
    @Arg("code", () => String, { description: "The code as it was typed." }) code: string,
  ): Promise<object> {
    const view = await catalog.viewAt();
    const [word, claims] = await Promise.all([this.discounts.claimedBy(view, code), this.uniqueCodes.claimsOf([code], view.point.time)]);
    const unique = word === null ? claims.get(code) : undefined;
    const discountKey = word ?? unique?.discountKey ?? null;
    const discount = discountKey === null ? null : await this.discounts.byKey(view, discountKey);
    const uses = unique === undefined ? [] : await this.repository.listByUniqueCode(unique.codeId, viewer);
    // A code of a discount that the caller may not see is one that is not there; what was redeemed with one is there all the same.
    // For who reaches only a part of the catalog it is not: what it claimed may be of another part.
    if (discount === null && (uses.length === 0 || view.reach !== ALL_IN_REACH)) return { state: "UNKNOWN", unique: false, discount: null, redemptions: [] };
    return {
      state: discount === null ? "UNKNOWN" : unique === undefined || unique.state === "READY" ? "KNOWN" : unique.state,
      unique: unique !== undefined,
      discount,
      redemptions: uses.map((one) => presentRedemption(one, this.discounts, view)),
    };
  }
}

@Resolver(() => DiscountType)
export class DiscountUsesResolver {
  private readonly counted: Batch<string, DiscountUses | null>;

  constructor(repository: RedemptionRepository) {
    this.counted = {
      live: true,
      load: async (keys) => {
        const found = new Map((await repository.usesOf(keys)).map((uses) => [uses.discountKey, uses]));
        return keys.map((key) => found.get(key) ?? null);
      },
    };
  }

  @FieldResolver(() => DiscountUsesType, {
    nullable: true,
    description: "How much of it is used, and what is left: as it is now, also where the discount is read at another catalog point.",
  })
  async uses(@Root() { key, view }: AtView<Discount>): Promise<DiscountUsesType | null> {
    const uses = await view.load(this.counted, key);
    if (!uses) return null;
    const { used, reserved, limitTotal, spentMinor, budget } = uses;
    const left = budget && (budget.amountMinor > spentMinor ? budget.amountMinor - spentMinor : 0n);
    return {
      used: Number(used),
      reserved: Number(reserved),
      remaining: limitTotal === null ? null : Math.max(0, Number(limitTotal - used)),
      spent: budget && { amountMinor: spentMinor, currency: budget.currency },
      budgetLeft: budget && left !== null ? { amountMinor: left, currency: budget.currency } : null,
    };
  }
}
