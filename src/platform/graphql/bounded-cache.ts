import { BoundedMap } from "../bounded-map.js";

/** What a GraphQL server keeps by name, in the form that it asks for: of bounded size, in memory. */
export function boundedCache<Value>(limits: ConstructorParameters<typeof BoundedMap<Value>>[0]): {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<boolean>;
} {
  const map = new BoundedMap<Value>(limits);
  return {
    get: async (key) => map.get(key),
    set: async (key, value) => map.set(key, value),
    delete: async (key) => map.delete(key),
  };
}
