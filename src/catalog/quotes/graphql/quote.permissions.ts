import { needs, open, type PermissionMap } from "../../../access/permission-map.js";

const AMOUNTS = ["list", "discounts", "amount", "tax"] as const;

export const quotePermissions = {
  Query: {
    ...needs("catalog:read", "quote", "explainPrice", "quoteSigningKeys"),
    ...needs("quotes:create", "storedQuote", "replayQuote"),
  },
  Mutation: needs("quotes:create", "createQuote"),
  StoredQuote: {
    ...open("quoteId", "createdAt", "expiresAt", "binding", "quote", "signature"),
    // It holds what was found of limits and budgets.
    ...needs("catalog:read-internal", "document"),
  },
  QuoteSigningKey: open("kid", "x"),
  QuoteReplay: open("quote", "same", "differences"),
  QuoteDifference: { ...open("path"), ...needs("catalog:read-internal", "stored", "replayed") },
  Refusal: open("code", "message", "path"),
  Refused: open("refusals"),
  Quote: open("point", "market", "currency", "claims", "lines", "totals", "timeline", "codes", "working"),
  QuoteClaims: open("binding", "customerId", "channel", "segments", "isNew", "sentence"),
  QuoteLine: open("plan", "quantity", "interval", "since", "price", ...AMOUNTS),
  QuoteTotals: open("list", "discount", "amount", "net", "tax", "gross"),
  QuoteTax: open("included", "rate", "net", "tax", "gross"),
  QuoteCode: open("code", "outcome", "discount", "sentence"),
  DiscountShare: open("discount", "amount"),
  Invoice: open("at", "lines", "totals"),
  InvoiceLine: open("line", "period", "priceKey", ...AMOUNTS),
  QuoteWorking: open("policies", "prices", "discounts", "steps", "roundings"),
  PriceWorking: open("plan", "candidates", "steps"),
  PriceExplanation: open("plan", "price", "amount", "candidates", "steps", "rounding"),
  PriceCandidate: open("key", "outcome", "sentence"),
  AmountStep: open("step", "amount", "sentence"),
  Rounding: open("of", "exact", "rounded", "sentence"),
  DiscountWorking: open("discount", "code", "outcome", "predicates", "sentence"),
  DiscountPredicateResult: open("predicate", "line", "required", "actual", "held", "sentence"),
  DiscountStep: open("discount", "base", "off", "shares", "sentence"),
} as const satisfies PermissionMap;
