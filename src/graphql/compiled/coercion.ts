import {
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
  valueFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from "graphql";

/** Something is wrong with a value. What it is graphql-js finds out and tells in its words. */
class Wrong extends Error {}

/** Reads a value as it came in JSON. Throws at one that is none of its type. */
type Read = (value: unknown) => unknown;

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly definition: VariableDefinitionNode;
  readonly read: Read;
}

/** Reads the variables of one operation as graphql-js does, which finds out anew each time what they have to be, and where each value stands. */
export class Coercion {
  private readonly variables: Variable[] = [];
  private readonly objects = new Map<GraphQLInputObjectType, Read>();

  /** The operation must be valid. */
  constructor(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode) {
    for (const definition of variableDefinitions) {
      const type = typeFromAST(schema, definition.type);
      if (isInputType(type)) this.variables.push({ name: definition.variable.name.value, type, definition, read: this.readerOf(type) });
    }
  }

  /** The variables coerced; null = something is wrong with them. */
  coerce(given: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
    const coerced = Object.create(null) as Record<string, unknown>; // A variable may be called `__proto__`.
    try {
      for (const { name, type, definition, read } of this.variables) {
        if (Object.hasOwn(given, name)) coerced[name] = read(given[name]);
        else if (definition.defaultValue) coerced[name] = valueFromAST(definition.defaultValue, type);
        else if (isNonNullType(type)) return null;
      }
      return coerced;
    } catch {
      return null;
    }
  }

  private readerOf(type: GraphQLInputType): Read {
    if (!isNonNullType(type)) return nullable(this.nonNullReaderOf(type));
    const read = this.nonNullReaderOf(type.ofType);
    return (value) => {
      if (value === null || value === undefined) throw new Wrong("null");
      return read(value);
    };
  }

  private nonNullReaderOf(type: GraphQLInputType): Read {
    if (isListType(type)) return listReader(this.readerOf(type.ofType));
    return isInputObjectType(type) ? this.objectReaderOf(type) : leafReader(type);
  }

  /** Types may hold themselves, so their fields are looked at when the first of them is read. */
  private objectReaderOf(type: GraphQLInputObjectType): Read {
    let known = this.objects.get(type);
    if (!known) {
      let reader: ObjectReader | undefined;
      known = (value) => (reader ??= new ObjectReader(type, (field) => this.readerOf(field))).read(value);
      this.objects.set(type, known);
    }
    return known;
  }
}

class ObjectReader {
  private readonly fields: readonly { readonly name: string; readonly read: Read; readonly defaultValue: unknown; readonly isRequired: boolean }[];
  private readonly names: ReadonlySet<string>;

  constructor(
    private readonly type: GraphQLInputObjectType,
    readerOf: (type: GraphQLInputType) => Read,
  ) {
    const fields = Object.values(type.getFields());
    this.fields = fields.map((field) => ({
      ...{ name: field.name, read: readerOf(field.type), defaultValue: field.defaultValue, isRequired: isRequiredInputField(field) },
    }));
    this.names = new Set(fields.map(({ name }) => name));
  }

  read(value: unknown): Record<string, unknown> {
    // Of some only one field may be given, which is looked at elsewhere.
    if (typeof value !== "object" || value === null || Array.isArray(value) || this.type.isOneOf) throw new Wrong(this.type.name);
    const given = value as Readonly<Record<string, unknown>>;
    const coerced: Record<string, unknown> = {};
    for (const { name, read, defaultValue, isRequired } of this.fields) {
      const one = given[name];
      if (one !== undefined) coerced[name] = read(one);
      else if (defaultValue !== undefined) coerced[name] = defaultValue;
      else if (isRequired) throw new Wrong(name);
    }
    for (const name of Object.keys(value)) if (!this.names.has(name)) throw new Wrong(name);
    return coerced;
  }
}

function nullable(read: Read): Read {
  return (value) => (value === null || value === undefined ? null : read(value));
}

/** What is no list stands for a list of it. */
function listReader(readItem: Read): Read {
  return (value) => (Array.isArray(value) ? value.map((item) => readItem(item)) : [readItem(value)]);
}

function leafReader(type: GraphQLLeafType): Read {
  return (value) => {
    const parsed: unknown = type.parseValue(value);
    if (parsed === undefined) throw new Wrong(type.name);
    return parsed;
  };
}
