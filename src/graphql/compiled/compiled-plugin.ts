import { HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import type { RequestContext } from "../context.js";
import type { CompiledExecution } from "./compiled-execution.js";
import { FinishedData } from "./finished-data.js";

/** Has Apollo answer from plans what they have an answer to. */
export function compiledPlugin(schema: GraphQLSchema, compiled: CompiledExecution): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, request, source, contextValue }) {
          // Not what its type says: the document may hold no operation of the name that was asked for.
          const found = operation as OperationDefinitionNode | undefined;
          const planned = found && compiled.plan({ query: source, operationName: request.operationName ?? null }, document, found);
          if (!planned) return null;
          const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, { maxErrors: 1 });
          if (!coerced) return null;
          // What is counted by a run that comes to nothing must not count.
          const context = { ...contextValue, budget: { ...contextValue.budget } };
          const data = await compiled.answer(planned, context, coerced);
          if (data === null) return null;
          Object.assign(contextValue.budget, context.budget);
          contextValue.outcome.isPlanned = true;
          // As the type of Apollo has no word for it: `FinishedData.stringify` writes it.
          const singleResult = { data: new FinishedData(data) as unknown as Record<string, unknown> };
          return { body: { kind: "single", singleResult }, http: { headers: new HeaderMap() } };
        },
      };
    },
  };
}
