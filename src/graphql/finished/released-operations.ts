import type { ApolloServerPlugin } from "@apollo/server";
import { Kind, TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import type { PermissionMap } from "../../access/permission-map.js";
import type { RequestContext } from "../context.js";

/** The instant of a catalog point is that of the request, unless another was asked for. */
const OF_THE_REQUEST: ReadonlySet<string> = new Set(["CatalogPoint.time"]);

/** Whether a field says nothing but what a release says at an instant. One that is not known to is not. */
export function isReleasedField(released: PermissionMap, type: string, field: string): boolean {
  return released[type]?.[field] !== undefined && !OF_THE_REQUEST.has(`${type}.${field}`);
}

/** Tells which operations ask for nothing but what a release says at an instant: queries, all of whose fields are those of the released catalog. */
export class ReleasedOperations {
  private readonly known = new WeakMap<OperationDefinitionNode, boolean>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly released: PermissionMap,
  ) {}

  has(document: DocumentNode, operation: OperationDefinitionNode): boolean {
    const known = this.known.get(operation) ?? asksOnlyFor(this.released, this.schema, document, operation);
    this.known.set(operation, known);
    return known;
  }

  /** Notes which answers, those without errors, say nothing else. */
  readonly plugin: ApolloServerPlugin<RequestContext> = {
    requestDidStart: async () => ({
      willSendResponse: async ({ document, operation, response: { body, http }, contextValue }) => {
        if (!document || !operation || body.kind !== "single" || body.singleResult.errors || !body.singleResult.data) return;
        if (http.status !== undefined && http.status !== 200) return;
        contextValue.outcome.isReleased = this.has(document, operation);
      },
    }),
  };
}

function asksOnlyFor(fields: PermissionMap, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== "query") return false;
  const types = new TypeInfo(schema);
  let isOnly = true;
  // Fragments that the operation does not use are looked at too: at worst an answer is not kept.
  const definitions = document.definitions.filter((definition) => definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION);
  visit(
    { kind: Kind.DOCUMENT, definitions },
    visitWithTypeInfo(types, {
      Field: ({ name: { value: name } }) => {
        const type = types.getParentType()?.name ?? "";
        if (name !== "__typename" && !isReleasedField(fields, type, name)) isOnly = false;
      },
    }),
  );
  return isOnly;
}
