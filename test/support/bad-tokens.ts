import { createHmac } from "node:crypto";
import { claimsAt, encode, headerOf, issuerOf, makePair, publicJwk, signToken, type SigningPair } from "./token-issuer.js";

export const NOW = "2026-06-10T12:00:00Z";
export const SECONDS = Date.parse(NOW) / 1000;

const pair = makePair("ec");
export const rsa = makePair("rsa", "RS256");
const weak = makePair("weak", "RS256", 1024);
export const stranger = makePair("ec");
export const others = makePair("others", "ES384");
export const aged = makePair("aged");

export const ACME = issuerOf([pair, rsa, weak], { issuer: "https://acme.test/", audiences: ["catalog", "catalog-eu"] });
export const OTHER = issuerOf([others], { issuer: "https://other.test/" });
export const AGED = issuerOf([aged], { issuer: "https://aged.test/", maxTokenAgeSeconds: 600 });
/** Nothing listens there. */
export const AWAY = issuerOf([pair], { issuer: "https://away.test/", keys: { kind: "URL", url: "http://127.0.0.1:9/jwks.json" } });
export const ISSUERS = [ACME, OTHER, AGED, AWAY];

/** A good token with changes; `undefined` takes a claim or header away. */
export function token(claims: object = {}, header: object = {}, key: SigningPair = pair): string {
  return signToken(headerOf(key, header), claimsAt(new Date(NOW), { iss: ACME.issuer, roles: ["editor"], ...claims }), key);
}

