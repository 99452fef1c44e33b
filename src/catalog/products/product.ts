import type { CatalogKey } from "../../kernel/key.js";
import type { LocalizedText } from "../../kernel/localized-text.js";

/** A family of plans of which a customer holds at most one. */
export interface Product {
  readonly key: CatalogKey;
  readonly name: LocalizedText;
  readonly description: LocalizedText;
}
