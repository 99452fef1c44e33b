import { getNamedType, isEnumType, isInputObjectType, isNonNullType, type GraphQLField, type GraphQLInputField } from "graphql";
import { QUOTE_FIELDS, REFUSED, WORKING } from "./quote-catalog.js";
import { select, type Selecting } from "./selections.js";
import { isTimed, itemsOf, listsOf, objectType, ordersOf, type Universe } from "./universe.js";

/** One way of asking for a field of Query, as it stands in a document. */
type Call = string;

export interface Asked extends Selecting {
  readonly universe: Universe;
  /** Values of `at`, as they stand in a document. */
  readonly points: readonly string[];
  readonly codes: readonly string[];
}

/** All that a quote says, which is too much for one document where everything hangs on it that can. */
const QUOTED = `{ __typename ... on Quote { ${QUOTE_FIELDS} ${WORKING} } ${REFUSED} }`;

/** How each field of Query is asked for. A field that is not here, and is no list of the catalog, turns the tests red that read everything. */
const CALLS: Readonly<Record<string, (asked: Asked) => Call[]>> = {
  catalogPoint: (asked) => ["", ...asked.points].map((at) => `catalogPoint${at && `(at: ${at})`} ${selection("CatalogPoint", 2, asked)}`),
  release: (asked) =>
    ["", "(number: 0)", "(number: 1)", "(number: 2)", "(number: 3)", "(number: 99)"].map((which) => `release${which} ${selection("Release", 1, asked)}`),
  releases: (asked) => ["first: 2", "last: 1", "first: 40"].map((page) => `releases(${page}) ${selection("ReleaseConnection", 3, asked)}`),
  market: (asked) => single("market", "Market", asked),
  product: (asked) => single("product", "Product", asked),
  plan: (asked) => [...single("plan", "Plan", asked), ...plansInMarkets(asked)],
  feature: (asked) => single("feature", "Feature", asked),
  price: (asked) => single("price", "Price", asked),
  discount: (asked) => single("discount", "Discount", asked),
  discountPolicy: (asked) => ["", ...asked.points].map((at) => `discountPolicy${at && `(at: ${at})`} ${selection("DiscountPolicy", 1, asked)}`),
  node: (asked) =>
    [...asked.universe.ids, "", "UHJpY2U6", "nonsense"].map(
      (id, index) => `node(id: "${id}") ${index % 5 === 0 ? selection("Node", 1, asked) : "{ id __typename }"}`,
    ),
  nodes: ({ universe: { ids }, points }) =>
    ["", ...points].flatMap((at) => chunks(ids, 100).map((some) => `nodes(ids: ${JSON.stringify(some)}${at && `, at: ${at}`}) { __typename id }`)),
  comparePlans: (asked) =>
    keysOf("Market", asked).flatMap((market) =>
      keysOf("Product", asked).map((product, index) => {
        const more = ["", `, currency: "SEK"`, `, interval: "P1Y", segment: "student"`][index % 3] ?? "";
        return `comparePlans(market: "${market}", product: "${product}"${more}) ${selection("PlanComparison", 2, asked)}`;
      }),
    ),
  quote: (asked) => quoteInputs(asked).map((input, index) => `quote(${input}) ${index % 9 === 0 ? selection("QuoteResult", 3, asked) : QUOTED}`),
  explainPrice: (asked) =>
    keysOf("Market", asked).flatMap((market) =>
      keysOf("Plan", asked).map((plan, index) => {
        const more = ["", `, interval: "P1Y"`, `, since: "2026-01-20T00:00:00Z"`][index % 3] ?? "";
        return `explainPrice(input: { market: "${market}", plan: "${plan}"${more} }) ${selection("PriceExplanationResult", 1, asked)}`;
      }),
    ),
  apiKeys: () => ["apiKeys(first: 1) { edges { __typename } }"],
  rateLimit: (asked) => [`rateLimit ${selection("RateLimit", 1, asked)}`],
  quoteSigningKeys: () => ["quoteSigningKeys { kid x }"],
  storedQuote: (asked) => [`storedQuote(quoteId: "q_00000000000000000000000000") ${selection("StoredQuote", 1, asked)}`],
  replayQuote: () => [`replayQuote(quoteId: "q_00000000000000000000000000") { same }`],
  customer: (asked) => ["ada", "nobody", " "].map((key) => `customer(key: ${JSON.stringify(key)}) ${selection("Customer", 4, asked)}`),
  codeReport: (asked) => [...asked.codes, "NO-SUCH-CODE", ""].map((code) => `codeReport(code: ${JSON.stringify(code)}) ${selection("CodeReport", 2, asked)}`),
};

