import { Ctx, Query, Resolver } from "type-graphql";
import type { Meter } from "../rate-limiter.service.js";
import { RateLimitType } from "./rate-limit.type.js";

interface MeasuredContext {
  readonly meter: Meter | null;
  readonly budget: { readonly requested: number };
}

@Resolver()
export class RateLimitResolver {
  @Query(() => RateLimitType, { description: "What you have left of what you may ask for, and what this operation costs." })
  rateLimit(@Ctx() { meter, budget }: MeasuredContext): RateLimitType {
    const cost = budget.requested;
    if (meter === null) return { limit: null, remaining: null, restorePerSecond: null, resetAt: null, cost };
    const { remaining, resetAt } = meter.state();
    return { limit: meter.limit.burst, remaining, restorePerSecond: meter.limit.perSecond, resetAt, cost };
  }
}
