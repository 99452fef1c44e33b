import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCustomerPrefix } from "../../src/access/customer-reach.js";
import { JwtVerifier } from "../../src/access/tokens/jwt-verifier.service.js";
import { keyName, readKeySet } from "../../src/access/tokens/key-set.js";
import { readToken } from "../../src/access/tokens/token-form.js";
import { parseUnambiguous } from "../../src/access/tokens/unambiguous-json.js";
import { VerifiedTokens, type VerifiedToken } from "../../src/access/tokens/verified-tokens.js";
import { ANONYMOUS } from "../../src/access/viewer.js";
import { encode, issuerOf, jwksOf, makePair, publicJwk, tokenOf } from "../support/token-issuer.js";

const NOW = new Date("2026-06-10T12:00:00Z");
const pair = makePair("one");

describe("JSON that every reader reads alike", () => {
  test.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"a":1,"c":[],"a":{}}}]',
    '{"__proto__":1,"__proto__":2}',
    '{"a" :1, "a"\n:2}',
    '{"\\"":1,"\\"":2}',
  ])("%s is not", (text) => expect(() => parseUnambiguous(text)).toThrow(SyntaxError));

  test.each(['{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}', '{"a":"\\"a\\":","b":"{\\"a\\":1,\\"a\\":2}"}', '["a","a"]', '{"a":["a","a"],"":1}', '"a"', "1e999"])(
    "%s is",
    (text) => expect(parseUnambiguous(text)).toEqual(JSON.parse(text)),
  );

  test("is all that JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseUnambiguous(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("whatever is sent as a token", () => {
  const verifier = new JwtVerifier({ issuers: [issuerOf([pair])], clock: { now: () => NOW }, onKeysUnavailable: () => undefined });
  const good = tokenOf(pair, NOW, { roles: ["editor"] });

  test("is taken apart or is none, without a fault", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readToken(text)));
    fc.assert(fc.property(fc.json(), fc.json(), fc.string(), (header, payload, end) => void readToken(`${encode(header)}.${encode(payload)}.${end}`)));
  });

  test("with one character changed, it is not good", async () => {
    expect(await verifier.verify(good)).not.toBeNull();
    const character = fc.constantFrom(...Array.from("ABCXYZabcxyz0189-_.=+/ \0é"));
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), character, async (at, changed) => {
        fc.pre(good[at] !== changed);
        expect(await verifier.verify(good.slice(0, at) + changed + good.slice(at + 1))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});

describe("a key set", () => {
  const [rsa, weak, ed] = [makePair("rsa", "RS256"), makePair("weak", "RS256", 1024), makePair("ed", "EdDSA")];
  const read = (...keys: unknown[]): string[] => [...readKeySet(JSON.stringify({ keys }), ["ES256", "RS256", "PS256", "EdDSA"], null).keys()];

  test("gives keys for the algorithms that fit them", () => {
    expect(read(publicJwk(pair), publicJwk(rsa), publicJwk(ed))).toEqual(["ES256 one", "RS256 rsa", "EdDSA ed"]);
    expect(read({ ...publicJwk(rsa), alg: undefined, use: undefined })).toEqual(["RS256 rsa", "PS256 rsa"]);
  });

  test.each<[string, unknown]>([
    ["weak keys", publicJwk(weak)],
    ["keys without a name", { ...publicJwk(pair), kid: undefined }],
    ["keys whose name is no text", { ...publicJwk(pair), kid: 1 }],
    ["keys of algorithms that were not chosen", publicJwk(makePair("es384", "ES384"))],
    ["keys of another algorithm than they say", { ...publicJwk(pair), alg: "RS256" }],
    ["keys to encrypt with", { ...publicJwk(rsa), use: "enc" }],
    ["keys that must not verify", { ...publicJwk(rsa), key_ops: ["encrypt"] }],
    ["private keys", { ...pair.privateKey.export({ format: "jwk" }), kid: "one" }],
    ["secrets", { kty: "oct", k: encode("secret"), kid: "one", alg: "HS256" }],
    ["points on no curve", { ...publicJwk(pair), x: publicJwk(pair)["y"] }],
    ["kinds that nobody knows", { kty: "XYZ", kid: "one" }],
    ["what is no key", "key"],
  ])("leaves out %s, and keeps the others", (_what, jwk) => {
    expect(read(jwk, publicJwk(ed))).toEqual(["EdDSA ed"]);
  });

  test("two keys of one name are none; the same name for another algorithm is another", () => {
    expect(read(publicJwk(pair), publicJwk(makePair("one")), publicJwk(pair), publicJwk({ ...rsa, kid: "one" }))).toEqual(["RS256 one"]);
  });

  test("keeps what it had", () => {
    const before = readKeySet(jwksOf(pair, ed), ["ES256", "EdDSA"], null);
    const after = readKeySet(jwksOf(makePair("ed", "EdDSA"), pair), ["ES256", "EdDSA"], before);
    expect(after.get(keyName("ES256", "one"))).toBe(before.get(keyName("ES256", "one")));
    expect(after.get(keyName("EdDSA", "ed"))).not.toBe(before.get(keyName("EdDSA", "ed")));
  });
});

test("tokens are remembered up to a number, those used last", () => {
  const tokens = new VerifiedTokens(2);
  const verified = (issuer: string) => ({ issuer, viewer: { ...ANONYMOUS } }) as VerifiedToken; // Nothing else of it is looked at.
  const first = verified("a");
  tokens.keep("a", first);
  tokens.keep("b", verified("b"));
  expect(tokens.find("a")).toBe(first);
  expect(tokens.of(first.viewer)).toBe(first);
  tokens.keep("c", verified("c"));
  expect(["a", "b", "c"].map((name) => tokens.find(name)?.issuer)).toEqual(["a", undefined, "c"]);
  tokens.forget("a");
  expect(tokens.find("a")).toBeNull();
  expect(tokens.of(first.viewer)).toBeNull();
});

test.each`
  prefix       | isOne
  ${"acme:"}   | ${true}
  ${"acme/"}   | ${true}
  ${"a-b_"}    | ${true}
  ${"acme"}    | ${false}
  ${"acme1"}   | ${false}
  ${"é"}       | ${false}
  ${""}        | ${false}
  ${"a b:"}    | ${false}
  ${"acme:\0"} | ${false}
`('"$prefix" can be the prefix of a partner: $isOne', ({ prefix, isOne }: { prefix: string; isOne: boolean }) => {
  expect(isCustomerPrefix(prefix)).toBe(isOne);
});
