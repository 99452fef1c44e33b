import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  GraphQLID,
  GraphQLString,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isScalarType,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from "graphql";
import { collectSubfields } from "graphql/execution/collectFields.js";
import { VERBATIM } from "../../platform/graphql/scalars/scalar.js";
import { FieldArguments } from "./field-arguments.js";
import { Output } from "./output.js";
import type { RememberedTexts } from "./remembered-texts.js";
import { Unanswered, type Planned, type PlannedField, type Run, type Write } from "./run.js";

/** What stands before a value, whose quotes may be written with it, and so may the one that ends the text before it. */
interface Lead {
  readonly plain: string;
  readonly opening: string;
  readonly closing: string;
  readonly closingAndOpening: string;
}

/** A field of a selection: the text up to its value, and how the value is had and written. */
interface Step {
  readonly lead: Lead;
  readonly field: PlannedField;
  /** Null = it is the property of its name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | null;
  readonly write: Write;
  /** Whether what is a text is written as it is. */
  readonly isVerbatim: boolean;
  /** Whether it may say something else next time, or counts what it answers. */
  readonly isVarying: boolean;
}

/** What is selected of objects of one type in one place. It is worked out when the first of them is written, so no plan is larger than its answers. */
export class Selection {
  private steps: readonly Step[] | null = null;
  private end = "}";
  private texts: WeakMap<object, string> | null = null;
  /** Whether something in it turned out to vary. */
  private isVarying = false;

  constructor(
    private readonly plan: Planned,
    private readonly type: GraphQLObjectType,
    private readonly collect: () => ReadonlyMap<string, readonly FieldNode[]>,
  ) {}

  readonly write: Write = (source, out, run) => {
    const { texts } = this.plan;
    if (!texts || this.isVarying || typeof source !== "object" || source === null || !texts.constancy.isShared(source)) {
      this.writeAnew(source, out, run);
      return;
    }
    const known = this.texts?.get(source);
    if (known === undefined) this.writeAndRemember(source, out, run, texts);
    else out.text += known;
  };

  forget(): void {
    this.texts = null;
  }

  /** Remembers the text of an object if nothing that was written of it can be another one next time. */
  private writeAndRemember(source: object, out: Output, run: Run, texts: RememberedTexts): void {
    const own = new Output();
    const varied = run.varied;
    this.writeAnew(source, own, run);
    out.append(own);
    this.isVarying ||= run.varied !== varied;
    if (this.isVarying || own.hasHoles || run.hasFailed) return;
    (this.texts ??= new WeakMap()).set(source, inOnePiece(own.text));
    texts.note(this, own.text.length);
  }

  private readonly writeAnew: Write = (source, out, run) => {
    let isQuoteOpen = false;
    for (const step of this.steps ?? this.prepare()) {
      if (step.isVarying) run.varied++;
      const { lead } = step;
      try {
        const value = step.resolve === null ? readProperty(source, step.field, run) : resolveField(source, step.field, step.resolve, run);
        if (step.isVerbatim && typeof value === "string" && isPlain(value)) {
          // Two pieces instead of four: each is an object until the answer is put together.
          out.text += isQuoteOpen ? lead.closingAndOpening : lead.opening;
          out.text += value;
          isQuoteOpen = true;
          continue;
        }
        out.text += isQuoteOpen ? lead.closing : lead.plain;
        isQuoteOpen = false;
        run.write(value, step.write, out);
      } catch (error) {
        run.fail(error);
      }
    }
    out.text += isQuoteOpen ? `"${this.end}` : this.end;
  };

  private prepare(): readonly Step[] {
    const steps: Step[] = [];
    let lead = "{";
    let separator = "";
    for (const [responseName, nodes] of this.collect()) {
      const [node] = nodes;
      if (!node) continue;
      lead += `${separator}"${responseName}":`;
      separator = ",";
      if (node.name.value === "__typename") {
        lead += `"${this.type.name}"`;
        continue;
      }
      steps.push(this.step(lead, [node, ...nodes.slice(1)]));
      lead = "";
    }
    this.end = `${lead}}`;
    // Then nobody need ask whose text it is.
    this.isVarying ||= steps.some(({ isVarying }) => isVarying);
    return (this.steps = steps);
  }

  private step(lead: string, nodes: PlannedField["nodes"]): Step {
    const definition = this.type.getFields()[nodes[0].name.value];
    // Questions about the schema.
    if (!definition) throw new Unanswered(nodes[0].name.value);
    const field = { index: this.plan.fields++, definition, parentType: this.type, nodes, args: new FieldArguments(definition, nodes[0]) };
    const { resolve } = definition;
    return {
      ...{ lead: leadOf(lead), field, isVarying: this.varies(field), isVerbatim: isVerbatim(getNullableType(definition.type)) },
      resolve: !resolve || resolve === defaultFieldResolver ? null : resolve,
      write: writerOf(definition.type, field, this.plan),
    };
  }

