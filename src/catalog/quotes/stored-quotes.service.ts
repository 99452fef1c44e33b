import { randomBytes } from "node:crypto";
import type { Refusal } from "../../kernel/refusal.js";
import { computeQuote } from "./quote-calculation.js";
import { differencesOf, readDocument, writeCanonical, type QuoteDifference, type QuoteDocument } from "./quote-document.js";
import type { QuoteCatalog, QuoteFacts } from "./quote-facts.js";
import type { QuoteRequest } from "./quote-request.js";
import { codeSentence } from "./quote-sentences.js";
import { isSigned, signQuote, type SigningKey } from "./quote-signature.js";
import type { CodeOutcomeKind, Quote } from "./quote.js";
import type { StoredQuote } from "./stored-quote.js";
import type { StoredQuoteRepository } from "./stored-quote.repository.js";

export interface NewQuote {
  readonly request: QuoteRequest;
  readonly catalog: QuoteCatalog;
  readonly facts: QuoteFacts;
  readonly credentialId: string;
  /** Whether the caller vouches for what the request says of the customer. */
  readonly vouched: boolean;
  readonly validForMs: number;
}

/** 130 bits of chance. */
const ID_LENGTH = 26;
const ID_SHAPE = /^q_[0-9a-z]{26}$/;
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Keeps quotes and vouches for them by signing: what was promised is honoured until it expires, whatever the catalog says by then. */
export class StoredQuotes {
  constructor(
    private readonly quotes: StoredQuoteRepository,
    /** The first signs, all of them verify. */
    private readonly keys: readonly [SigningKey, ...SigningKey[]],
  ) {}

  get signingKeys(): readonly SigningKey[] {
    return this.keys;
  }

  /** Keeps a quote. Refused if it cannot be reckoned, or if a code of it takes nothing off: whoever typed it is to know now. */
  async create({ request, catalog, facts, credentialId, vouched, validForMs }: NewQuote): Promise<StoredQuote | readonly Refusal[]> {
    const quote = computeQuote(request, catalog, facts);
    if (!("invoices" in quote)) return quote;
    const refusals = codesThatFailed(quote);
    if (refusals.length > 0) return refusals;
    const document: QuoteDocument = { version: 1, request, facts, seesUpcoming: catalog.seenUntil === null, quote };
    const { customerId } = request;
    const kept = {
      id: `q_${Array.from(randomBytes(ID_LENGTH), (byte) => ALPHABET.charAt(byte % 32)).join("")}`,
      ...{ customerId, credentialId, binding: vouched && customerId !== null, release: catalog.point.release },
      createdAt: catalog.point.time,
      expiresAt: new Date(catalog.point.time.getTime() + validForMs),
      document: writeCanonical(document),
    };
    const signed = { ...kept, signature: signQuote(kept, this.keys[0]) };
    await this.quotes.add(signed);
    return { ...signed, grants: quote.grants };
  }

  /** The quote with this id, or null. Throws if it is not as it was signed: somebody changed what was promised. */
  async find(id: string): Promise<StoredQuote | null> {
    const kept = ID_SHAPE.test(id) ? await this.quotes.find(id) : null;
    if (kept === null) return null;
    if (!isSigned(kept, kept.signature, this.keys)) throw new Error(`quote ${id} is not as it was signed, or its signing key is gone`);
    return { ...kept, grants: readDocument(kept.document).quote.grants };
  }

  /** Reckons a quote again from its own inputs and facts: where it differs from what was promised; nowhere, as long as the rules are the same. */
  replay({ document }: Pick<StoredQuote, "document">, catalog: QuoteCatalog): QuoteDifference[] {
    const { request, facts, quote } = readDocument(document);
    return differencesOf(quote, computeQuote(request, catalog, facts));
  }
}

const REFUSAL_OF = {
  UNKNOWN: { code: "CODE_UNKNOWN" },
  EXPIRED: { code: "CODE_EXPIRED" },
  REVOKED: { code: "CODE_REVOKED" },
  USED: { code: "CODE_USED" },
  CLAIMS_THE_SAME: { code: "CODE_CLAIMS_THE_SAME" },
  NOT_APPLICABLE: { code: "CODE_NOT_APPLICABLE" },
  NOT_CHOSEN: { code: "CODE_NOT_CHOSEN" },
  NO_EFFECT: { code: "CODE_WITHOUT_EFFECT" },
} as const satisfies Record<Exclude<CodeOutcomeKind, "APPLIED">, Pick<Refusal, "code">>;

function codesThatFailed({ codes, working }: Quote): Refusal[] {
  return codes.flatMap((outcome, index): Refusal[] => {
    if (outcome.outcome === "APPLIED") return [];
    const considered = working.discounts.find(({ discountKey }) => discountKey === outcome.discountKey);
    const message = codeSentence(outcome, considered?.predicates ?? []);
    return [{ ...REFUSAL_OF[outcome.outcome], message, path: ["input", "codes", String(index)] }];
  });
}
