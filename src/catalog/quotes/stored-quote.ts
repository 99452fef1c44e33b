import type { CurrencyCode } from "../../kernel/currency.js";
import type { CatalogKey } from "../../kernel/key.js";

/** What a quote gives of one discount: what redeeming the quote counts against the discount's limits. */
export interface QuoteGrant {
  readonly discountKey: CatalogKey;
  /** The code that claimed it; null for an automatic discount. */
  readonly code: QuoteCode | null;
  /** What it takes off over all the periods that it is granted for: what its budget is charged with. Not negative. */
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

export interface QuoteCode {
  /** In its canonical spelling; of a unique code only how it begins, because the rest is a secret of its holder. */
  readonly shown: string;
  /** Of a unique code, which can be used once; null for a word of the catalog, which many may use. */
  readonly uniqueCodeId: string | null;
}

/** A quote that was kept: what was promised to whom, until when. It never changes. */
export interface StoredQuote {
  /** Not guessable: who knows it may read it. */
  readonly id: string;
  /** The caller's own id of the customer; null if none was named. */
  readonly customerId: string | null;
  /** Whose it is: the credential that made it. */
  readonly credentialId: string;
  /** Whether what it takes for granted of the customer was vouched for. Only such a quote can be redeemed. */
  readonly binding: boolean;
  readonly release: number;
  readonly createdAt: Date;
  /** Exclusive: the first instant at which it is no longer honoured. */
  readonly expiresAt: Date;
  readonly grants: readonly QuoteGrant[];
  /** The inputs, the facts they met and the answer, as canonical JSON. */
  readonly document: string;
  /** A JWS over all of the above. */
  readonly signature: string;
}
