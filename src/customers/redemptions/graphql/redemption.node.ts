import type { DiscountLoader } from "../../../catalog/discounts/graphql/discount.loader.js";
import type { CatalogView } from "../../../catalog/releases/graphql/catalog-view.js";
import type { Redemption } from "../redemption.js";

/** A redemption on its way through GraphQL. */
export interface RedemptionNode {
  readonly __typename: "Redemption";
}

/** @param view where the discount is looked up: the current release. */
export function presentRedemption(redemption: Redemption, discounts: DiscountLoader, view: CatalogView): RedemptionNode {
  const { id, customerId, quoteId, discountKey, code, state, amountMinor, currency, reservedUntil, createdAt, settledAt } = redemption;
  const node = {
    __typename: "Redemption" as const,
    key: writeRedemptionKey({ customerId, id }),
    view: { idPoint: null },
    ...{ customerId, quoteId, discountKey, state, reservedUntil, createdAt, settledAt },
    discount: () => discounts.byKey(view, discountKey),
    code: code?.shown ?? null,
    amount: { amountMinor, currency },
  };
  return node;
}

/** Redemptions are kept by customer, so their ids name both. Any character may be in a customer's id, only some in a global id. */
export function writeRedemptionKey({ customerId, id }: Pick<Redemption, "customerId" | "id">): string {
  return `${Buffer.from(customerId, "utf8").toString("base64url").replaceAll("_", ".")}/${id}`;
}

export function readRedemptionKey(key: string): Pick<Redemption, "customerId" | "id"> | null {
  const [customer = "", id, ...rest] = key.split("/");
  if (id === undefined || rest.length > 0) return null;
  const parts = { customerId: Buffer.from(customer.replaceAll(".", "_"), "base64url").toString("utf8"), id };
  return writeRedemptionKey(parts) === key && !parts.customerId.includes("\0") ? parts : null;
}
