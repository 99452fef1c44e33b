import { HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import { getVariableValues, OperationTypeNode, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import { LRUCache } from "lru-cache";
import type { RequestContext } from "../context.js";
import { FinishedData } from "./finished-data.js";
import { PlannedOperation } from "./planned-operation.js";
import { RememberedTexts, type Constancy } from "./remembered-texts.js";

/** Of an operation that is kept, with its document and all that it is asked for; larger ones take the room of several. */
const MEAN_BYTES = 64_000;

export interface CompiledOptions {
  /** How many operations are kept at most. */
  readonly documents: number;
}

/** What came of it since the start. */
export interface CompiledStats {
  /** Operations that were planned. */
  planned: number;
  /** Answers that came from a plan. */
  answered: number;
  /** Runs that came to nothing, and had graphql-js run the query again. */
  repeated: number;
}

export interface CompiledExecution {
  readonly plugin: ApolloServerPlugin<RequestContext>;
  readonly stats: Readonly<CompiledStats>;
}

/**
 * Answers queries from plans that are made when an operation comes for the second time. Whatever a plan does not answer, errors above all, is left
 * to graphql-js as if nothing had been tried. That runs resolvers of queries a second time; they only read.
 * @param constancy what may be written once for many answers; null = nothing.
 */
export function compiledExecution(schema: GraphQLSchema, { documents }: CompiledOptions, constancy: Constancy | null = null): CompiledExecution {
  const texts = constancy && new RememberedTexts(constancy);
  const stats: CompiledStats = { planned: 0, answered: 0, repeated: 0 };
  const seen = new WeakSet<OperationDefinitionNode>();
  const kept = new LRUCache<OperationDefinitionNode, PlannedOperation>({
    max: documents,
    maxSize: documents * MEAN_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
    // It has to come twice again.
    dispose: (_planned, operation, reason) => reason !== "set" && seen.delete(operation),
  });
  const plugin: ApolloServerPlugin<RequestContext> = {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, request, contextValue }) {
          // Not what its type says: the document may hold no operation of the name that was asked for.
          if ((operation as OperationDefinitionNode | undefined)?.operation !== OperationTypeNode.QUERY) return null;
          if (!seen.has(operation)) {
            seen.add(operation);
            return null;
          }
          const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, { maxErrors: 1 });
          if (!coerced) return null;
          let planned = kept.get(operation);
          if (!planned) {
            planned = new PlannedOperation(schema, document, operation, texts);
            kept.set(operation, planned);
            stats.planned++;
          }
          const plan = planned.planFor(coerced);
          if (!plan) return null;
          const fieldsBefore = plan.fields;
          // What is counted by a run that comes to nothing must not count.
          const context = { ...contextValue, budget: { ...contextValue.budget } };
          try {
            const data = new FinishedData(await plan.run(context, coerced));
            Object.assign(contextValue.budget, context.budget);
            planned.learn(false);
            stats.answered++;
            // As the type of Apollo has no word for it: `FinishedData.stringify` writes it.
            const singleResult = { data: data as unknown as Record<string, unknown> };
            return { body: { kind: "single", singleResult }, http: { headers: new HeaderMap() } };
          } catch {
            planned.learn(true);
            stats.repeated++;
            return null; // Whatever it was, graphql-js meets it too and tells it in its words.
          } finally {
            if (plan.fields > fieldsBefore && kept.peek(operation) === planned) kept.set(operation, planned);
          }
        },
      };
    },
  };
  return { plugin, stats };
}
