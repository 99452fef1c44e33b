import type { InjectOptions } from "fastify";
import { randomNumbers, type Random } from "./random-numbers.js";
import { HEADERS, METHODS, NUMBERS, PATHS, TEXTS, TOKENS } from "./strange-values.js";

/** A request as it would be sent, before anything is spoilt. */
interface Request {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

interface Fields {
  [key: string]: Json;
}
type Json = null | boolean | number | string | Json[] | Fields;

interface Document {
  readonly query: string;
  readonly variables?: Fields;
}

const DOCUMENTS: readonly [Document, ...Document[]] = [
  { query: "{ __typename }" },
  { query: "query A { __typename } query B { __schema { queryType { name } } }", variables: {} },
  { query: 'query ($key: Key = "free") { plan(key: $key) { id key name product { key } } }', variables: { key: "free" } },
  {
    query: "query ($first: Int!, $after: String) { plans(first: $first, after: $after) { edges { cursor node { key } } } }",
    variables: { first: 2, after: null },
  },
  { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Plan { key } } node(id: "UGxhbjpmcmVl") { id } }', variables: { ids: ["UGxhbjpmcmVl"] } },
  {
    query: "query P($f: PriceFilter) { prices(first: 1, filter: $f) { totalCount } release(number: 1) { number } }",
    variables: { f: { currencies: ["SEK"] } },
  },
  {
    query:
      'fragment F on Plan { key ...G } fragment G on Plan { rank } query ($t: Instant, $s: Boolean = true) { plan(key: "free", at: { time: $t }) { ...F @include(if: $s) } }',
    variables: { t: "2026-06-01T00:00:00Z" },
  },
  {
    query: "query ($input: QuoteInput!) { quote(input: $input) { __typename ... on Refused { refusals { code path } } } }",
    variables: {
      input: { items: [{ plan: "premium-individual", quantity: "1" }], market: "se", codes: ["X"], customer: { id: "a", segments: ["s"] }, periods: 2 },
    },
  },
  {
    query: "mutation ($input: RedeemQuoteInput!) { redeemQuote(input: $input) { __typename } }",
    variables: { input: { quoteId: "q_00000000000000000000000000", idempotencyKey: "k" } },
  },
];

/** Requests that somebody spoilt at the level of `how`: the same for the same number, so that what one finds can be sent again. */
export function malformedRequest(how: keyof typeof SPOIL, number: number): InjectOptions {
  const random = randomNumbers(number);
  const request = validRequest(random, LOOKED_AT[how]);
  for (let left = 1 + random.below(3); left > 0; left--) SPOIL[how](request, random);
  const { method, url, headers, body } = request;
  return { method: method as "GET", url, headers, ...(method === "GET" || method === "HEAD" ? {} : { payload: body }) };
}

