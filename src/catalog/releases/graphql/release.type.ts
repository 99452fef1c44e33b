import { Field, InputType, Int, ObjectType } from "type-graphql";
import { connectionType } from "../../../platform/graphql/connection.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { DateTimeScalar } from "../../../platform/graphql/scalars/scalars.js";

@ObjectType("Release", { implements: NodeType, description: "An immutable, numbered state of the whole catalog.", simpleResolvers: true })
export class ReleaseType {
  @Field(() => Int, { description: "Counts from 1." })
  declare number: number;

  @Field(() => DateTimeScalar, { description: "Since when it was the current release." })
  declare publishedAt: Date;

  @Field(() => String, { nullable: true, description: "Who published it." })
  declare author: string;

  @Field(() => String, { nullable: true, description: "What its author said of it." })
  declare note: string;
}

@ObjectType("CatalogPoint", { description: "What a read looks at: a release and an instant.", simpleResolvers: true })
export class CatalogPointType {
  @Field(() => DateTimeScalar, { description: "The instant: prices and discounts are in force or not as of it." })
  declare time: Date;
}

@InputType("CatalogPointInput", {
  description:
    "What to look at. Nothing: the current release, now. A time: what stood then. A release: what it said at the last instant at which it was current. Both: what that release said about that time. " +
    "Points that were never public (a time to come, a release together with a time at which it was not current) need the permission `catalog:read-upcoming`.",
})
export class CatalogPointInput {
  @Field(() => Int, { nullable: true, description: "The number of a release." })
  declare release?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "An instant." })
  declare time?: Date | null;
}

export const AT = { nullable: true, description: "Another catalog point than the current release and this instant." } as const;

export const { Connection: ReleaseConnection } = connectionType("Release", () => ReleaseType);
