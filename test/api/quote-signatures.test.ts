import { describe, expect } from "vitest";
import { SIGNING_KEY, testEmpty as test, type Caller, type Json } from "../support/api.js";
import { publishQuoteCatalog } from "../support/quote-catalog.js";
import { keepQuote, publishedKeys, readSignature, tamper, type KeptQuote } from "../support/stored-quotes.js";

test.beforeAll(async ({ gateway }) => publishQuoteCatalog(gateway));

const BASKET = { items: [{ plan: "premium" }, { plan: "stories" }], market: "se", codes: ["SPRING-26"], customer: { id: "ada", isNew: true } };
const READ = "query ($quoteId: ID!) { storedQuote(quoteId: $quoteId) { quoteId quote { totals { amount { amountMinor } } } } }";
const REPLAY = "query ($quoteId: ID!) { replayQuote(quoteId: $quoteId) { same } }";
const DOCUMENT = "query ($quoteId: ID!) { storedQuote(quoteId: $quoteId) { document } }";
const REDEEM = `mutation ($quoteId: ID!, $key: String!) {
  redeemQuote(input: { quoteId: $quoteId, idempotencyKey: $key }) { __typename }
}`;
const SETTLE = "mutation ($quoteId: ID!) { commitRedemption(input: { quoteId: $quoteId }) { __typename } }";

async function documentOf(admin: Caller, { quoteId }: KeptQuote): Promise<string> {
  return (await admin.query(DOCUMENT, { quoteId })).data.storedQuote.document;
}

/** What callers are told who meet this quote in any way: the code of the error, or what they got. */
async function meetings(as: (role: "admin") => Promise<Caller>, quoteId: string): Promise<unknown[]> {
  const admin = await as("admin");
  const met: unknown[] = [];
  for (const document of [READ, REPLAY, REDEEM, SETTLE]) {
    const { data, errors } = await admin.query(document, { quoteId, ...(document === REDEEM ? { key: quoteId } : {}) });
    met.push(errors[0]?.extensions["code"] ?? Object.values<Json>(data)[0]);
  }
  return met;
}

describe("a signature", () => {
  test("says what was promised, to anyone with the published key", async ({ gateway }) => {
    const quote = await keepQuote(await gateway.as("service"), BASKET);
    const keys = await publishedKeys(gateway.anonymous);
    expect(keys).toEqual([{ kid: "test", x: expect.stringMatching(/^[\w-]{43}$/) as string }]);
    const { quoteId, createdAt, expiresAt } = quote;
    const document = await documentOf(await gateway.as("admin"), quote);
    expect(readSignature(quote.signature, document, keys)).toMatchObject({
      ...{ quote: quoteId, customer: "ada", binding: true, release: 2, createdAt, expiresAt },
      due: { currency: "SEK", amountMinor: "9350", grossMinor: "10575" },
    });
    expect(JSON.parse(Buffer.from(quote.signature.split(".")[0] ?? "", "base64url").toString())).toEqual({ alg: "EdDSA", kid: "test", typ: "quote+jws" });
  });

  test("is not good when a byte is another, whichever", async ({ gateway }) => {
    const quote = await keepQuote(await gateway.as("service"), BASKET);
    const [keys, document] = [await publishedKeys(gateway.anonymous), await documentOf(await gateway.as("admin"), quote)];
    const bytes = quote.signature.split(".").map((part) => Buffer.from(part, "base64url"));
    const flip = (buffer: Buffer, at: number) => Buffer.concat([buffer.subarray(0, at), Buffer.from([(buffer[at] ?? 0) ^ 1]), buffer.subarray(at + 1)]);
    expect(readSignature(quote.signature, document, keys)).not.toBeNull();
    for (const [part, buffer] of bytes.entries()) {
      for (let at = 0; at < buffer.length; at++) {
        const changed = bytes.map((other, index) => (index === part ? flip(other, at) : other).toString("base64url")).join(".");
        expect(readSignature(changed, document, keys), `byte ${at} of part ${part}`).toBeNull();
      }
    }
    for (let at = 0; at < document.length; at += 97) {
      expect(readSignature(quote.signature, flip(Buffer.from(document), at).toString("latin1"), keys), `byte ${at} of the document`).toBeNull();
    }
  });
});