/** The same as bytes on a wire, where the first line and the headers can be spoilt, too. */
export function malformedBytes(number: number): Buffer {
  const random = randomNumbers(number);
  const request = validRequest(random, 2);
  if (random.below(3) === 0) SPOIL.headers(request, random);
  if (random.below(3) === 0) request.url = random.pick(PATHS);
  const length = Object.hasOwn(request.headers, "content-length") ? [] : [`content-length: ${request.body.length}`];
  const lines = [`${request.method} ${request.url} HTTP/1.1`, ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`), ...length];
  const whole = Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), request.body]);
  // Half of them are spoilt in their first line and headers alone, where a parser has most to decide.
  return spoilBytes(whole, random, random.below(2) === 0 ? whole.length - request.body.length : whole.length);
}

/** One in so many asks for more than a name: what is in a query matters only where that is spoilt. */
const LOOKED_AT = { bytes: 3, headers: 12, json: 2, graphql: 1, address: 4 } as const;

function validRequest(random: Random, oneIn: number): Request {
  const { query, variables } = random.below(oneIn) === 0 ? random.pick(DOCUMENTS) : DOCUMENTS[0];
  const headers: Record<string, string> = { host: "localhost", "content-type": "application/json", accept: "*/*" };
  const body = Buffer.from(JSON.stringify({ query, ...(variables ? { variables } : {}) }));
  return { method: "POST", url: "/graphql", headers, body };
}

export const SPOIL = {
  bytes: (request: Request, random: Random): void => {
    request.body = spoilBytes(request.body, random, request.body.length);
  },
  headers: (request: Request, random: Random): void => {
    const name = random.pick(Object.keys(HEADERS));
    if (random.below(6) === 0) Reflect.deleteProperty(request.headers, name);
    else Object.defineProperty(request.headers, name, { value: random.pick(HEADERS[name] ?? [""]), enumerable: true, configurable: true, writable: true });
    if (random.below(4) === 0) request.method = random.pick(METHODS);
  },
  json: (request: Request, random: Random): void => {
    const whole: { in: Json } = { in: readJson(request.body) };
    spoilJson(whole, random);
    let text = JSON.stringify(whole.in) ?? "";
    // What no JSON writer writes.
    if (random.below(5) === 0)
      text = text.replace(
        '"query"',
        random.pick(['"__proto__":{"a":1},"query"', '"query":"{ a }","query"', '"\\u0071uery"', '"constructor":{"prototype":{}},"query"', "'query'", "query"]),
      );
    if (random.below(9) === 0)
      text = random.pick([
        `[${text}]`,
        `[${text},${text}]`,
        JSON.stringify(text),
        `\ufeff${text}`,
        `${text}\n\n`,
        `{"a":${text}}`,
        `${"[".repeat(2_000)}${text}`,
      ]);
    request.body = Buffer.from(text);
  },
  graphql: (request: Request, random: Random): void => {
    const body = readJson(request.body);
    if (typeof body !== "object" || body === null || Array.isArray(body)) return;
    const tokens = (typeof body["query"] === "string" ? body["query"] : "").match(/[\w$]+|"[^"]*"|\.\.\.|\S|\s/g) ?? [];
    const at = random.below(tokens.length + 1);
    const [some, other] = [random.pick(TOKENS), random.below(tokens.length || 1)];
    const change = random.below(6);
    if (change === 0) tokens.splice(at, 1 + random.below(4));
    else if (change === 1) tokens.splice(at, 0, ` ${some} `);
    else if (change === 2) tokens.splice(at, 1, ` ${some} `);
    else if (change === 3) tokens.splice(at, 0, ...tokens.slice(other, other + 6));
    else if (change === 4) [tokens[at % (tokens.length || 1)], tokens[other]] = [tokens[other] ?? "", tokens[at % (tokens.length || 1)] ?? ""];
    else tokens.splice(at, 0, ...Array.from({ length: random.below(200) }, () => some));
    request.body = Buffer.from(JSON.stringify({ ...body, query: tokens.join("") }));
  },
  address: (request: Request, random: Random): void => {
    const { query = "", variables = {} } = readJson(request.body) as { query?: string; variables?: Json };
    const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    const some = random.pick(TEXTS);
    const change = random.below(7);
    if (change === 0) parameters.append(random.pick(["query", "variables", "operationName", "extensions", "__proto__"]), some);
    else if (change === 1) parameters.set(random.pick(["query", "variables", "operationName", "extensions"]), some);
    else if (change === 2) parameters.delete(random.pick(["query", "variables"]));
    else if (change === 3)
      parameters.set(
        "extensions",
        random.pick(['{"persistedQuery":{"version":1,"sha256Hash":"a"}}', "[]", "7", '{"persistedQuery":7}', '{"__proto__":{"a":1}}']),
      );
    const text = parameters.toString();
    request.method = random.pick(["GET", "GET", "GET", "HEAD", "POST"]);
    request.url = `/graphql?${change === 4 ? text.slice(0, random.below(text.length)) : change === 5 ? text.replaceAll("%", random.pick(["%25", "%", ""])) : text}`;
    Reflect.deleteProperty(request.headers, "content-type");
    if (random.below(3) > 0) request.headers["apollo-require-preflight"] = "1";
  },
};

function readJson(body: Buffer): Json {
  try {
    return JSON.parse(body.toString("utf8")) as Json;
  } catch {
    return {}; // It was spoilt before.
  }
}

function spoilJson(holder: { in: Json }, random: Random): void {
  // Each step goes into a child, or stops.
  let [parent, key]: [Json[] | Fields, string] = [holder, "in"];
  for (;;) {
    const child: Json | undefined = Reflect.get(parent, key) as Json | undefined;
    const keys = typeof child === "object" && child !== null ? Object.keys(child) : [];
    if (typeof child !== "object" || child === null || keys.length === 0 || random.below(4) === 0) break;
    [parent, key] = [child, random.pick(keys)];
  }
  const change = random.below(8);
  if (change === 0 && parent !== holder) Reflect.deleteProperty(parent, key);
  else if (change === 1 && !Array.isArray(parent)) parent[random.pick(TEXTS.slice(0, 15))] = random.pick(TEXTS);
  else Reflect.set(parent, key, strangeValue(random, Reflect.get(parent, key) as Json));
}

function strangeValue(random: Random, before: Json): Json {
  switch (random.below(8)) {
    case 0:
      return null;
    case 1:
      return random.pick(NUMBERS);
    case 2:
      return random.below(2) === 0;
    case 3:
      return [before, before];
    case 4:
      return { a: before };
    case 5:
      return Array.from({ length: random.below(300) }, () => before);
    case 6:
      return Array.from({ length: random.below(300) }).reduce<Json>((inner) => [inner], before);
    default:
      return random.pick(TEXTS);
  }
}

function spoilBytes(whole: Buffer, random: Random, until: number): Buffer {
  const bytes = [...whole];
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(Math.max(1, until));
    const change = random.below(5);
    if (change === 0) bytes[at] = random.below(256);
    else if (change === 1) bytes.splice(at, 1 + random.below(3));
    else if (change === 2) bytes.splice(at, 0, random.pick([0, 10, 13, 32, 34, 58, 92, 123, 128, 255]));
    else if (change === 3) bytes.splice(at, 0, ...bytes.slice(at, at + random.below(20)));
    else bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return Buffer.from(random.below(20) === 0 ? bytes.slice(0, random.below(bytes.length)) : bytes);
}
