import { FieldResolver, ID, InterfaceType, Resolver, Root } from "type-graphql";
import { toGlobalId } from "./global-id.js";

@InterfaceType("Node", { description: "Something with an id that is unique over all types: see the query `node`." })
export abstract class NodeType {}

/** What every value of a type with an id carries. */
export interface NodeValue {
  readonly __typename: string;
  readonly key: string;
  /** Through which view it was read, and which point that says in ids. */
  readonly view: { readonly idPoint: string | null };
}

@Resolver(() => NodeType)
export class NodeFieldsResolver {
  @FieldResolver(() => ID, {
    description: "Opaque id for caches and for `node`; what was read at another catalog point has another id there. People and files use `key`.",
  })
  id(@Root() { __typename: typename, key, view }: NodeValue): string {
    return toGlobalId({ typename, key, point: view.idPoint });
  }
}
