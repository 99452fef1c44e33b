import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isListType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { getComplexity, type ComplexityEstimator } from "graphql-query-complexity";
import { LRUCache } from "lru-cache";
import type { PermissionMap } from "../../access/permission-map.js";
import { QUOTE_LIMITS } from "../../catalog/quotes/quote-request.js";
import { MAX_PAGE_SIZE } from "../../kernel/page.js";
import { badRequest } from "../errors/bad-request.js";
import type { ListCost } from "./item-budget.js";

/**
 * How much one operation may ask for, in fields of the answer as estimated before it runs. A pricing page costs about
 * 3,000. Without a limit, lists that lead back to each other (product, plans, product, …) multiply without end.
 */
export const MAX_COST = 50_000;

/** Looking at a document costs this, also when it is refused: so much at least, and a point for so many characters of it. */
export const LEAST_COST = 10;
const CHARACTERS_A_POINT = 20;

/** What it costs to look at a document of so many characters. */
export function costOfLooking(characters: number): number {
  return LEAST_COST + Math.ceil(characters / CHARACTERS_A_POINT);
}

/** How many items a list without a page size is taken to have; `item-budget.ts` counts what they have in truth. */
const LIST_SIZE = 20;

/** The lists of a quote are as long as its input made them, which was charged for there; their fields are only written. */
const BOUNDED_LISTS: ReadonlySet<string> = new Set([
  "Quote",
  "QuoteLine",
  "Invoice",
  "InvoiceLine",
  "QuoteWorking",
  "PriceWorking",
  "PriceExplanation",
  "DiscountWorking",
  "DiscountStep",
]);
const BOUNDED_LIST_SIZE = 5;

/** What costs more than a field: a root asks the database, a total counts there, a denial makes an error, a text is formatted, a schema is large. */
const ROOT_COST = 500;
const TOTAL_COST = 50;
const GUARDED_COST = 10;
const FORMATTED_COST = 5;
const SCHEMA_COST = 2_000;
/** A line on an invoice takes a tenth of a millisecond to reckon, a stored quote some milliseconds to read and check. Guessing codes is dear. */
const LINE_COST = 15;
const CODE_COST = 200;
const KEPT_COST = 2_000;

/** Roots that ask nobody. */
const FREE_ROOTS: ReadonlySet<string> = new Set(["rateLimit", "__typename"]);

export interface Cost {
  /** What the operation costs if every list is as long as it may be, or as long as it is taken to be. */
  readonly requested: number;
  /** What of that each item of a list stands for. */
  readonly lists: ReadonlyMap<FieldNode, ListCost>;
}

/** How many sets of variables of one operation are remembered, and how long one may be. */
const MAX_KNOWN = 50;
const MAX_GIVEN = 1_000;

/** Knows what operations cost before they run, counting literals, variables and defaults alike. */
export class CostEstimate {
  // Parsed documents are kept, so operations come again, and most often with variables that they came with before.
  private readonly known = new WeakMap<OperationDefinitionNode, LRUCache<string, Cost>>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly permissions: PermissionMap,
  ) {}

  /** The variables have to be of the right kind. Throws what callers are told. */
  of(operation: OperationDefinitionNode, document: DocumentNode, variables: Record<string, unknown>): Cost {
    let costs = this.known.get(operation);
    if (!costs) this.known.set(operation, (costs = new LRUCache({ max: MAX_KNOWN })));
    const given = operation.variableDefinitions?.length ? JSON.stringify(variables) : "";
    const known = costs.get(given);
    if (known) return known;
    const lists = new Map<FieldNode, ListCost>();
    const cost = { requested: this.compute(only(operation, document), variables, lists), lists };
    if (given.length <= MAX_GIVEN) costs.set(given, cost);
    return cost;
  }

  private compute(query: DocumentNode, variables: Record<string, unknown>, lists: Map<FieldNode, ListCost>): number {
    try {
      return getComplexity({ schema: this.schema, query, variables, estimators: [estimatorFor(this.schema, this.permissions, query, lists)] });
    } catch (error) {
      // A null where the schema takes none, by way of a variable with a default.
      if (error instanceof GraphQLError) throw badRequest(error.message, "BAD_USER_INPUT");
      throw error;
    }
  }
}

/** The library would look for the operation by a name, which it may not have. */
function only(operation: OperationDefinitionNode, document: DocumentNode): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [operation, ...document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)] };
}

