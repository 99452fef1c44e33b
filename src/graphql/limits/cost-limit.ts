import type { ApolloServerPlugin } from "@apollo/server";
import { getVariableValues, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import type { PermissionMap } from "../../access/permission-map.js";
import { badRequest } from "../errors/bad-request.js";
import type { RequestContext } from "../context.js";
import { CostEstimate, MAX_COST, type Cost } from "./cost.js";
import { refusalOf } from "./document-gate.js";
import { rateLimited } from "./rate-limited.js";

type Meter = RequestContext["meter"];

/**
 * Refuses operations that would cost too much, or more than the caller has left; tells in the answer of each that ran what it cost:
 * `requested` is what was estimated before and taken from the caller's rate limit, `actual` what the lists that were made add up to.
 * The difference is given back.
 */
export class CostLimit {
  private readonly estimate: CostEstimate;

  constructor(
    private readonly schema: GraphQLSchema,
    permissions: PermissionMap,
  ) {
    this.estimate = new CostEstimate(schema, permissions);
  }

  /** The variables have to be of the right kind. Throws the refusal of what costs more than this caller ever has. */
  costOf(operation: OperationDefinitionNode, document: DocumentNode, variables: Record<string, unknown>, meter: Meter): Cost {
    const cost = this.estimate.of(operation, document, variables);
    const limit = limitOf(meter);
    if (cost.requested > limit) throw tooCostly(cost.requested, limit);
    return cost;
  }

  readonly plugin: ApolloServerPlugin<RequestContext> = {
    requestDidStart: async () => {
      let isAdmitted = false;
      return {
        didResolveOperation: async ({ request, document, operation, contextValue: { budget, meter } }) => {
          const refusal = refusalOf(document);
          if (refusal) throw refusal;
          if (!operation) return;
          if (!this.schema.getRootType(operation.operation)) throw badRequest(`There is no ${operation.operation} here.`, "GRAPHQL_VALIDATION_FAILED");
          const variables = request.variables ?? {};
          // Variables of the wrong kind have no cost: execution is about to refuse them. One is enough to know.
          if (operation.variableDefinitions && getVariableValues(this.schema, operation.variableDefinitions, variables, { maxErrors: 1 }).errors) return;
          const cost = this.costOf(operation, document, variables, meter);
          const waitMs = meter?.takeUpTo(Math.max(meter.taken, cost.requested)) ?? null;
          if (waitMs !== null) throw rateLimited(waitMs, cost.requested);
          isAdmitted = true;
          budget.requested = cost.requested;
          budget.lists = cost.lists;
        },
        willSendResponse: async ({ response, contextValue: { budget, meter } }) => {
          if (!isAdmitted || response.body.kind !== "single") return;
          const { requested } = budget;
          const actual = actualCost(budget);
          meter?.settle(actual);
          const cost = { requested, actual, limit: limitOf(meter), remaining: meter?.remaining ?? null };
          response.body.singleResult.extensions = { ...response.body.singleResult.extensions, cost };
        },
      };
    },
  };
}

/** What the lists that were made add up to. */
export function actualCost({ requested, saved }: RequestContext["budget"]): number {
  return Math.max(1, Math.min(requested, requested - saved));
}

/** No operation may cost more than its caller ever has. */
function limitOf(meter: Meter): number {
  return Math.min(MAX_COST, meter?.limit.burst ?? MAX_COST);
}

/** The end of an answer, from where it says what its caller may ask for. */
export const COST_TAIL = /,"limit":\d+,"remaining":(?:\d+|null)\}\}\}\n$/;

/** The same for another caller. */
export function costTail(meter: Meter, remaining: number | null): string {
  return `,"limit":${limitOf(meter)},"remaining":${remaining ?? "null"}}}}\n`;
}

/** What comes between the data and such an end. */
export function costHead(requested: number, actual: number): string {
  return `,"extensions":{"cost":{"requested":${requested},"actual":${actual}`;
}

function tooCostly(cost: number, limit: number): Error {
  const about = Number.isSafeInteger(cost) ? `about ${cost} fields` : "more fields than can be counted";
  return badRequest(`This operation costs ${about}; at most ${limit} go in one. Ask for smaller pages, or split it.`, "TOO_COSTLY", { limit });
}
