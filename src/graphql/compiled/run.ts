import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from "graphql";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { FieldArguments } from "./field-arguments.js";
import { Output } from "./output.js";
import type { RememberedTexts } from "./remembered-texts.js";

/** The plan has no answer: graphql-js will, or will say why not. */
export class Unanswered extends Error {}

/** The operation that a plan is of. */
export interface Planned {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** The values of the variables that `@skip` and `@include` ask for. */
  readonly conditions: Readonly<Record<string, boolean>>;
  /** How many fields were planned until now. */
  fields: number;
  /** Null = everything is written anew for each answer. */
  readonly texts: RememberedTexts | null;
}

/** One field in one place of the operation. */
export interface PlannedField {
  /** Among the fields of the plan. */
  readonly index: number;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly args: FieldArguments;
}

/** What the resolvers of a field are given beside its parent. */
interface Call {
  readonly args: Record<string, unknown>;
  readonly info: GraphQLResolveInfo;
}

/** A class, because an object literal with a getter takes a hundred times as long to make. */
class Info implements GraphQLResolveInfo {
  readonly fieldName: string;
  readonly fieldNodes: readonly FieldNode[];
  readonly returnType: GraphQLOutputType;
  readonly parentType: GraphQLObjectType;
  readonly schema: GraphQLSchema;
  readonly fragments: Planned["fragments"];
  readonly rootValue = undefined;
  readonly operation: OperationDefinitionNode;

  constructor(
    { schema, fragments, operation }: Planned,
    { definition, nodes, parentType }: PlannedField,
    readonly variableValues: Record<string, unknown>,
  ) {
    this.fieldName = definition.name;
    this.fieldNodes = nodes;
    this.returnType = definition.type;
    this.parentType = parentType;
    this.schema = schema;
    this.fragments = fragments;
    this.operation = operation;
  }

  /** Of each parent another, so it is not kept: a resolver that asks for it is left to graphql-js. */
  get path(): never {
    throw new Unanswered("path");
  }
}

/** Writes a value as JSON. */
export type Write = (value: unknown, out: Output, run: Run) => void;

/** Where a value is to be written when it is there. */
interface Hole {
  readonly write: Write;
  readonly out: Output;
}

/**
 * One execution of a plan. After an error it goes on to the end all the same, as graphql-js does: a promise that nobody looks at any more would
 * end the process if it was rejected.
 */
export class Run {
  private readonly calls: (Call | undefined)[];
  private readonly out = new Output();
  /** How many values were written that may be others next time. */
  varied = 0;
  private readonly awaited = new Map<PromiseLike<unknown>, Hole[]>();
  private failure: { readonly reason: unknown } | null = null;
  private settled: (() => void) | null = null;

  constructor(
    private readonly plan: Planned,
    readonly context: object,
    private readonly variables: Record<string, unknown>,
  ) {
    this.calls = new Array<Call | undefined>(plan.fields);
  }

  /** Everything that `write` writes, at once or when the last promise of it is there. Throws or rejects with the first error of all. */
  finish(write: Write): MaybePromise<string> {
    write(undefined, this.out, this);
    return this.awaited.size === 0 ? this.end() : new Promise<void>((resolve) => (this.settled = resolve)).then(() => this.end());
  }

  /** Writes a value, or leaves room for it until it is there. */
  write(value: unknown, write: Write, out: Output): void {
    if (!isPromise(value)) return write(value, out, this);
    const hole = { write, out: out.hole() };
    const holes = this.awaited.get(value);
    if (holes) holes.push(hole);
    else this.wait(value, [hole]);
  }

  /** Waits once for a promise that several fields have been given. */
  private wait(promise: PromiseLike<unknown>, holes: Hole[]): void {
    this.awaited.set(promise, holes);
    promise.then(
      (settled) => {
        // What is written may be given the promise again: the list grows then.
        for (const hole of holes) this.fill(hole, settled);
        this.settle(promise);
      },
      (reason: unknown) => {
        this.fail(reason);
        this.settle(promise);
      },
    );
  }

  private fill({ write, out }: Hole, value: unknown): void {
    try {
      write(value, out, this);
    } catch (error) {
      this.fail(error);
    }
  }

  get hasFailed(): boolean {
    return this.failure !== null;
  }

  fail(reason: unknown): void {
    this.failure ??= { reason };
  }

  /** The same for every parent, so it is made once. */
  callOf(field: PlannedField): Call {
    return (this.calls[field.index] ??= { args: field.args.read(this.variables), info: new Info(this.plan, field, this.variables) });
  }

  private settle(promise: PromiseLike<unknown>): void {
    this.awaited.delete(promise);
    if (this.awaited.size === 0) this.settled?.();
  }

  private end(): string {
    if (this.failure) throw this.failure.reason;
    return this.out.toString();
  }
}

/** As graphql-js tells them: Prisma's are no instances of Promise. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (typeof value === "object" || typeof value === "function") && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}
