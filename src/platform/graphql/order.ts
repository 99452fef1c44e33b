import { Field, InputType, type ClassType } from "type-graphql";
import { enumType } from "./enum.js";

export const OrderDirectionEnum = enumType("OrderDirection", "Which end of an order comes first.", {
  ASC: "Lowest, earliest or A first.",
  DESC: "Highest, latest or Z first.",
});

export interface OrderInput<Word extends string> {
  readonly field: Word;
  readonly direction?: "ASC" | "DESC" | null;
}

/** The input type by which callers choose the order of a list. */
export function orderType<Word extends string>(name: string, words: Record<Word, string>): ClassType<OrderInput<Word>> {
  const fields = enumType(`${name}OrderField`, `By what a list of ${name} is ordered.`, words);

  @InputType(`${name}Order`, { description: `The order of a list of ${name}; equals are ordered by key.` })
  class OrderType implements OrderInput<Word> {
    @Field(() => fields, { description: "By what." })
    declare field: Word;

    @Field(() => OrderDirectionEnum, { nullable: true, defaultValue: "ASC", description: "Which end comes first." })
    declare direction?: "ASC" | "DESC" | null;
  }
  return OrderType;
}

/** The order asked for, or the default one; `name` is what cursors of the list are made for. */
export function readOrder<Word extends string>(
  order: OrderInput<Word> | null | undefined,
  fallback: Word,
): { field: Word; direction: "asc" | "desc"; name: string } {
  const field = order?.field ?? fallback;
  const direction = order?.direction === "DESC" ? "desc" : "asc";
  return { field, direction, name: `${field} ${direction}` };
}
