import { FieldResolver, ID, InterfaceType, Resolver, Root } from "type-graphql";
import { toGlobalId } from "./global-id.js";

@InterfaceType("Node", { description: "Something with an id that is unique over all types: see the query `node`." })
export abstract class NodeType {}

@Resolver(() => NodeType)
export class NodeFieldsResolver {
  @FieldResolver(() => ID, { description: "Opaque id for caches and for `node`. People and files use `key`." })
  id(@Root() node: { readonly __typename: string; readonly key: string }): string {
    return toGlobalId(node.__typename, node.key);
  }
}
