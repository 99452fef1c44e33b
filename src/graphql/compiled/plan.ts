import { Kind, type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import { collectFields } from "graphql/execution/collectFields.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { RememberedTexts } from "./remembered-texts.js";
import { Run, Unanswered, type Planned } from "./run.js";
import { Selection } from "./selection.js";

/**
 * What a query selects, worked out once instead of for each object of each answer, and the text around the values. It has only answers without
 * errors: whatever goes wrong ends the run, and graphql-js runs the query again to say what is there and what is not.
 */
export class Plan implements Planned {
  fields = 0;
  readonly fragments: Record<string, FragmentDefinitionNode> = Object.create(null) as Record<string, FragmentDefinitionNode>; // As graphql-js has it.
  private readonly root: Selection;

  /** @param conditions see `Planned`. The operation must be valid. */
  constructor(
    readonly schema: GraphQLSchema,
    document: DocumentNode,
    readonly operation: OperationDefinitionNode,
    readonly conditions: Readonly<Record<string, boolean>>,
    readonly texts: RememberedTexts | null = null,
  ) {
    for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments[definition.name.value] = definition;
    const type = schema.getRootType(operation.operation);
    if (!type) throw new Unanswered(operation.operation);
    this.root = new Selection(this, type, () => collectFields(schema, this.fragments, conditions, type, operation.selectionSet));
  }

  /** The `data` of the answer as JSON. Throws or rejects where graphql-js would have an error to tell. */
  run(context: object, variables: Record<string, unknown>): MaybePromise<string> {
    return new Run(this, context, variables).finish(this.root.write);
  }
}
