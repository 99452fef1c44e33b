import {
  BREAK,
  GraphQLError,
  Kind,
  visit,
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/**
 * What a document may be made of, whatever it asks for. Checked once for each new document, after parsing and before anything
 * else walks it, because the rules of GraphQL's validation take time that grows with the square of some of these numbers.
 */
export const DOCUMENT_LIMITS = {
  /** Parsing stops there, so that no text is too long to look at. */
  tokens: 5_000,
  /** Selections within selections, and values within values. The introspection of an explorer has 19, with its fragments. */
  depth: 32,
  operations: 20,
  fragments: 100,
  /** Of one operation. */
  variables: 50,
  /** Of one operation, with its fragments written out. */
  aliases: 100,
  /** Of one operation, with its fragments written out; each asks the database. */
  rootFields: 50,
  directives: 100,
  /** At one place. */
  directivesAtOnce: 5,
  /** Of all definitions, each with its fragments written out. */
  selections: 10_000,
  /** Pairs of fields that share a name in one answer, which validation compares with each other. */
  repeats: 5_000,
} as const;

/** Why a document is too large to be looked at any further; null = it is not. Takes time in proportion to its length. */
export function checkDocument(document: DocumentNode): GraphQLError | null {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return (
    checkCounts(operations, fragments) ??
    checkNodes(document) ??
    checkUnfolded(document.definitions, new Unfolding(new Map(fragments.map((fragment) => [fragment.name.value, fragment]))))
  );
}

function checkCounts(operations: readonly OperationDefinitionNode[], fragments: readonly FragmentDefinitionNode[]): GraphQLError | null {
  const { operations: maxOperations, fragments: maxFragments, variables: maxVariables } = DOCUMENT_LIMITS;
  if (operations.length > maxOperations) return tooMany("TOO_MANY_OPERATIONS", operations.length, "operations", maxOperations, "Send others on their own.");
  if (fragments.length > maxFragments) return tooMany("TOO_MANY_FRAGMENTS", fragments.length, "fragments", maxFragments, "Join some, or split the document.");
  for (const { variableDefinitions = [] } of operations) {
    if (variableDefinitions.length > maxVariables)
      return tooMany("TOO_MANY_VARIABLES", variableDefinitions.length, "variables in an operation", maxVariables, "Gather them in input objects.");
  }
  return null;
}

const NESTING: ReadonlySet<string> = new Set([Kind.SELECTION_SET, Kind.LIST, Kind.OBJECT, Kind.LIST_TYPE]);

/** Nesting as it is written, and directives. */
function checkNodes(document: DocumentNode): GraphQLError | null {
  const { depth: maxDepth, directives: maxDirectives, directivesAtOnce } = DOCUMENT_LIMITS;
  let depth = 0;
  let directives = 0;
  let found: GraphQLError | null = null;
  visit(document, {
    enter(node: ASTNode) {
      if (NESTING.has(node.kind) && ++depth > maxDepth) found = tooDeep();
      const here = "directives" in node ? (node.directives?.length ?? 0) : 0;
      directives += here;
      if (here > directivesAtOnce) found = tooMany("TOO_MANY_DIRECTIVES", here, "directives at one place", directivesAtOnce, "Leave some out.");
      if (directives > maxDirectives) found = tooMany("TOO_MANY_DIRECTIVES", directives, "directives", maxDirectives, "Leave some out, or split the document.");
      return found ? BREAK : undefined;
    },
    leave(node: ASTNode) {
      if (NESTING.has(node.kind)) depth--;
    },
  });
  return found;
}

/** What is the same whether it is written out or spread from a fragment. */
function checkUnfolded(definitions: readonly DefinitionNode[], unfolding: Unfolding): GraphQLError | null {
  let selections = 0;
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const size = unfolding.measure(definition.selectionSet);
    if (unfolding.cycle !== null)
      return refusal("GRAPHQL_VALIDATION_FAILED", `The fragment "${unfolding.cycle}" spreads itself. Ask for as many levels as you need.`);
    selections += size.selections;
    if (size.depth > DOCUMENT_LIMITS.depth) return tooDeep();
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { aliases, rootFields } = DOCUMENT_LIMITS;
    if (size.aliases > aliases) return tooMany("TOO_MANY_ALIASES", size.aliases, "aliases in an operation", aliases, "Ask for lists, or split the operation.");
    if (size.fields > rootFields)
      return tooMany("TOO_MANY_ROOT_FIELDS", size.fields, "fields at the root of an operation", rootFields, "Ask for lists, or split it.");
  }
  if (selections > DOCUMENT_LIMITS.selections)
    return tooMany(
      "TOO_MANY_SELECTIONS",
      selections,
      "selections with all fragments written out",
      DOCUMENT_LIMITS.selections,
      "Ask for fewer fields, or split the document.",
    );
  return checkRepeats(definitions, unfolding);
}

