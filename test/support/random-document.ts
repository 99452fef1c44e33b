import fc, { type GeneratorValue } from "fast-check";
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from "graphql";

export interface RandomDocument {
  readonly query: string;
  /** The same document with other values for what it skips and includes. */
  readonly variables: readonly object[];
}

/** Where values come from that mean something: keys and ids of what there is. */
export interface KnownValues {
  readonly keys: readonly string[];
  readonly ids: readonly string[];
}

/** Most of them are valid: what validation refuses never comes to be executed. Many have fields that their callers may not read, and arguments that cannot be. */
export function randomDocuments(schema: GraphQLSchema, known: KnownValues): fc.Arbitrary<RandomDocument> {
  return fc.gen().map((g) => new Writer(schema, known, g).write());
}

const MAX_DEPTH = 5;
const MAX_PARTS = 40;
/** What does not go with `first`, or hardly ever fits. */
const PAGING: ReadonlySet<string> = new Set(["after", "before", "last"]);

class Writer {
  private names = 0;
  private parts = 0;
  private readonly fragments = new Map<string, { readonly name: string; readonly text: string }[]>();
  private readonly definitions: string[] = [];
  private readonly values: Record<string, unknown> = {};
  private readonly switches: string[] = [];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly known: KnownValues,
    private readonly g: GeneratorValue,
  ) {}

  write(): RandomDocument {
    const query = this.schema.getQueryType();
    if (!query) throw new Error("there is nothing to read");
    const body = this.selection(query, 0);
    const head = this.definitions.length > 0 ? `query Random(${this.definitions.join(", ")}) ` : "";
    const fragments = [...this.fragments].flatMap(([type, made]) => made.map(({ name, text }) => `fragment ${name} on ${type} ${text}`));
    const flipped = Object.fromEntries(this.switches.map((name) => [name, !this.values[name]]));
    return { query: [head + body, ...fragments].join("\n"), variables: [this.values, ...(this.switches.length > 0 ? [{ ...this.values, ...flipped }] : [])] };
  }

  private selection(type: GraphQLCompositeType, depth: number): string {
    const parts = Array.from({ length: 1 + this.below(depth === 0 ? 3 : 5) }, () => this.part(type, depth));
    return `{ ${parts.join(" ")} }`;
  }

  private part(type: GraphQLCompositeType, depth: number): string {
    if (++this.parts > MAX_PARTS) return "__typename";
    if (this.oneIn(7)) return `${this.oneIn(2) ? `${this.name()}: ` : ""}__typename${this.directive()}`;
    if (depth > 0 && this.oneIn(6)) return `... ${this.directive()} ${this.selection(type, depth)}`;
    if (depth > 0 && this.oneIn(5)) return this.spread(type, depth);
    if (isAbstractType(type) && (!isInterfaceType(type) || this.oneIn(2))) {
      const possible = this.pick(this.schema.getPossibleTypes(type));
      return `... on ${possible.name}${this.directive()} ${this.selection(possible, depth)}`;
    }
    if (isObjectType(type) && depth > 0 && type.getInterfaces().length > 0 && this.oneIn(5)) {
      const above = this.pick(type.getInterfaces());
      return `... on ${above.name}${this.directive()} ${this.selection(above, depth)}`;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return "__typename";
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => !isCompositeType(getNamedType(field.type)));
    if (depth < MAX_DEPTH) return this.field(this.pick(fields), depth);
    return leaves.length > 0 ? this.field(this.pick(leaves), depth) : "__typename";
  }

  /** A fragment of this type: one that there is, or another. */
  private spread(type: GraphQLCompositeType, depth: number): string {
    const made = this.fragments.get(type.name) ?? [];
    if (made.length === 0 || this.oneIn(2)) {
      const name = `F${++this.names}`;
      const text = this.selection(type, depth + 1);
      this.fragments.set(type.name, [...(this.fragments.get(type.name) ?? []), { name, text }]);
      return `...${name}${this.directive()}`;
    }
    return `...${this.pick(made).name}${this.directive()}`;
  }

  private field({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string {
    const given = args.filter((arg) => isRequiredArgument(arg) || arg.name === "first" || this.oneIn(PAGING.has(arg.name) ? 30 : 4));
    const texts = given.map((arg) => `${arg.name}: ${this.value(arg.type, arg.name)}`);
    const named = getNamedType(type);
    const below = isCompositeType(named) ? ` ${this.selection(named, depth + 1)}` : "";
    // Fields of one name must have the same arguments, and selections that go together.
    const alias = texts.length > 0 || below || this.oneIn(5) || args.length > 0 ? `${this.name()}: ` : "";
    return `${alias}${name}${texts.length > 0 ? `(${texts.join(", ")})` : ""}${this.directive()}${below}`;
  }

  private directive(): string {
    if (!this.oneIn(9)) return "";
    const which = this.oneIn(2) ? "skip" : "include";
    if (this.oneIn(4)) return ` @${which}(if: ${this.oneIn(2)})`;
    if (this.switches.length > 0 && this.oneIn(2)) return ` @${which}(if: $${this.pick(this.switches)})`;
    const name = `s${++this.names}`;
    this.switches.push(name);
    this.definitions.push(`$${name}: Boolean${this.oneIn(2) ? "!" : " = true"}`);
    this.values[name] = this.oneIn(2);
    return ` @${which}(if: $${name})`;
  }

  private value(type: GraphQLInputType, name: string): string {
    // An argument that cannot be null is not left out.
    if (this.oneIn(6)) return this.variable(type, name);
    if (!isNonNullType(type) && this.oneIn(8)) return "null";
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const items = Array.from({ length: this.below(3) }, () => this.value(nullable.ofType, name));
      return `[${items.join(", ")}]`;
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter((field) => isRequiredInputField(field) || this.oneIn(3));
      return `{ ${fields.map((field) => `${field.name}: ${this.value(field.type, field.name)}`).join(", ")} }`;
    }
    if (isEnumType(nullable)) return this.pick(nullable.getValues()).name;
    return JSON.stringify(this.leaf(getNamedType(type).name, name));
  }

  /** Only of leaves, whose values are the same in JSON and in documents; sometimes not given, sometimes with a default. */
  private variable(type: GraphQLInputType, argument: string): string {
    const nullable = getNullableType(type);
    if (isListType(nullable) || isInputObjectType(nullable)) return isNonNullType(type) ? (isListType(nullable) ? "[]" : "{}") : "null";
    const name = `v${++this.names}`;
    const sample = (): unknown => (isEnumType(nullable) ? this.pick(nullable.getValues()).name : this.leaf(nullable.name, argument));
    const fallback = sample();
    const hasDefault = this.oneIn(2);
    this.definitions.push(`$${name}: ${String(type)}${hasDefault ? ` = ${isEnumType(nullable) ? String(fallback) : JSON.stringify(fallback)}` : ""}`);
    if (this.oneIn(9)) this.values[name] = null;
    else if (!this.oneIn(3) || (isNonNullType(type) && !hasDefault)) this.values[name] = sample();
    return `$${name}`;
  }

  /** Seldom one that is refused. */
  private leaf(type: string, name: string): unknown {
    const [good, bad] = this.samples(type, name);
    return this.oneIn(12) ? bad : this.pick(good);
  }

  private samples(type: string, name: string): readonly [good: readonly unknown[], bad: unknown] {
    switch (type) {
      case "Int":
      case "SafeInt":
        return [[1, 2, 3, 10], name === "first" ? 101 : -1];
      case "Boolean":
        return [[true, false], true];
      case "ID":
        return [this.known.ids, "nonsense"];
      case "Locale":
        return [["sv", "de-AT", "en"], "not a locale"];
      case "CountryCode":
        return [["SE", "DE"], "??"];
      case "CurrencyCode":
        return [["SEK", "EUR"], "nothing"];
      case "BillingInterval":
        return [["P1M", "P1Y"], "P0D"];
      case "DateTime":
        return [["2026-06-01T00:00:00Z", "2027-06-01T00:00:00+02:00"], "today"];
      case "Decimal":
        return [["1", "2.5"], "x"];
      case "TimeZone":
        return [["Europe/Stockholm"], "Mars/Base"];
      default:
        return name === "after" || name === "before" ? [["nonsense"], ""] : [[...this.known.keys, "nowhere"], 'with "marks" and\nlines'];
    }
  }

  private name(): string {
    return `${this.pick(["a", "b_", "_c", "__d"])}${++this.names}`;
  }

  private oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** A whole number from 0, less than `limit`. */
  private below(limit: number): number {
    return this.g(fc.nat, { max: limit - 1 });
  }

  private pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("there is nothing to pick from");
    return item;
  }
}