describe("a row that somebody changed is never honoured, nor shown", () => {
  const CHANGES: readonly (readonly [what: string, statement: string])[] = [
    ["a cheaper document", `update quote set document = replace(document, '{"$int":"9350"}', '{"$int":"1"}') where id = $1`],
    ["a document that is none", "update quote set document = 'free' where id = $1"],
    ["another customer", "update quote set customer_id = 'eve' where id = $1"],
    ["a longer validity", "update quote set expires_at = expires_at + interval '1 year' where id = $1"],
    ["another day", "update quote set created_at = created_at - interval '1 ms' where id = $1"],
    ["another release", "update quote set release = 1 where id = $1"],
    ["another maker", "update quote set credential_id = 'eve' where id = $1"],
    ["no binding", "update quote set binding = false where id = $1"],
    ["no signature", "update quote set signature = '' where id = $1"],
    ["a header that names no algorithm", "update quote set signature = 'eyJhbGciOiJub25lIn0.' || split_part(signature, '.', 2) || '.' where id = $1"],
    ["a signature cut short", "update quote set signature = left(signature, -1) where id = $1"],
    ["another ending of the same bytes", "update quote set signature = signature || '=' where id = $1"],
    ["a part more", "update quote set signature = signature || '.e30' where id = $1"],
  ];

  test.for(CHANGES)("%s", async ([, statement], { gateway }) => {
    const { quoteId } = await keepQuote(await gateway.as("service"), BASKET);
    await expect(gateway.database.pool.query(statement, [quoteId])).rejects.toThrow("quotes are never edited");
    await tamper(gateway.database, statement, quoteId);
    expect(await meetings(gateway.as, quoteId)).toEqual(["INTERNAL", "INTERNAL", "INTERNAL", "INTERNAL"]);
    const answer = await (await gateway.as("admin")).query(READ, { quoteId });
    // Ids of requests are hexadecimal, which "ada" is too.
    expect(answer.text.replaceAll(/"requestId":"[^"]*"/g, "")).not.toMatch(/9350|ada|eve|signed/);
    const { rows } = await gateway.database.pool.query("select from redemption where quote_id = $1", [quoteId]);
    expect(rows).toEqual([]);
  });

  test("the row of one quote under the id of another", async ({ gateway }) => {
    const [cheap, dear] = [
      await keepQuote(await gateway.as("service"), { ...BASKET, customer: { id: "cheap" } }),
      await keepQuote(await gateway.as("service"), { ...BASKET, codes: [] }),
    ];
    await tamper(
      gateway.database,
      "update quote set document = other.document, signature = other.signature from quote other where quote.id = $1 and other.id = $2",
      dear.quoteId,
      cheap.quoteId,
    );
    expect((await meetings(gateway.as, dear.quoteId))[0]).toBe("INTERNAL");
    expect((await meetings(gateway.as, cheap.quoteId))[0]).toMatchObject({ quoteId: cheap.quoteId });
  });
});

describe("keys are changed without breaking promises", () => {
  const NEW_KEY = `2027a:${"08".repeat(32)}`;

  test("a new first key signs, and the old one still verifies what it signed, until it is taken away", async ({ gateway }) => {
    const old = await keepQuote(await gateway.as("service"), BASKET);
    const document = await documentOf(await gateway.as("admin"), old);
    const young = await gateway.withSigningKeys(`${NEW_KEY},${SIGNING_KEY}`, async (as) => {
      const keys = await publishedKeys(await as("admin"));
      expect(keys.map(({ kid }) => kid)).toEqual(["2027a", "test"]);
      expect(readSignature(old.signature, document, keys)).toMatchObject({ quote: old.quoteId });
      expect(await meetings(as, old.quoteId)).toEqual([
        { quoteId: old.quoteId, quote: { totals: { amount: { amountMinor: 9350 } } } },
        { same: true },
        { __typename: "QuoteRedemption" },
        { __typename: "QuoteRedemption" },
      ]);
      const kept = await keepQuote(await as("service"), { ...BASKET, customer: { id: "bea" } });
      expect(readSignature(kept.signature, await documentOf(await as("admin"), kept), keys.slice(0, 1))).toMatchObject({ quote: kept.quoteId });
      return kept;
    });
    await gateway.withSigningKeys(NEW_KEY, async (as) => {
      expect((await meetings(as, old.quoteId))[0]).toBe("INTERNAL");
      expect((await meetings(as, young.quoteId))[1]).toEqual({ same: true });
    });
    // Another key under the old name is another key.
    await gateway.withSigningKeys(`test:${"09".repeat(32)}`, async (as) => {
      expect((await meetings(as, old.quoteId))[0]).toBe("INTERNAL");
    });
  });
});
