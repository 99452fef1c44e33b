import { HeaderMap, type ApolloServerPlugin, type GraphQLResponse } from "@apollo/server";
import {
  execute,
  getVariableValues,
  Kind,
  validate,
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { LRUCache } from "lru-cache";
import { PERMISSIONS, type Permission } from "../access/permission.js";
import type { PermissionMap } from "../access/permission-map.js";
import { schemaForAudience } from "./schema/audience-schema.js";
import type { RequestContext } from "./context.js";
import { formatError } from "./errors/errors.js";

/** Permissions come in some dozen combinations; a filtered schema takes a few megabytes and some milliseconds to make. */
const MAX_AUDIENCES = 32;

/**
 * Answers operations that look at the schema from the part of it that their caller may use. Whatever else they ask for is
 * answered from that part too: it has the same resolvers.
 */
export function introspection(schema: GraphQLSchema, map: PermissionMap): ApolloServerPlugin<RequestContext> {
  const schemas = new LRUCache<string, GraphQLSchema>({ max: MAX_AUDIENCES });
  const everything = Object.keys(PERMISSIONS).length;
  const schemaOf = (permissions: ReadonlySet<Permission>): GraphQLSchema => {
    const audience = [...permissions].sort().join(" ");
    const found = schemas.get(audience) ?? schemaForAudience(schema, map, permissions);
    schemas.set(audience, found);
    return found;
  };
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, request, contextValue }) {
          const { permissions } = contextValue.viewer;
          // Not what its type says: the document may hold no operation of the name that was asked for.
          const asked = operation as OperationDefinitionNode | undefined;
          if (permissions.size === everything || !asked || !looksAtSchema(document, asked)) return null;
          const own = schemaOf(permissions);
          const variableValues = request.variables ?? {};
          // Told by the execution that follows.
          if (getVariableValues(own, operation.variableDefinitions ?? [], variableValues).errors) return null;
          const invalid = validate(own, document);
          if (invalid.length > 0)
            return answer({ errors: invalid.map((error) => ({ ...error.toJSON(), extensions: { code: "GRAPHQL_VALIDATION_FAILED" } })) }, 400);
          const { errors, ...result } = await execute({ schema: own, document, variableValues, contextValue, operationName: operation.name?.value });
          return answer({ ...result, ...(errors ? { errors: errors.map((error) => formatError(error.toJSON(), error)) } : {}) });
        },
      };
    },
  };
}

function answer(singleResult: FormattedExecutionResult, status?: number): GraphQLResponse {
  return { body: { kind: "single", singleResult }, http: { headers: new HeaderMap(), ...(status === undefined ? {} : { status }) } };
}

function looksAtSchema(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one.selectionSet] as const] : [])),
  );
  const seen = new Set<SelectionSetNode>();
  const looks = (selections: SelectionSetNode): boolean => {
    if (seen.has(selections)) return false;
    seen.add(selections);
    return selections.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === "__schema" || selection.name.value === "__type";
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments.get(selection.name.value);
      return inner !== undefined && looks(inner);
    });
  };
  return looks(operation.selectionSet);
}
