import { Ctx, Query, Resolver } from "type-graphql";
import type { Meter } from "../rate-limiter.service.js";
import { RateLimitType } from "./rate-limit.type.js";

@Resolver()
export class RateLimitResolver {
  @Query(() => RateLimitType, { nullable: true, description: "What you have left of what you may ask for; null where nothing limits you." })
  rateLimit(@Ctx() { meter }: { readonly meter: Meter | null }): RateLimitType | null {
    if (meter === null) return null;
    const { remaining, resetAt } = meter.state();
    return { limit: meter.limit.burst, remaining, restorePerSecond: meter.limit.perSecond, resetAt, cost: meter.taken };
  }
}
