import { Field, InputType, ObjectType } from "type-graphql";
import { connectionType } from "../../../platform/graphql/connection.js";
import { DescribedType, NamedType } from "../../../platform/graphql/localized.type.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { orderType } from "../../../platform/graphql/order.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { listArgs } from "../../releases/graphql/catalog-list.js";
import type { ProductFilter, ProductOrderField } from "../product.repository.js";

@ObjectType("Product", {
  implements: [NodeType, NamedType, DescribedType],
  description: "A family of plans of which a customer holds at most one.",
  simpleResolvers: true,
})
export class ProductType {
  @Field(() => KeyScalar, { description: "What the catalog calls it: `music`." })
  declare key: string;
}

@InputType("ProductFilter", { description: "Which products." })
class ProductFilterInput implements ProductFilter {
  @Field(() => [KeyScalar], { nullable: true, description: "These keys." })
  declare keys?: string[] | null;
}

const ProductOrderInput = orderType<ProductOrderField>("Product", { KEY: "By key.", NAME: "By name in the catalog's default language." });

export const ProductListArgs = listArgs<ProductFilter, ProductOrderField>(ProductFilterInput, ProductOrderInput);

export const { Connection: ProductConnection } = connectionType("Product", () => ProductType);