/** The documents that ask for everything that can be asked for, each for one field of Query. */
export function everyRead(asked: Asked): { field: string; document: string }[] {
  const lists = new Map(listsOf(asked.schema).map((list) => [list.name, list]));
  return Object.values(asked.schema.getQueryType()?.getFields() ?? {}).flatMap(({ name: field, type }) => {
    const list = lists.get(field);
    const calls = list ? listCalls(list, asked) : CALLS[field]?.(asked);
    if (!calls) throw new Error(`say in test/support/every-read.ts how Query.${field} is asked for`);
    return packed(calls, (call) => ALONE.has(field) || (call.includes("at: {") && isNonNullType(type))).map((some) => ({
      field,
      document: `{ ${some.map((call, index) => `a${index}: ${call}`).join("\n")} }`,
    }));
  });
}

/** What is asked for alone: it makes its whole document fail if it fails, and which of two that fail is told depends on which does first. */
const ALONE: ReadonlySet<string> = new Set(["catalogPoint", "discountPolicy", "codeReport", "customer", "nodes"]);

/** Several short calls in one document; what selects much costs much. */
function packed(calls: readonly Call[], isAlone: (call: Call) => boolean): Call[][] {
  const packs: Call[][] = [];
  for (const call of calls) {
    const last = isAlone(call) ? undefined : packs.at(-1);
    const size = (last ?? []).join().length + call.length;
    if (last && !last.some(isAlone) && last.length < 8 && size < 1_600) last.push(call);
    else packs.push([call]);
  }
  return packs;
}

/** Every page, order, cursor and filter of a list. */
function listCalls(list: GraphQLField<unknown, unknown>, asked: Asked): Call[] {
  const node = itemsOf(asked.schema, list);
  const shallow = connection(node, 0, asked);
  const deep = connection(node, 1, asked);
  const always = isTimed(list) ? ", filter: { periods: [PAST, CURRENT, UPCOMING] }" : "";
  const pages = ["first: 40", "first: 2", "last: 2", `last: 40${always}`].map((page) => `${list.name}(${page}) ${shallow}`);
  const points = asked.points.map((at) => `${list.name}(first: 40, at: ${at}${always}) ${shallow}`);
  const ordered = ordersOf(list).flatMap((order) => {
    const [field, direction] = order.split(" ");
    const by = `orderBy: { field: ${field}, direction: ${direction} }${always}`;
    const beyond = (asked.universe.cursors[`${list.name} ${order}`] ?? []).map((cursor, index) =>
      index % 2 ? `first: 2, after: "${cursor}"` : `last: 2, before: "${cursor}"`,
    );
    return ["first: 40", ...beyond].map((page) => `${list.name}(${page}, ${by}) ${shallow}`);
  });
  const filtered = filtersOf(list, asked).map((filter) => `${list.name}(first: 40, filter: { ${filter} }) ${shallow}`);
  return [...pages, ...points, ...ordered, ...filtered, `${list.name}(first: 3${always}) ${deep}`, `${list.name}(last: 3) ${deep}`];
}

