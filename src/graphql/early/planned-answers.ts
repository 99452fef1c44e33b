import type { Viewer } from "../../access/viewer.js";
import { andThen, type MaybePromise } from "../../kernel/maybe-promise.js";
import { costOfLooking } from "../limits/cost.js";
import type { CompiledExecution } from "../compiled/compiled-execution.js";
import type { RequestContext } from "../context.js";
import { actualCost, costHead, type CostLimit } from "../limits/cost-limit.js";
import type { Keepable } from "../finished/kept-answers.js";
import type { ReleasedOperations } from "../finished/released-operations.js";
import { maySend, type TrustedDocuments } from "../arrival/trusted-documents.js";
import { readAsked } from "./asked.js";
import type { EarlyRequest } from "./early-request.js";
import type { KnownHeaders } from "./known-headers.js";
import type { PlannedQuestion } from "./planned-question.js";

export interface PlannedAnswersParts {
  readonly compiled: CompiledExecution;
  readonly costs: CostLimit;
  readonly released: ReleasedOperations;
  readonly trusted: TrustedDocuments | null;
  readonly openContext: (requestId: string, viewer: Viewer, meter: RequestContext["meter"]) => RequestContext;
  readonly headers: KnownHeaders;
}

/**
 * Answers queries by their plans before anything of the server proper sees them. What makes a document one that may run was looked at when
 * it was planned; what depends on the caller, or on its variables, is looked at each time. Whatever is to be refused is left to the long way.
 */
export class PlannedAnswers {
  constructor(private readonly parts: PlannedAnswersParts) {}

  /** Null = it has no plan, or is unusual in some way. */
  find(request: EarlyRequest): PlannedQuestion | null {
    const { compiled, costs, released } = this.parts;
    const headers = this.parts.headers.of(request);
    const asked = headers && request.exchange.body && readAsked(request.exchange.body);
    if (!asked) return null;
    const query = this.queryOf(asked, request.viewer);
    const planned = query === null ? null : compiled.find({ query, operationName: asked.operationName });
    if (query === null || !planned) return null;
    const { operation, document } = planned;
    const coerced = planned.coerce(asked.variables);
    if (coerced === null) return null;
    try {
      const cost = costs.costOf(operation, document, asked.variables, request.meter);
      const isReleased = released.has(document, operation);
      return { planned, variables: coerced, cost, looking: costOfLooking(asked.query?.length ?? 0), isReleased, headers, last: null };
    } catch {
      return null; // It costs too much, which is told there.
    }
  }

  /** Whether what was found is still what would be found. */
  isKept({ planned }: PlannedQuestion): boolean {
    return this.parts.compiled.keeps(planned);
  }

  /** The answer up to what its caller is told of its own limits; null = the plan has none, or the caller has too few points left, of which none was taken. */
  answer({ requestId, viewer, meter }: EarlyRequest, question: PlannedQuestion): MaybePromise<Keepable | null> {
    const { compiled, openContext } = this.parts;
    const { planned, variables, cost, looking, isReleased } = question;
    if (meter && meter.takeUpTo(Math.max(looking, cost.requested)) !== null) return null;
    const context = openContext(requestId, viewer, meter);
    context.budget.requested = cost.requested;
    context.budget.lists = cost.lists;
    return andThen(compiled.answer(planned, context, variables), (data) => {
      const actual = data === null ? 0 : actualCost(context.budget);
      meter?.settle(data === null ? 0 : Math.max(looking, actual));
      if (data === null) return null;
      compiled.stats.early++;
      const headers = headersAt(question, context.catalog.release);
      return { context, isReleased, headers, beginning: `{"data":${data}${costHead(cost.requested, actual)}`, cost: looking };
    });
  }

  /** The text of the document, if this caller may have it run; null = that is to be found out elsewhere. */
  private queryOf({ query, documentId }: { readonly query: string | null; readonly documentId: string | null }, viewer: Viewer): string | null {
    const { trusted } = this.parts;
    if (documentId !== null) return query === null ? (trusted?.get(documentId) ?? null) : null;
    return query !== null && maySend(query, viewer, trusted) ? query : null;
  }
}

function headersAt(question: PlannedQuestion, release: number | null): readonly string[] {
  if (release === null) return question.headers;
  if (question.last?.release !== release) question.last = { release, headers: [...question.headers, "catalog-release", String(release)] };
  return question.last.headers;
}