function estimatorFor(schema: GraphQLSchema, permissions: PermissionMap, query: DocumentNode, lists: Map<FieldNode, ListCost>): ComplexityEstimator {
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType()];
  return ({ type, field, args, node, childComplexity }) => {
    // The schema is of one size, and graphql-js bounds how deep its lists are followed.
    if (field.name === "__schema" || field.name === "__type") return SCHEMA_COST;
    const named = getNamedType(field.type);
    if (named.name.startsWith("__")) return 0;
    const isRoot = roots.includes(type);
    const ownAndWork = (isRoot ? workOf(field.name, args) : 0) + ownCost(isRoot, field.name, permissions[type.name]?.[field.name]);
    const isList = isListType(getNullableType(field.type)) && isCompositeType(named);
    if (isList && type.name.endsWith("Connection")) {
      // How many there are is said by the connection, which is visited next: from the innermost out.
      remember(lists, node, { size: MAX_PAGE_SIZE, each: childComplexity });
      return ownAndWork + childComplexity;
    }
    if (named.name.endsWith("Connection")) {
      // A page holds its count and its cursors once, and its edges as often as was asked for.
      const size = pageSize(args);
      let edgesCost = 0;
      for (const edges of listsOf(node, query)) {
        const each = lists.get(edges)?.each ?? 0;
        edgesCost += each;
        remember(lists, edges, { size, each });
      }
      return ownAndWork + childComplexity + (size - 1) * edgesCost;
    }
    if (!isList) return ownAndWork + childComplexity;
    const size = listSize(type.name, args);
    remember(lists, node, { size, each: childComplexity });
    return ownAndWork + size * childComplexity;
  };
}

/** A field of a fragment stands in several places, perhaps in pages of several sizes: given back is what is certain. */
function remember(lists: Map<FieldNode, ListCost>, node: FieldNode, { size, each }: ListCost): void {
  const known = lists.get(node);
  lists.set(node, known ? { size: Math.min(known.size, size), each: Math.min(known.each, each) } : { size, each });
}

/** The fields `edges` of a connection, as often as they stand there. */
function listsOf(connection: FieldNode, query: DocumentNode): FieldNode[] {
  const walk = (set: SelectionSetNode | undefined): FieldNode[] =>
    (set?.selections ?? []).flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === "edges" ? [selection] : [];
      if (selection.kind === Kind.INLINE_FRAGMENT) return walk(selection.selectionSet);
      const fragment = query.definitions.find((definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value);
      return walk(fragment?.kind === Kind.FRAGMENT_DEFINITION ? fragment.selectionSet : undefined);
    });
  return walk(connection.selectionSet);
}

/** What a root has to compute before there is a field to answer: quotes by their lines and invoices, and what is kept by its size. */
function workOf(field: string, args: Readonly<Record<string, unknown>>): number {
  switch (field) {
    case "quote":
      return quoteWork(args["input"]);
    case "createQuote":
      return KEPT_COST + (isInput(args["input"]) ? quoteWork(args["input"]["quote"]) : 0);
    case "storedQuote":
    case "redeemQuote":
    case "commitRedemption":
    case "releaseRedemption":
      return KEPT_COST;
    case "replayQuote":
      return 2 * KEPT_COST;
    default:
      return 0;
  }
}

function quoteWork(input: unknown): number {
  if (!isInput(input)) return 0;
  const count = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
  const items = count(input["items"]);
  const codes = count(input["codes"]);
  const periods = typeof input["periods"] === "number" ? input["periods"] : 1;
  // What is beyond a limit is refused before anything is reckoned.
  if (items > QUOTE_LIMITS.items || codes > QUOTE_LIMITS.codes || periods > QUOTE_LIMITS.periods) return 0;
  return LINE_COST * items * Math.max(1, periods) + CODE_COST * codes;
}

function isInput(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function ownCost(isRoot: boolean, field: string, rule: string | undefined): number {
  if (isRoot) return FREE_ROOTS.has(field) ? 1 : ROOT_COST;
  if (field === "totalCount") return TOTAL_COST;
  if (field === "formatted") return FORMATTED_COST;
  return rule === undefined || rule === "open" ? 1 : GUARDED_COST;
}

function pageSize(args: Readonly<Record<string, unknown>>): number {
  const size = args["first"] ?? args["last"];
  // What is not a page size is refused before anything is read.
  return typeof size === "number" ? Math.min(Math.max(size, 1), MAX_PAGE_SIZE) : 1;
}

function listSize(typeName: string, args: Readonly<Record<string, unknown>>): number {
  if (Array.isArray(args["ids"])) return args["ids"].length;
  return BOUNDED_LISTS.has(typeName) ? BOUNDED_LIST_SIZE : LIST_SIZE;
}
