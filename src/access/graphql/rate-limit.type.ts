import { Field, Int, ObjectType } from "type-graphql";
import { DateTimeScalar, SafeIntScalar } from "../../platform/graphql/scalars/scalars.js";

@ObjectType("RateLimit", { description: "What the caller may ask for, in points of cost.", simpleResolvers: true })
export class RateLimitType {
  @Field(() => SafeIntScalar, { description: "How many points there are when all of them are there." })
  declare limit: number;

  @Field(() => SafeIntScalar, {
    description: "How many of them are left, with all that this operation asks for taken. What it does not need in the end is given back.",
  })
  declare remaining: number;

  @Field(() => SafeIntScalar, { description: "How many points come back each second." })
  declare restorePerSecond: number;

  @Field(() => DateTimeScalar, { description: "When all of them are there again, if nothing more is asked for." })
  declare resetAt: Date;

  @Field(() => Int, { description: "What this operation costs at most, as estimated before it ran." })
  declare cost: number;
}
