import type { ApolloServerPlugin } from "@apollo/server";
import { getNamedType, getNullableType, getVariableValues, GraphQLError, isCompositeType, isListType, type GraphQLSchema } from "graphql";
import { getComplexity, type ComplexityEstimator } from "graphql-query-complexity";
import { MAX_PAGE_SIZE } from "../kernel/page.js";
import type { RequestContext } from "./context.js";

/**
 * How much one operation may ask for, in fields of the answer as estimated before it runs. A pricing page costs about
 * 2,000. Without a limit, lists that lead back to each other (product, plans, product, …) multiply without end.
 */
const MAX_COST = 50_000;

/** How many items a list without a page size is taken to have. */
const LIST_SIZE = 10;

/** Refuses operations that would cost too much, counting literals, variables and defaults alike. */
export function costLimit(schema: GraphQLSchema): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, document, operation }) {
          // Variables of the wrong kind have no cost: execution is about to refuse them.
          if (getVariableValues(schema, operation?.variableDefinitions ?? [], request.variables ?? {}).errors) return;
          const cost = getComplexity({
            schema,
            query: document,
            variables: request.variables ?? {},
            ...(request.operationName == null ? {} : { operationName: request.operationName }),
            estimators: [estimate],
          });
          if (cost <= MAX_COST) return;
          throw new GraphQLError(`This operation costs about ${cost} fields; at most ${MAX_COST} go in one. Ask for smaller pages, or split it.`, {
            extensions: { code: "TOO_COSTLY", cost, limit: MAX_COST, http: { status: 400 } },
          });
        },
      };
    },
  };
}

const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  // The schema is of one size and in memory; graphql-js bounds how deep its lists are followed.
  if (getNamedType(field.type).name.startsWith("__")) return 1 + childComplexity;
  const size: unknown = args["first"] ?? args["last"];
  if (typeof size === "number") return 1 + Math.min(Math.max(size, 1), MAX_PAGE_SIZE) * childComplexity;
  // The edges of a connection are counted by its page size.
  const isList = isListType(getNullableType(field.type)) && !type.name.endsWith("Connection");
  return 1 + (isList && isCompositeType(getNamedType(field.type)) ? LIST_SIZE : 1) * childComplexity;
};
