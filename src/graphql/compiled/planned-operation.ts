import { Kind, visit, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import { bytesOfDocument } from "../limits/document-bytes.js";
import { Coercion } from "./coercion.js";
import { Plan } from "./plan.js";
import type { RememberedTexts } from "./remembered-texts.js";

/** Other values of what `@skip` and `@include` ask for are another plan; beyond these it is left to graphql-js. */
const MAX_PLANS = 8;
/** How many requests at most are left to graphql-js after one that had errors, since each of those is run twice. */
const MAX_REST = 15;
/** A planned field, as measured. */
const FIELD_BYTES = 1_000;

/** The plans of one operation. */
export class PlannedOperation {
  private readonly plans = new Map<string, Plan>();
  private readonly conditions: readonly string[];
  private readonly documentBytes: number;
  private readonly coercion: Coercion;
  private lastRest = 0;
  private rest = 0;

  constructor(
    /** By which it is kept. */
    readonly name: string,
    private readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
    readonly operation: OperationDefinitionNode,
    private readonly texts: RememberedTexts | null,
  ) {
    this.conditions = conditionsOf(document);
    this.coercion = new Coercion(schema, operation);
    this.documentBytes = bytesOfDocument(document);
  }

  /** Of the document and its plans, about. They grow by what is asked for by them. */
  get bytes(): number {
    let fields = 0;
    for (const plan of this.plans.values()) fields += plan.fields;
    return this.documentBytes + FIELD_BYTES * fields;
  }

  /** The variables as plans take them; null = something is wrong with them, which graphql-js will tell. */
  coerce(variables: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
    return this.coercion.coerce(variables);
  }

  /** The plan for these variables, which must be coerced; null = this request is left to graphql-js. */
  planFor(variables: Readonly<Record<string, unknown>>): Plan | null {
    if (this.rest > 0) {
      this.rest--;
      return null;
    }
    const conditions: Record<string, boolean> = {};
    for (const name of this.conditions) {
      const value = variables[name];
      // A null by way of a default is an error.
      if (typeof value !== "boolean") return null;
      conditions[name] = value;
    }
    const key = Object.values(conditions).join(" ");
    const known = this.plans.get(key);
    if (known || this.plans.size >= MAX_PLANS) return known ?? null;
    const plan = new Plan(this.schema, this.document, this.operation, conditions, this.texts);
    this.plans.set(key, plan);
    return plan;
  }

  /** Lets operations that have errors again and again be run by graphql-js alone for longer and longer. */
  learn(hadErrors: boolean): void {
    this.lastRest = hadErrors ? Math.min(MAX_REST, 2 * this.lastRest + 1) : 0;
    this.rest = this.lastRest;
  }
}

/** The variables that `@skip` and `@include` ask for anywhere in the document, each once. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: args = [] }) => {
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
