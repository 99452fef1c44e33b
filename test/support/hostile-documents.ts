/** One request that is meant to cost the gateway far more than it costs whoever sends it. */
export interface Hostile {
  readonly what: string;
  /** What is sent: as JSON, or a text that is JSON already. */
  readonly body: object | string;
}

const LONG = "x".repeat(90_000);

/** All of them are below the size of a body. */
export const HOSTILE: readonly Hostile[] = [
  document("one field under a thousand aliases", `{ ${times(1_000, (n) => `a${n}: __typename`)} }`),
  document("one root under 101 aliases", `{ ${times(101, (n) => `a${n}: plan(key: "free") { key }`)} }`),
  document("51 roots without an alias", `{ ${times(51, (n) => `... { plan(key: "p${n}") { key } }`)} }`),
  document("a field with a thousand directives that there are not", `{ __typename ${times(1_000, (n) => `@d${n}`)} }`),
  document("a field with a thousand times the same directive", `{ __typename ${"@include(if: true) ".repeat(600)} }`),
  document("a thousand fields with a directive each", `{ ${times(600, () => "__typename @skip(if: false)")} }`),
  document("directives on all of the document", `query ${"@a ".repeat(800)}{ __typename }`),
  document("fragments that double forty times", doubling(40)),
  document("fragments that double twenty times", doubling(20)),
  document("fragments that spread each ten times", unfolding(5, 10)),
  document("a thousand fragments", `{ __typename } ${times(800, (n) => `fragment f${n} on Query { __typename }`)}`),
  document("a fragment that spreads itself", "{ ...a } fragment a on Query { __typename ...a }"),
  document("fragments in a circle of three", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a }"),
  document("a circle nobody asks for", "{ __typename } fragment a on Query { ...b ...b } fragment b on Query { ...a ...a }"),
  document("fragments in a circle that ask for the same again and again", circle(60)),
  document("selections nested nine thousand times", `${"{ a".repeat(9_000)}${"}".repeat(9_000)}`),
  document("selections nested two thousand times", `${"{ a ".repeat(2_000)}{ b }${"}".repeat(2_000)}`),
  document("inline fragments nested a thousand times", `{ ${"... { ".repeat(1_000)} __typename ${"} ".repeat(1_000)}}`),
  document("lists nested nine thousand times", `{ nodes(ids: ${"[".repeat(9_000)}${"]".repeat(9_000)}) { id } }`),
  document("lists nested two thousand times", `{ nodes(ids: ${"[".repeat(2_000)}${"]".repeat(2_000)}) { id } }`),
  document("objects nested nine thousand times", `{ quote(input: ${"{a:".repeat(9_000)}1${"}".repeat(9_000)}) { __typename } }`),
  document("objects nested a thousand times", `{ quote(input: ${"{a:".repeat(1_000)}1${"}".repeat(1_000)}) { __typename } }`),
  document("a type of two thousand lists", `query ($v: ${"[".repeat(2_000)}Int${"]".repeat(2_000)}) { __typename }`),
  document("the same field five thousand times", `{ ${"a ".repeat(4_900)}}`),
  document("the same field a thousand times, with a selection", `{ ${'plan(key: "free") { key } '.repeat(500)}}`),
  document("fields that overlap on every level", overlapping(6)),
  document("fields that overlap by way of fragments", overlappingFragments(90, 6)),
  document("fields that conflict by the hundred", `{ ${times(450, (n) => `a: plan(key: "k${n}") { key }`)} }`),
  document("a page of two thousand million", "{ plans(first: 2147483647) { totalCount } }"),
  document("a page beyond all numbers", `{ plans(first: ${"9".repeat(5_000)}) { totalCount } }`),
  document("a page of minus one", "{ plans(first: -1) { totalCount } }"),
  document("half a page", "{ plans(first: 1.5) { totalCount } }"),
  document(
    "pages within pages, by a default",
    `query ($n: Int = 100) { plans(first: $n) { edges { node { product { plans { entitlements { feature { entitlements(first: $n) { edges { node { key } } } } } } } } } } }`,
  ),
  document("lists that lead back to each other", `{ plans(first: 100) { edges { node { ${"product { plans { ".repeat(4)} key ${"} } ".repeat(4)} } } } }`),
  document("pages by a variable", "query ($n: Int!) { plans(first: $n) { edges { node { product { plans { entitlements { key } } } } } } }", { n: 100 }),
  document("a page of the wrong kind by a variable", "query ($n: Int) { plans(first: $n) { totalCount } }", { n: { toString: "100" } }),
  document("a cursor of nonsense", `{ plans(first: 1, after: "${Buffer.from("[[[[").toString("base64url")}") { totalCount } }`),
  document("a cursor of ninety kilobytes", `{ plans(first: 1, after: "${LONG}") { totalCount } }`),
  document("a key of ninety kilobytes", `{ plan(key: "${LONG}") { key } }`),
  document("a field of ninety kilobytes", `{ ${LONG} }`),
  document("a hundred errors that each repeat a name of a kilobyte", `{ ${times(80, () => "y".repeat(1_000))} }`),
  document("an operation of a long name with unused variables", `query ${"q".repeat(50_000)}(${times(50, (n) => `$v${n}: Int`)}) { __typename }`),
  document("errors of a hundred kilobytes", `{ ${times(1_500, (n) => `unknown${n}`)} }`),
  document("a block string of ninety kilobytes of indents", `{ plan(key: """${" \\n".repeat(22_000)}""") { key } }`),
  document("a block string with forty thousand lines", `{ plan(key: """${"\n x".repeat(20_000)}""") { key } }`),
  document("ninety kilobytes of escapes", `{ plan(key: "${"\\u0041".repeat(13_000)}") { key } }`),
  document("half of a pair of escapes", '{ plan(key: "\\uD83D") { key } }'),
  document("an escape beyond all characters", '{ plan(key: "\\u{110000}") { key } }'),
  document("ninety kilobytes of comments and no document", `#${LONG}`),
  document("ninety kilobytes of commas", ",".repeat(90_000)),
  document("a document of marks of byte order", "\uFEFF".repeat(20_000)),
  document("half a string", `{ plan(key: "${LONG}`),
  document(
    "a thousand operations",
    times(1_000, (n) => `query q${n} { __typename }`),
  ),
  document(
    "21 operations",
    times(21, (n) => `query q${n} { __typename }`),
  ),
  document("a thousand variables", `query (${times(900, (n) => `$v${n}: Int`)}) { __typename }`),
  document("variables of unknown types", `query (${times(50, (n) => `$v${n}: ${"T".repeat(1_000)}${n}`)}) { __typename }`),
  {
    what: "a variable of fifteen thousand levels",
    body: `{"query":"query ($v: QuoteInput!) { quote(input: $v) { __typename } }","variables":{"v":${levels(15_000)}}}`,
  },
  document("a list of ten thousand ids", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids: Array.from({ length: 10_000 }, () => "a") }),
  document("ten thousand wrong items", "query ($v: QuoteInput!) { quote(input: $v) { __typename } }", {
    v: { items: Array.from({ length: 10_000 }, () => 1) },
  }),
  document(
    "an input with names that objects have anyway",
    "query ($v: QuoteInput!) { quote(input: $v) { __typename } }",
    JSON.parse('{ "v": { "__proto__": { "a": 1 }, "constructor": 1 } }'),
  ),
  document("the schema, in circles", `{ __schema { types { ${"fields { type { ".repeat(12)} name ${"} } ".repeat(12)} } } }`),
  document("the schema thirty times", `{ ${times(30, (n) => `s${n}: __schema { types { fields { name description } } }`)} }`),
  document("a flood of types", `{ ${times(50, (n) => `t${n}: __type(name: "Plan") { fields { name } }`)} }`),
  document("a subscription", "subscription { __typename }"),
  document("a change by the hundred", `mutation { ${times(100, (n) => `a${n}: redeemQuote(input: {}) { __typename }`)} }`),
  document("conditions of conditions", `query ($a: Boolean = true) { ${times(101, () => "... @include(if: $a) { __typename }")} }`),
  { what: "a query that is a number", body: { query: 7 } },
  { what: "variables that are a list", body: { query: "{ __typename }", variables: [1, 2] } },
  { what: "a hash of the wrong form", body: { extensions: { persistedQuery: { version: 1, sha256Hash: "x".repeat(50_000) } } } },
  { what: "a hash of something else", body: { query: "{ __typename }", extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } } },
  { what: "extensions of fifteen thousand levels", body: `{"query":"{ nope }","extensions":${levels(15_000)}}` },
];