  private varies({ definition, args }: PlannedField): boolean {
    if (this.plan.texts?.constancy.isConstant(this.type.name, definition.name) !== true) return true;
    // What lists hold is counted each time.
    return args.vary || (isListType(getNullableType(definition.type)) && isCompositeType(getNamedType(definition.type)));
  }
}

function leadOf(plain: string): Lead {
  return { plain, opening: `${plain}"`, closing: `"${plain}`, closingAndOpening: `"${plain}"` };
}

function isVerbatim(type: GraphQLOutputType): boolean {
  return type === GraphQLString || type === GraphQLID || (isScalarType(type) && type.extensions[VERBATIM] === true);
}

function resolveField(source: unknown, field: PlannedField, resolve: GraphQLFieldResolver<unknown, unknown>, run: Run): unknown {
  const { args, info } = run.callOf(field);
  return resolve(source, args, run.context, info);
}

/** The default of graphql-js. */
function readProperty(source: unknown, field: PlannedField, run: Run): unknown {
  if ((typeof source !== "object" && typeof source !== "function") || source === null) return undefined;
  const value = (source as Readonly<Record<string, unknown>>)[field.definition.name];
  return typeof value === "function" ? resolveField(source, field, defaultFieldResolver, run) : value;
}

/** Writes values of a type, and throws at those that graphql-js would make an error of. */
function writerOf(type: GraphQLOutputType, field: PlannedField, plan: Planned): Write {
  const isNullable = !isNonNullType(type);
  const write = nullableWriterOf(getNullableType(type), field, plan);
  return (value, out, run) => {
    if (value === null || value === undefined) {
      if (!isNullable) throw new Unanswered("null");
      out.text += "null";
    } else if (typeof value === "object" && value instanceof Error) {
      throw value;
    } else {
      write(value, out, run);
    }
  };
}

function nullableWriterOf(type: ReturnType<typeof getNullableType<GraphQLOutputType>>, field: PlannedField, plan: Planned): Write {
  if (isLeafType(type)) return leafWriter(type);
  if (isListType(type)) return listWriter(writerOf(type.ofType as GraphQLOutputType, field, plan));
  if (isAbstractType(type)) return abstractWriter(type, field, plan);
  return objectWriter(type as GraphQLObjectType, field, plan);
}

function leafWriter(type: GraphQLLeafType): Write {
  return (value, out) => {
    const serialized: unknown = type.serialize(value);
    if (typeof serialized === "string") {
      out.text += quoted(serialized);
      return;
    }
    if (Number.isSafeInteger(serialized)) {
      out.text += String(serialized);
      return;
    }
    // What is no JSON, such as a function, has no text.
    const text = serialized === null ? undefined : (JSON.stringify(serialized) as string | undefined);
    if (text === undefined) throw new Unanswered(type.name);
    out.text += text;
  };
}

/** The same text. One that was put together from pieces would be put together again by each answer that it is a part of. */
function inOnePiece(text: string): string {
  // To look at a character V8 puts it together for good.
  text.charCodeAt(0);
  return text;
}

/** Most texts are short and plain; for these looking is faster than a call of JSON.stringify. */
const NOT_PLAIN = /["\\\u0000-\u001f\ud800-\udfff]/;
const SHORT = 64;

function quoted(text: string): string {
  return isPlain(text) ? `"${text}"` : JSON.stringify(text);
}

function isPlain(text: string): boolean {
  return text.length <= SHORT && !NOT_PLAIN.test(text);
}

function listWriter(writeItem: Write): Write {
  return (list, out, run) => {
    if (typeof list !== "object" || list === null || !(Symbol.iterator in list)) throw new Unanswered("list");
    out.text += "[";
    let separator = "";
    for (const item of list as Iterable<unknown>) {
      out.text += separator;
      separator = ",";
      try {
        run.write(item, writeItem, out);
      } catch (error) {
        run.fail(error);
      }
    }
    out.text += "]";
  };
}

function objectWriter(type: GraphQLObjectType, field: PlannedField, plan: Planned): Write {
  const { write } = new Selection(plan, type, () => collectSubfields(plan.schema, plan.fragments, plan.conditions, type, field.nodes));
  if (!type.isTypeOf) return write;
  return (value, out, run) => {
    if (type.isTypeOf?.(value, run.context, run.callOf(field).info) !== true) throw new Unanswered(type.name);
    write(value, out, run);
  };
}

/** Values of interfaces and unions say themselves what they are. */
function abstractWriter(type: GraphQLAbstractType, field: PlannedField, plan: Planned): Write {
  if (type.resolveType) throw new Unanswered(type.name);
  const possible = new Map(plan.schema.getPossibleTypes(type).map((one) => [one.name, one]));
  const writers = new Map<unknown, Write>();
  return (value, out, run) => {
    const name: unknown = (value as { readonly __typename?: unknown }).__typename;
    let write = writers.get(name);
    if (!write) {
      const found = typeof name === "string" && typeof value === "object" ? possible.get(name) : undefined;
      if (!found) throw new Unanswered(type.name);
      writers.set(name, (write = objectWriter(found, field, plan)));
    }
    write(value, out, run);
  };
}