/** Comparing what has the same name takes validation a step for each pair, so the pairs are counted first, as they would be met. */
function checkRepeats(definitions: readonly DefinitionNode[], unfolding: Unfolding): GraphQLError | null {
  let pairs = 0;
  const count = (sets: readonly SelectionSetNode[]): void => {
    for (const fields of unfolding.byResponseName(sets).values()) {
      pairs += (fields.length * (fields.length - 1)) / 2;
      if (pairs > DOCUMENT_LIMITS.repeats) return;
      const below = fields.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
      if (below.length > 0) count(below);
    }
  };
  for (const definition of definitions) if ("selectionSet" in definition) count([definition.selectionSet]);
  if (pairs <= DOCUMENT_LIMITS.repeats) return null;
  return refusal(
    "TOO_MANY_REPEATS",
    `The same fields are asked for again and again in one place, in more than ${DOCUMENT_LIMITS.repeats} pairs. Ask for each once.`,
    {
      limit: DOCUMENT_LIMITS.repeats,
    },
  );
}

interface Size {
  readonly depth: number;
  readonly selections: number;
  readonly aliases: number;
  /** Those on the first level. */
  readonly fields: number;
}

/** Looks at selections with their fragments written out, without writing them out: each fragment is measured once. */
class Unfolding {
  /** A fragment that spreads itself, by whatever way. */
  cycle: string | null = null;
  private readonly sizes = new Map<string, Size | "being measured">();

  constructor(private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>) {}

  measure(set: SelectionSetNode): Size {
    const total = { depth: 0, selections: 0, aliases: 0, fields: 0 };
    for (const selection of set.selections) {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.measureFragment(selection.name.value)
          : selection.selectionSet
            ? this.measure(selection.selectionSet)
            : NOTHING;
      const isField = selection.kind === Kind.FIELD;
      total.depth = Math.max(total.depth, inner.depth);
      total.selections += 1 + inner.selections;
      total.aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
      total.fields += isField ? 1 : inner.fields;
    }
    return { ...total, depth: total.depth + 1 };
  }

  private measureFragment(name: string): Size {
    const known = this.sizes.get(name);
    if (known === "being measured") this.cycle ??= name;
    if (known !== undefined) return known === "being measured" ? NOTHING : known;
    const fragment = this.fragments.get(name);
    // Validation will say that there is no such fragment.
    if (!fragment) return NOTHING;
    this.sizes.set(name, "being measured");
    const size = this.measure(fragment.selectionSet);
    this.sizes.set(name, size);
    return size;
  }

  /** The fields that these selections of one place have together. Without cycles only. */
  byResponseName(sets: readonly SelectionSetNode[]): ReadonlyMap<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const seen = new Set<string>();
    const gather = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const known = fields.get(name);
          if (known) known.push(selection);
          else fields.set(name, [selection]);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          gather(selection.selectionSet);
        } else if (!seen.has(selection.name.value)) {
          seen.add(selection.name.value);
          const fragment = this.fragments.get(selection.name.value);
          if (fragment) gather(fragment.selectionSet);
        }
      }
    };
    sets.forEach(gather);
    return fields;
  }
}

const NOTHING: Size = { depth: 0, selections: 0, aliases: 0, fields: 0 };

export function tooDeep(): GraphQLError {
  const { depth } = DOCUMENT_LIMITS;
  return refusal("TOO_DEEP", `The document is nested deeper than ${depth} levels, fragments included. Ask for less at once.`, { limit: depth });
}

function tooMany(code: string, found: number, what: string, limit: number, advice: string): GraphQLError {
  const counted = Number.isSafeInteger(found) ? found : "More than can be counted";
  return refusal(code, `${counted} ${what} are too many: at most ${limit} are taken. ${advice}`, { limit });
}

function refusal(code: string, message: string, more: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...more, http: { status: 400 } } });
}
