import type { RowScope } from "../../access/customer-reach.js";
import type { StoredQuote } from "./stored-quote.js";

/** Quotes as they were kept. Nothing here checks what they say. */
export interface StoredQuoteRepository {
  add(quote: Omit<StoredQuote, "grants">): Promise<void>;
  find(id: string, scope: RowScope): Promise<Omit<StoredQuote, "grants"> | null>;
}
