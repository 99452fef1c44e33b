import type { ApolloServerPlugin } from "@apollo/server";
import {
  getNamedType,
  getNullableType,
  getVariableValues,
  GraphQLError,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { getComplexity, type ComplexityEstimator } from "graphql-query-complexity";
import type { PermissionMap } from "../access/permission-map.js";
import { QUOTE_LIMITS } from "../catalog/quotes/quote-request.js";
import { MAX_PAGE_SIZE } from "../kernel/page.js";
import type { RequestContext } from "./context.js";

/**
 * How much one operation may ask for, in fields of the answer as estimated before it runs. A pricing page costs about
 * 3,000. Without a limit, lists that lead back to each other (product, plans, product, …) multiply without end.
 */
const MAX_COST = 50_000;

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

/** Refuses operations that would cost too much, counting literals, variables and defaults alike. */
export function costLimit(schema: GraphQLSchema, permissions: PermissionMap): ApolloServerPlugin<RequestContext> {
  const estimator = estimatorFor(schema, permissions);
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, document, operation }) {
          if (!operation) return;
          if (!schema.getRootType(operation.operation)) throw badRequest(`There is no ${operation.operation} here.`, "GRAPHQL_VALIDATION_FAILED");
          const variables = request.variables ?? {};
          // Variables of the wrong kind have no cost: execution is about to refuse them.
          if (getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors) return;
          const cost = costOf(schema, only(operation, document), variables, estimator);
          if (cost <= MAX_COST) return;
          const about = Number.isSafeInteger(cost) ? `about ${cost} fields` : "more fields than can be counted";
          throw badRequest(`This operation costs ${about}; at most ${MAX_COST} go in one. Ask for smaller pages, or split it.`, "TOO_COSTLY", {
            limit: MAX_COST,
          });
        },
      };
    },
  };
}

function costOf(schema: GraphQLSchema, query: DocumentNode, variables: Record<string, unknown>, estimator: ComplexityEstimator): number {
  try {
    return getComplexity({ schema, query, variables, estimators: [estimator] });
  } catch (error) {
    if (error instanceof RangeError) throw badRequest("The operation is nested too deeply.", "TOO_COSTLY");
    // A null where the schema takes none, by way of a variable with a default.
    if (error instanceof GraphQLError) throw badRequest(error.message, "BAD_USER_INPUT");
    throw error;
  }
}

/** The library would look for the operation by a name, which it may not have. */
function only(operation: OperationDefinitionNode, document: DocumentNode): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [operation, ...document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)] };
}

function estimatorFor(schema: GraphQLSchema, permissions: PermissionMap): ComplexityEstimator {
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType()];
  return ({ type, field, args, childComplexity }) => {
    // The schema is of one size, and graphql-js bounds how deep its lists are followed.
    if (field.name === "__schema" || field.name === "__type") return SCHEMA_COST;
    if (getNamedType(field.type).name.startsWith("__")) return 0;
    return (
      (roots.includes(type) ? workOf(field.name, args) : 0) +
      ownCost(roots.includes(type), field.name, permissions[type.name]?.[field.name]) +
      listSize(type.name, field, args) * childComplexity
    );
  };
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
  if (isRoot) return ROOT_COST;
  if (field === "totalCount") return TOTAL_COST;
  if (field === "formatted") return FORMATTED_COST;
  return rule === undefined || rule === "open" ? 1 : GUARDED_COST;
}

function listSize(typeName: string, field: Parameters<ComplexityEstimator>[0]["field"], args: Readonly<Record<string, unknown>>): number {
  const pageSize = args["first"] ?? args["last"];
  if (typeof pageSize === "number") return Math.min(Math.max(pageSize, 1), MAX_PAGE_SIZE);
  if (Array.isArray(args["ids"])) return args["ids"].length;
  const size = BOUNDED_LISTS.has(typeName) ? BOUNDED_LIST_SIZE : LIST_SIZE;
  const isList = isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type));
  // The edges of a connection are counted by its page size.
  return isList && !(typeName.endsWith("Connection") && isObjectType(getNamedType(field.type))) ? size : 1;
}

function badRequest(message: string, code: string, more: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...more, http: { status: 400 } } });
}
