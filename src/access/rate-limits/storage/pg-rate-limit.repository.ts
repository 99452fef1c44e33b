import type pg from "pg";
import type { BucketChange, RateLimitRepository } from "../rate-limit.repository.js";

// In the order of the keys, so that two gateways do not wait for each other in a circle.
const ADD = `
insert into rate_limit_bucket as bucket (caller, empty_at)
select caller, $1::timestamptz + added_ms * interval '1 millisecond' from unnest($2::text[], $3::numeric[]) as change (caller, added_ms) order by caller
on conflict (caller) do update set empty_at = greatest(bucket.empty_at, $1) + (excluded.empty_at - $1)
returning caller, (extract(epoch from empty_at - $1) * 1000)::text as empty_in_ms`;

// What somebody is adding to right now is not empty for long.
const REMOVE_EMPTY = `
delete from rate_limit_bucket
where caller in (select caller from rate_limit_bucket where empty_at < $1 order by caller for update skip locked)`;

export class PgRateLimitRepository implements RateLimitRepository {
  constructor(private readonly pool: pg.Pool) {}

  async add(changes: readonly BucketChange[], at: Date): Promise<ReadonlyMap<string, number>> {
    const values = [at, changes.map(({ caller }) => caller), changes.map(({ addedMs }) => addedMs.toFixed(3))];
    const { rows } = await this.pool.query<{ caller: string; empty_in_ms: string }>({ name: "rate-limit-add", text: ADD, values });
    return new Map(rows.map(({ caller, empty_in_ms }) => [caller, Number(empty_in_ms)]));
  }

  async removeEmpty(at: Date): Promise<void> {
    await this.pool.query({ name: "rate-limit-remove-empty", text: REMOVE_EMPTY, values: [at] });
  }
}
