import { OperationTypeNode, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import { LRUCache } from "lru-cache";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { Plan } from "./plan.js";
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
  /** Of these, before the server proper saw the request. */
  early: number;
  /** Runs that came to nothing, and had graphql-js run the query again. */
  repeated: number;
}

/** An operation of a document, by what callers send. */
export interface OperationText {
  readonly query: string;
  /** Null = the document has but one. */
  readonly operationName: string | null;
}

/**
 * Answers queries from plans that are made when an operation comes for the second time. Whatever a plan does not answer, errors above all, is left
 * to graphql-js as if nothing had been tried. That runs resolvers of queries a second time; they only read.
 */
export class CompiledExecution {
  readonly stats: CompiledStats = { planned: 0, answered: 0, early: 0, repeated: 0 };
  private readonly seen = new WeakSet<OperationDefinitionNode>();
  private readonly kept: LRUCache<string, PlannedOperation>;
  private readonly texts: RememberedTexts | null;

  /** @param constancy what may be written once for many answers; null = nothing. */
  constructor(
    private readonly schema: GraphQLSchema,
    { documents }: CompiledOptions,
    constancy: Constancy | null = null,
  ) {
    this.texts = constancy && new RememberedTexts(constancy);
    this.kept = new LRUCache({
      max: documents,
      maxSize: documents * MEAN_BYTES,
      sizeCalculation: ({ bytes }, name) => bytes + 2 * name.length,
      // It has to come twice again.
      dispose: ({ operation }, _name, reason) => reason !== "set" && this.seen.delete(operation),
    });
  }

  /** What has been planned of it; null = nothing yet. */
  find(text: OperationText): PlannedOperation | null {
    return this.kept.get(nameOf(text)) ?? null;
  }

  /** Whether it is still there; who asks counts as one who uses it. */
  keeps(planned: PlannedOperation): boolean {
    return this.kept.get(planned.name) === planned;
  }

  /** Plans an operation that has come before. The document must be valid, and within limits. Null = it has not come before, or is no query. */
  plan(text: OperationText, document: DocumentNode, operation: OperationDefinitionNode): PlannedOperation | null {
    if (operation.operation !== OperationTypeNode.QUERY) return null;
    const known = this.find(text);
    if (known) return known;
    if (!this.seen.has(operation)) {
      this.seen.add(operation);
      return null;
    }
    const planned = new PlannedOperation(nameOf(text), this.schema, document, operation, this.texts);
    this.kept.set(planned.name, planned);
    this.stats.planned++;
    return planned;
  }

  /**
   * The `data` of the answer as JSON; null = it is left to graphql-js, which meets whatever went wrong too and tells it in its words.
   * @param context is written to, also where it comes to nothing.
   * @param variables must be coerced.
   */
  answer(planned: PlannedOperation, context: object, variables: Record<string, unknown>): MaybePromise<string | null> {
    const plan = planned.planFor(variables);
    if (!plan) return null;
    const fieldsBefore = plan.fields;
    try {
      const data = plan.run(context, variables);
      if (typeof data === "string") return this.learn(planned, plan, fieldsBefore, data);
      return data.then(
        (text) => this.learn(planned, plan, fieldsBefore, text),
        () => this.learn(planned, plan, fieldsBefore, null),
      );
    } catch {
      return this.learn(planned, plan, fieldsBefore, null);
    }
  }

  private learn(planned: PlannedOperation, plan: Plan, fieldsBefore: number, data: string | null): string | null {
    planned.learn(data === null);
    if (data === null) this.stats.repeated++;
    else this.stats.answered++;
    // It has become heavier.
    if (plan.fields > fieldsBefore && this.kept.peek(planned.name) === planned) this.kept.set(planned.name, planned);
    return data;
  }
}

/** No name of an operation holds a line feed. */
function nameOf({ query, operationName }: OperationText): string {
  return `${operationName ?? ""}\n${query}`;
}
