import { describe, expect, test } from "vitest";
import { ANY_CUSTOMER } from "../../src/access/customer-reach.js";
import type { StoredQuote } from "../../src/catalog/quotes/stored-quote.js";
import type { StoredQuotes } from "../../src/catalog/quotes/stored-quotes.service.js";
import { QuoteRedemptions } from "../../src/customers/redemptions/quote-redemption.service.js";
import type { RedemptionRepository } from "../../src/customers/redemptions/redemption.repository.js";
import { RedemptionService } from "../../src/customers/redemptions/redemption.service.js";
import { NOON } from "../support/redemption-world.js";

const WISH = { quoteId: "q", customers: ANY_CUSTOMER, credentialId: "k", at: NOON, isThere: async () => true };

function refuse(): never {
  throw new Error("nothing is to be asked of the ledger");
}

/** Redeems and settles this quote only, without a ledger. */
function redemptionsOf(quote: Partial<StoredQuote>): QuoteRedemptions {
  const quotes = { find: () => Promise.resolve({ id: "q", customerId: "ada", binding: true, grants: [], ...quote }) } as unknown as StoredQuotes;
  const ledger = { claim: refuse, commit: refuse, release: refuse } as unknown as RedemptionRepository;
  return new QuoteRedemptions(quotes, new RedemptionService(ledger), ledger);
}

describe.each(["commit", "release"] as const)("to %s", (move) => {
  test.each([[{ binding: false }], [{ binding: false, customerId: "eve" }], [{ customerId: null }]])(
    "a quote that binds nobody is refused: %j",
    async (quote) => {
      expect(await redemptionsOf({ ...quote }).settle(move, WISH)).toMatchObject({
        refusals: [{ code: "QUOTE_NOT_BINDING", path: ["input", "quoteId"] }],
      });
    },
  );

  test("a binding quote that grants nothing has nothing to do", async () => {
    expect(await redemptionsOf({}).settle(move, WISH)).toEqual([]);
  });
});
