import type { CatalogKey } from "../../kernel/key.js";
import type { LocalizedText } from "../../kernel/localized-text.js";

export const PLAN_KINDS = ["BASE", "ADD_ON"] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

/** A sellable tier of a product, or an add-on to one. */
export interface Plan {
  readonly key: CatalogKey;
  readonly productKey: CatalogKey;
  readonly kind: PlanKind;
  /** Unique within the product; an upgrade goes to a higher rank. */
  readonly rank: number;
  readonly name: LocalizedText;
  readonly description: LocalizedText;
  readonly internalNote: string | null;
}
