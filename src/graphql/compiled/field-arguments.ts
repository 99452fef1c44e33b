import {
  BREAK,
  getArgumentValues,
  isNonNullType,
  Kind,
  valueFromAST,
  visit,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type ValueNode,
} from "graphql";

type Values = Record<string, unknown>;

/** One argument: a variable, or what it is each time. */
interface Part {
  readonly name: string;
  /** Null = it is none. */
  readonly variable: string | null;
  /** Undefined = it is left out. In place of a variable that was left out this is the default. */
  readonly value: unknown;
  readonly isNonNull: boolean;
}

/**
 * Reads the arguments of a field in one place of an operation. graphql-js finds out anew each time what they have to be, and makes each parent its own;
 * these are frozen, and the same each time where there are no variables in them.
 */
export class FieldArguments {
  /** Whether they depend on variables. */
  readonly vary: boolean;
  /** Null = they are left to graphql-js. */
  private readonly parts: readonly Part[] | null;
  private fixed: Values | null = null;

  /** The field must be valid. */
  constructor(
    private readonly definition: GraphQLField<unknown, unknown>,
    private readonly node: FieldNode,
  ) {
    const { arguments: given = [] } = node;
    this.vary = given.some(({ value }) => hasVariable(value));
    const parts = definition.args.map((argument) => partOf(argument, given.find(({ name }) => name.value === argument.name)?.value));
    this.parts = parts.every((part) => part !== null) ? parts : null;
  }

  /** @param variables must be coerced. Throws what graphql-js throws. */
  read(variables: Readonly<Values>): Values {
    return this.vary ? Object.freeze(this.readParts(variables)) : (this.fixed ??= Object.freeze(this.readParts(variables)));
  }

  private readParts(variables: Readonly<Values>): Values {
    const { definition, node, parts } = this;
    if (!parts) return getArgumentValues(definition, node, variables);
    const values = Object.create(null) as Values; // As graphql-js has it.
    for (const { name, variable, value: otherwise, isNonNull } of parts) {
      const isGiven = variable !== null && Object.hasOwn(variables, variable);
      const value = isGiven ? variables[variable] : otherwise;
      // These are errors, which have words there.
      if ((isGiven && value === undefined) || (isNonNull && (value === undefined || value === null))) return getArgumentValues(definition, node, variables);
      if (value !== undefined) values[name] = value;
    }
    return values;
  }
}

/** Null = there are variables within its value, or it has none that is right. */
function partOf({ name, type, defaultValue }: GraphQLArgument, given: ValueNode | undefined): Part | null {
  const isNonNull = isNonNullType(type);
  if (!given) return { name, variable: null, value: defaultValue, isNonNull };
  if (given.kind === Kind.VARIABLE) return { name, variable: given.name.value, value: defaultValue, isNonNull };
  const value: unknown = hasVariable(given) ? undefined : valueFromAST(given, type);
  return value === undefined ? null : { name, variable: null, value, isNonNull };
}

function hasVariable(value: ValueNode): boolean {
  let found = false;
  visit(value, {
    Variable: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}