function hs256(secret: string | Buffer): string {
  const signed = `${encode({ alg: "HS256", kid: "rsa", typ: "at+jwt" })}.${token().split(".")[1]}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = token().split(".");
const UNSIGNED = (alg: string): string => `${encode({ alg, kid: "ec", typ: "at+jwt" })}.${PAYLOAD}.`;
const RAW = (payload: string): string => signToken(headerOf(pair), payload, pair);
const GOOD_CLAIMS = JSON.stringify(claimsAt(new Date(NOW), { iss: ACME.issuer, roles: ["editor"] }));
const SPKI = rsa.publicKey.export({ format: "pem", type: "spki" });

/** Each is a good token but for what its name says. */
export const BAD_TOKENS: Readonly<Record<string, string>> = {
  "unsigned: alg none": UNSIGNED("none"),
  "unsigned: alg None": UNSIGNED("None"),
  "unsigned: alg NONE": UNSIGNED("NONE"),
  "unsigned, with a signature": `${UNSIGNED("none")}${SIGNATURE}`,
  "alg in small letters": token({}, { alg: "es256" }),
  "no alg": token({}, { alg: undefined }),
  "alg a list": token({}, { alg: ["ES256"] }),
  "a secret that is the public key as PEM": hs256(SPKI),
  "a secret that is the public key as PEM, trimmed": hs256(SPKI.toString().trim()),
  "a secret that is the public key as JWK": hs256(JSON.stringify(publicJwk(rsa))),
  "a secret that is empty": hs256(""),
  "an algorithm that only another issuer may use": token({}, {}, { ...others, kid: "others" }),
  "an algorithm that its issuer does not use, whose keys cannot be had": token({ iss: AWAY.issuer }, {}, others),
  "another algorithm than the key's": token({}, {}, { ...rsa, algorithm: "PS256" }),
  "another hash than the key's": token({}, {}, { ...rsa, algorithm: "RS512" }),
  "a key of 1024 bits": token({}, {}, weak),
  "a kid that nobody has": token({}, { kid: "nobody" }),
  "no kid": token({}, { kid: undefined }),
  "kid a number": token({}, { kid: 1 }),
  "an empty kid": token({}, { kid: "" }),
  "the kid of another key": token({}, { kid: "rsa" }),
  "the kid and key of another issuer": token({}, { alg: "ES256" }, others),
  "a stranger's key under our kid": token({}, {}, stranger),
  "kid, a path": token({}, { kid: "../../dev/null" }),
  "kid, a name of every object": token({}, { kid: "__proto__" }),
  "jwk: a key of its own": token({}, { jwk: publicJwk(stranger) }, stranger),
  "jwk: the right key": token({}, { jwk: publicJwk(pair) }),
  "jku: keys of its own": token({}, { jku: "https://evil.test/jwks.json" }),
  "x5u: a certificate of its own": token({}, { x5u: "https://evil.test/cert.pem" }),
  "x5c: a certificate that it brings": token({}, { x5c: [SPKI.toString()] }),
  "crit: what nobody knows": token({}, { crit: ["exp"] }),
  "crit: nothing": token({}, { crit: [] }),
  "b64 false": token({}, { b64: false, crit: ["b64"] }),
  "b64 false, not told": token({}, { b64: false }),
  "zip: packed": token({}, { zip: "DEF" }),
  expired: token({ exp: SECONDS - 5 }),
  "not yet valid": token({ nbf: SECONDS + 6 }),
  "no exp": token({ exp: undefined }),
  "no nbf": token({ nbf: undefined }),
  "no aud": token({ aud: undefined }),
  "no iss": token({ iss: undefined }),
  "no sub": token({ sub: undefined }),
  "no typ": token({}, { typ: undefined }),
  "exp a text": token({ exp: String(SECONDS + 60) }),
  "exp null": token({ exp: null }),
  "exp a list": token({ exp: [SECONDS + 60] }),
  "exp without end": RAW(GOOD_CLAIMS.replace(/"exp":\d+/, '"exp":1e999')),
  "exp below nothing": token({ exp: -1 }),
  "nbf a text": token({ nbf: String(SECONDS) }),
  "iat a text": token({ iat: String(SECONDS) }),
  "another issuer": token({ iss: "https://evil.test/" }),
  "the issuer without its slash": token({ iss: "https://acme.test" }),
  "the issuer in capitals": token({ iss: "https://ACME.test/" }),
  "the issuer with a space": token({ iss: "https://acme.test/ " }),
  "iss a list": token({ iss: [ACME.issuer] }),
  "another audience": token({ aud: "shop" }),
  "other audiences": token({ aud: ["shop", "Catalog", "catalog "] }),
  "no audience of many": token({ aud: [] }),
  "aud an object": token({ aud: { catalog: true } }),
  "an id token": token({}, { typ: "JWT" }),
  "typ of another kind": token({}, { typ: "quote+jws" }),
  "sub a number": token({ sub: 4711 }),
  "an empty sub": token({ sub: "" }),
  "sub with a NUL": token({ sub: "some\0one" }),
  "sub with half a character": RAW(GOOD_CLAIMS.replace('"someone"', '"\\ud800"')),
  "sub too long": token({ sub: "s".repeat(256) }),
  "cut short": token().slice(0, -1),
  "without its signature": `${HEADER}.${PAYLOAD}`,
  "with an empty signature": `${HEADER}.${PAYLOAD}.`,
  "with the signature of another token": `${HEADER}.${PAYLOAD}.${token({ sub: "another" }).split(".")[2]}`,
  "with a signature of zeros": `${HEADER}.${PAYLOAD}.${Buffer.alloc(64).toString("base64url")}`,
  "with a payload that was changed": `${HEADER}.${encode(claimsAt(new Date(NOW), { iss: ACME.issuer, roles: ["admin"] }))}.${SIGNATURE}`,
  "with padding": `${HEADER}.${PAYLOAD}.${SIGNATURE}==`,
  "in the base64 of other places": `${HEADER}.${PAYLOAD}.${Buffer.from(SIGNATURE, "base64url").toString("base64")}`,
  "with a part more": `${HEADER}.${PAYLOAD}.${SIGNATURE}.${SIGNATURE}`,
  "encrypted, in five parts": `${encode({ alg: "RSA-OAEP", enc: "A256GCM", kid: "rsa" })}.${SIGNATURE}.${SIGNATURE}.${PAYLOAD}.${SIGNATURE}`,
  "two dots": "..",
  "as JSON": JSON.stringify({ payload: PAYLOAD, protected: HEADER, signature: SIGNATURE }),
  "larger than 8 kB": token({ filler: "f".repeat(8_192) }),
  "a payload that is no JSON": RAW("hello"),
  "a payload that is a list": RAW("[]"),
  "a payload that is null": RAW("null"),
  "a payload that is not UTF-8": `${HEADER}.${Buffer.from([0xff, 0xfe]).toString("base64url")}.${SIGNATURE}`,
  "a header that is no JSON": signToken("hello", GOOD_CLAIMS, pair),
  "a claim twice": RAW(GOOD_CLAIMS.replace('"roles"', '"roles":["admin"],"roles"')),
  "a claim twice, spelled in two ways": RAW(GOOD_CLAIMS.replace('"roles"', '"r\\u006fles":["admin"],"roles"')),
  "alg twice": signToken('{"alg":"none","alg":"ES256","kid":"ec","typ":"at+jwt"}', GOOD_CLAIMS, pair),
  "no roles": token({ roles: undefined }),
  "roles that are not ours": token({ roles: ["emperor", "__proto__", "anonymous"] }),
  "roles of which one is no text": token({ roles: ["editor", 1] }),
  "a customer that is nobody": token({ roles: ["customer"] }),
  "a customer that is nobody, with a prefix": token({ roles: ["customer"], customer_prefix: "acme:" }),
  "a customer's id that is a number": token({ roles: ["customer"], customer: 4711 }),
  "a customer's id with a space": token({ roles: ["customer"], customer: "a b" }),
  "a customer's id with a NUL": token({ roles: ["customer"], customer: "a\0" }),
  "a customer's id that is empty": token({ roles: ["customer"], customer: "" }),
  "a customer's id that is too long": token({ roles: ["customer"], customer: "x".repeat(201) }),
  "a customer's id that is null": token({ customer: null }),
  "a customer outside the prefix": token({ customer: "evil:1", customer_prefix: "acme:" }),
  "a prefix that is empty": token({ customer_prefix: "" }),
  "a prefix without an end": token({ customer_prefix: "acme" }),
  "a prefix that is a list": token({ customer_prefix: ["acme:"] }),
  "markets that are none": token({ markets: [] }),
  "markets that are no keys": token({ markets: ["se", "N O"] }),
  "markets that are a number": token({ markets: 1 }),
  "older than its issuer lets them be": token({ iss: AGED.issuer, iat: SECONDS - 606 }, {}, aged),
  "without iat, where age matters": token({ iss: AGED.issuer, iat: undefined }, {}, aged),
  "issued in the future, where age matters": token({ iss: AGED.issuer, iat: SECONDS + 6 }, {}, aged),
};
