import { Field, Int, ObjectType } from "type-graphql";
import { DateTimeScalar, SafeIntScalar } from "../../../platform/graphql/scalars/scalars.js";

@ObjectType("RateLimit", {
  description: "What the caller may ask for, in points of cost. Where nothing limits it, all but the cost is null.",
  simpleResolvers: true,
})
export class RateLimitType {
  @Field(() => SafeIntScalar, { nullable: true, description: "How many points there are when all of them are there." })
  declare limit: number | null;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: "How many of them are left, with all that this operation asks for taken. What it does not need in the end is given back.",
  })
  declare remaining: number | null;

  @Field(() => SafeIntScalar, { nullable: true, description: "How many points come back each second." })
  declare restorePerSecond: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "When all of them are there again, if nothing more is asked for." })
  declare resetAt: Date | null;

  @Field(() => Int, { description: "What this operation costs at most, as estimated before it ran." })
  declare cost: number;
}
