import type { DataRow } from "../../releases/versioned-tables.js";
import type { ProductFields } from "../shapes/product.shape.js";
import { wholeFields, type Draft } from "../source.js";
import { textColumns } from "./texts.js";

export function checkProducts(drafts: readonly Draft<ProductFields>[]): DataRow<"product">[] {
  return wholeFields(drafts).map((fields) => ({ key: fields.key, ...textColumns(fields) }));
}
