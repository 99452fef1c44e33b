/** What flowed into a caller's bucket, as the time that it takes to flow out again; negative when more was given back. */
export interface BucketChange {
  readonly caller: string;
  readonly addedMs: number;
}

/** The buckets of all gateways. */
export interface RateLimitRepository {
  /** Adds the changes, and tells of each bucket in how many milliseconds after `at` it is empty. */
  add(changes: readonly BucketChange[], at: Date): Promise<ReadonlyMap<string, number>>;
  /** Forgets the buckets that are empty. */
  removeEmpty(at: Date): Promise<void>;
}
