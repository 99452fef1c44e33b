import type { ApolloServerPlugin } from "@apollo/server";
import { getVariableValues, type GraphQLSchema } from "graphql";
import type { PermissionMap } from "../access/permission-map.js";
import { badRequest } from "./bad-request.js";
import type { RequestContext } from "./context.js";
import { CostEstimate, MAX_COST } from "./cost.js";
import { refusalOf } from "./document-gate.js";
import { rateLimited } from "./rate-limited.js";

/**
 * Refuses operations that would cost too much, or more than the caller has left; tells in the answer of each that ran what it cost:
 * `requested` is what was estimated before and taken from the caller's rate limit, `actual` what the lists that were made add up to.
 * The difference is given back.
 */
export function costLimit(schema: GraphQLSchema, permissions: PermissionMap): ApolloServerPlugin<RequestContext> {
  const estimate = new CostEstimate(schema, permissions);
  return {
    async requestDidStart() {
      let isAdmitted = false;
      return {
        async didResolveOperation({ request, document, operation, contextValue: { budget, meter } }) {
          const refusal = refusalOf(document);
          if (refusal) throw refusal;
          if (!operation) return;
          if (!schema.getRootType(operation.operation)) throw badRequest(`There is no ${operation.operation} here.`, "GRAPHQL_VALIDATION_FAILED");
          const variables = request.variables ?? {};
          // Variables of the wrong kind have no cost: execution is about to refuse them. One is enough to know.
          if (operation.variableDefinitions && getVariableValues(schema, operation.variableDefinitions, variables, { maxErrors: 1 }).errors) return;
          const cost = estimate.of(operation, document, variables);
          const limit = limitOf(meter);
          if (cost.requested > limit) throw tooCostly(cost.requested, limit);
          const waitMs = meter?.takeUpTo(Math.max(meter.taken, cost.requested)) ?? null;
          if (waitMs !== null) throw rateLimited(waitMs, cost.requested);
          isAdmitted = true;
          budget.requested = cost.requested;
          budget.lists = cost.lists;
        },
        async willSendResponse({ response, contextValue: { budget, meter } }) {
          if (!isAdmitted || response.body.kind !== "single") return;
          const { requested } = budget;
          const actual = Math.max(1, Math.min(requested, requested - budget.saved));
          meter?.settle(actual);
          const cost = { requested, actual, limit: limitOf(meter), remaining: meter?.state().remaining ?? null };
          response.body.singleResult.extensions = { ...response.body.singleResult.extensions, cost };
        },
      };
    },
  };
}

/** No operation may cost more than its caller ever has. */
function limitOf(meter: RequestContext["meter"]): number {
  return Math.min(MAX_COST, meter?.limit.burst ?? MAX_COST);
}

/** The end of an answer, from where it says what its caller may ask for. */
export const COST_TAIL = /,"limit":\d+,"remaining":(?:\d+|null)\}\}\}\n$/;

/** The same for another caller. */
export function costTail(meter: RequestContext["meter"], remaining: number | null): string {
  return `,"limit":${limitOf(meter)},"remaining":${remaining ?? "null"}}}}\n`;
}

function tooCostly(cost: number, limit: number): Error {
  const about = Number.isSafeInteger(cost) ? `about ${cost} fields` : "more fields than can be counted";
  return badRequest(`This operation costs ${about}; at most ${limit} go in one. Ask for smaller pages, or split it.`, "TOO_COSTLY", { limit });
}
