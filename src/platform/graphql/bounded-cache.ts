import { LRUCache } from "lru-cache";

export interface CacheBounds<Value> {
  readonly maxCount: number;
  readonly maxWeight: number;
  /** What is heavier than `maxWeight` on its own is not kept. */
  readonly weigh: (value: Value) => number;
}

/** What a GraphQL server keeps by name, in the form that it asks for: in memory, and what was not asked for the longest goes first. */
export function boundedCache<Value extends string | object>({
  maxCount,
  maxWeight,
  weigh,
}: CacheBounds<Value>): {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<boolean>;
} {
  const cache = new LRUCache<string, Value>({ max: maxCount, maxSize: maxWeight, sizeCalculation: (value) => Math.max(1, weigh(value)) });
  return {
    get: async (key) => cache.get(key),
    set: async (key, value) => void cache.set(key, value),
    delete: async (key) => cache.delete(key),
  };
}
