import { Field, InterfaceType, ObjectType } from "type-graphql";
import type { Refusal } from "../../kernel/refusal.js";

@InterfaceType("UserError", { description: 'An expected "no": what cannot be done, and what to do instead.' })
export abstract class UserErrorType {
  @Field(() => String, { description: "For programs: a stable word, such as `QUANTITY_NOT_POSITIVE`." })
  declare code: string;

  @Field(() => String, { description: "For people: what was found, and what to send instead." })
  declare message: string;

  @Field(() => [String], { description: "Where in the arguments the reason is, from `input` down; positions in lists count from 0." })
  declare path: readonly string[];
}

@ObjectType("Refusal", { implements: UserErrorType, description: "A reason why something was refused.", simpleResolvers: true })
export class RefusalType {}

@ObjectType("Refused", { description: "Nothing was done, for all of these reasons.", simpleResolvers: true })
export class RefusedType {
  @Field(() => [RefusalType], { description: "Every reason that was found, at least one." })
  declare refusals: readonly Refusal[];
}

/** A refusal on its way through GraphQL: a value of the unions that it is a member of. */
export interface RefusedNode {
  readonly __typename: "Refused";
  readonly refusals: readonly (Refusal & { readonly __typename: "Refusal" })[];
}

export function refused(refusals: readonly Refusal[]): RefusedNode {
  return { __typename: "Refused", refusals: refusals.map((refusal) => ({ __typename: "Refusal", ...refusal })) };
}