/** Every value of every field of a filter, alone and with all others. */
function filtersOf(list: GraphQLField<unknown, unknown>, asked: Asked): string[] {
  const type = getNamedType(list.args.find(({ name }) => name === "filter")?.type);
  if (!isInputObjectType(type)) return [];
  const always = isTimed(list) ? ", periods: [PAST, CURRENT, UPCOMING]" : "";
  return Object.values(type.getFields()).flatMap((field) => {
    const values = valuesOf(field, itemsOf(asked.schema, list), asked);
    if (values.includes("true")) return values.map((value) => `${field.name}: ${value}`);
    return ["[]", `[${values.join(", ")}]`, ...values.map((value) => `[${value}]`)].map(
      (value) => `${field.name}: ${value}${field.name === "periods" ? "" : always}`,
    );
  });
}

const KEYED: Readonly<Record<string, string>> = { plans: "Plan", products: "Product", markets: "Market", parents: "Market", features: "Feature" };
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  currencies: ["SEK", "EUR", "USD"],
  countryCodes: ["SE", "DE", "US"],
  intervals: ["P1M", "P1Y"],
  channels: ["web"],
  segments: ["student"],
  categories: ["listening"],
};

function valuesOf({ name, type }: GraphQLInputField, items: string, asked: Asked): string[] {
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues().map((value) => value.name);
  if (named.name === "Boolean") return ["true", "false"];
  const keyed = name === "keys" ? items : KEYED[name];
  const values = keyed ? keysOf(keyed, asked) : OTHERS[name];
  if (!values) throw new Error(`say in test/support/every-read.ts which values the filter ${name} of ${items} takes`);
  return values.map((value) => JSON.stringify(value));
}

function single(field: string, type: string, asked: Asked): Call[] {
  const deep = keysOf(type, asked).map((key) => `${field}(key: "${key}") ${selection(type, type === "Plan" ? 1 : 2, asked)}`);
  const elsewhere = asked.points.flatMap((at) => keysOf(type, asked).map((key) => `${field}(key: "${key}", at: ${at}) ${selection(type, 0, asked)}`));
  return [...deep, ...elsewhere];
}

function plansInMarkets(asked: Asked): Call[] {
  return keysOf("Plan", asked).flatMap((plan) =>
    keysOf("Market", asked).flatMap((market) => ["prices", "entitlements"].map((what) => `plan(key: "${plan}") { ${what}(market: "${market}") { key } }`)),
  );
}

/** Each plan in each market, some together, with every code. */
function quoteInputs(asked: Asked): string[] {
  const codes = JSON.stringify(asked.codes);
  const [plans, markets] = [keysOf("Plan", asked), keysOf("Market", asked)];
  const alone = plans.flatMap((plan) => markets.map((market) => `input: { items: [{ plan: "${plan}" }], market: "${market}", codes: ${codes} }`));
  const pairs = plans.flatMap((plan, index) =>
    plans
      .slice(index + 1)
      .map((other) => `input: { items: [{ plan: "${plan}" }, { plan: "${other}" }], market: "${asked.market}", periods: 3, customer: { isNew: true } }`),
  );
  const more = plans.flatMap((plan) => {
    const item = `plan: "${plan}", interval: "P1Y"`;
    const since = `plan: "${plan}", since: "2026-01-20T00:00:00Z"`;
    return [
      `input: { items: [{ ${item} }], market: "${asked.market}", codes: ${codes} }`,
      `input: { items: [{ ${since} }], market: "${asked.market}", periods: 14, customer: { id: "ada", segments: ["student"] } }`,
      ...asked.points.map((at) => `input: { items: [{ plan: "${plan}" }], market: "${asked.market}", codes: ${codes} }, at: ${at}`),
    ];
  });
  return [...alone, ...pairs, ...more];
}

/** And one that no catalog has. */
function keysOf(type: string, { universe }: Asked): string[] {
  return [...(universe.keys[type] ?? []), "nowhere"];
}

function selection(type: string, depth: number, asked: Asked): string {
  const named = asked.schema.getType(type);
  if (!named) throw new Error(`there is no type ${type}`);
  return select(named, depth, asked);
}

function connection(node: string, depth: number, asked: Asked): string {
  const item = select(objectType(asked.schema, node), depth, asked);
  return `{ totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node ${item} } }`;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
