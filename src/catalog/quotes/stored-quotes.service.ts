import { randomBytes } from "node:crypto";
import { isWithinScope, type RowScope } from "../../access/customer-reach.js";
import type { CatalogReach } from "../../access/viewer.js";
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
  /** Which part of the catalog there is for the caller. */
  readonly reach: CatalogReach;
  /** Whether the caller vouches for what the request says of the customer. */
  readonly vouched: boolean;
  readonly validForMs: number;
}

/** A stored quote with its document read, which is done once. */
export interface OpenedQuote extends StoredQuote {
  readonly content: QuoteDocument;
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
  async create({ request, catalog, facts, credentialId, reach, vouched, validForMs }: NewQuote): Promise<OpenedQuote | readonly Refusal[]> {
    const quote = computeQuote(request, catalog, facts);
    if (!("invoices" in quote)) return quote;
    const refusals = codesThatFailed(quote);
    if (refusals.length > 0) return refusals;
    const seesUpcoming = catalog.seenUntil === null;
    const narrow = reach.markets === null && reach.products === null ? {} : { reach };
    const content: QuoteDocument = { version: 1, salt: randomBytes(16).toString("hex"), request, facts, seesUpcoming, ...narrow, quote };
    const { customerId } = request;
    const kept = {
      id: `q_${Array.from(randomBytes(ID_LENGTH), (byte) => ALPHABET.charAt(byte % 32)).join("")}`,
      ...{ customerId, credentialId, binding: vouched && customerId !== null, release: catalog.point.release },
      createdAt: catalog.point.time,
      expiresAt: new Date(catalog.point.time.getTime() + validForMs),
      document: writeCanonical(content),
    };
    const signed = { ...kept, signature: signQuote(kept, content, this.keys[0]) };
    await this.quotes.add(signed);
    return { ...signed, grants: quote.grants, content };
  }

  /** The quote with this id that is within reach, or null. Throws if it is not as it was signed: somebody changed what was promised. */
  async find(id: string, scope: RowScope): Promise<OpenedQuote | null> {
    const kept = ID_SHAPE.test(id) ? await this.quotes.find(id, scope) : null;
    if (kept === null || !isWithinScope(scope, kept)) return null;
    const content = tryToRead(kept.document);
    if (content === null || !isSigned(kept, content, kept.signature, this.keys))
      throw new Error(`quote ${id} is not as it was signed, or its signing key is gone`);
    return { ...kept, grants: content.quote.grants, content };
  }

  /** Reckons a quote again from its own inputs and facts: where it differs from what was promised; nowhere, as long as the rules are the same. */
  replay({ content: { request, facts, quote } }: OpenedQuote, catalog: QuoteCatalog): QuoteDifference[] {
    return differencesOf(quote, computeQuote(request, catalog, facts));
  }
}

/** Null for a document that somebody changed into something else. */
function tryToRead(document: string): QuoteDocument | null {
  try {
    return readDocument(document);
  } catch {
    return null; // How it fails to be one is of no use: it is not ours.
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