function document(what: string, query: string, variables?: object): Hostile {
  return { what, body: { query, ...(variables === undefined ? {} : { variables }) } };
}

function times(count: number, write: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => write(number)).join(" ");
}

function levels(count: number): string {
  return `${'{"a":'.repeat(count)}1${"}".repeat(count)}`;
}

/** Each fragment spreads the next twice. */
function doubling(levels: number): string {
  return `{ ...f0 } ${times(levels, (level) => `fragment f${level} on Query { ...f${level + 1} ...f${level + 1} }`)} fragment f${levels} on Query { __typename }`;
}

function unfolding(levels: number, spreads: number): string {
  const spread = (level: number): string => times(spreads, () => `... { ...f${level} }`);
  return `{ ${spread(0)} } ${times(levels, (level) => `fragment f${level} on Query { ${spread(level + 1)} }`)} fragment f${levels} on Query { __typename }`;
}

function circle(size: number): string {
  return `{ ...f0 } ${times(size, (n) => `fragment f${n} on Query { a { ...f${(n + 1) % size} } a { ...f${(n + 7) % size} } }`)}`;
}

function overlapping(levels: number): string {
  return levels === 0 ? "{ a a }" : `{ a ${overlapping(levels - 1)} a ${overlapping(levels - 1)} a ${overlapping(levels - 1)} }`;
}

function overlappingFragments(fragments: number, fields: number): string {
  const spreads = times(fragments, (n) => `...f${n}`);
  return `{ ${spreads} } ${times(fragments, (n) => `fragment f${n} on Query { ${times(fields, () => "a { b c }")} }`)}`;
}
