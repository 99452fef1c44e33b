import type { CatalogKey } from "../../kernel/key.js";
import type { LocalizedText } from "../../kernel/localized-text.js";

export const FEATURE_KINDS = ["SWITCH", "SETTING", "CAP"] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

export const CAP_WINDOWS = ["HOUR", "DAY", "WEEK", "MONTH", "YEAR", "BILLING_PERIOD", "LIFETIME", "CONCURRENT"] as const;
export type CapWindow = (typeof CAP_WINDOWS)[number];

/** The order of pricing tables: by position, and by key where two are alike. */
export function byPosition(a: Pick<Feature, "position" | "key">, b: Pick<Feature, "position" | "key">): number {
  return a.position - b.position || (a.key < b.key ? -1 : 1);
}

/** Something a plan can give. */
export interface Feature {
  readonly key: CatalogKey;
  readonly kind: FeatureKind;
  readonly category: CatalogKey;
  /** Order within pricing tables. */
  readonly position: number;
  /** CAP only: what is counted ("hour"). */
  readonly unit: string | null;
  /** CAP only: after what the count starts anew. */
  readonly window: CapWindow | null;
  /** SETTING only, in the order of the catalog. */
  readonly allowedValues: readonly string[] | null;
  readonly name: LocalizedText;
  readonly description: LocalizedText;
  readonly internalNote: string | null;
}
