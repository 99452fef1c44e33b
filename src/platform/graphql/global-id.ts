/** What an id names. `point` is set if it was read at another point than the default one: what is cached under an id must not depend on how it was read. */
export interface GlobalId {
  readonly typename: string;
  readonly key: string;
  readonly point: string | null;
}

/** Relay's opaque id. Callers must not take it apart; keys are what they may build on. */
export function toGlobalId({ typename, key, point }: GlobalId): string {
  return Buffer.from(`${typename}${point === null ? "" : `@${point}`}:${key}`, "utf8").toString("base64url");
}

/** A price of long names, or a redemption of a customer with a long id, has an id of some 1,500 characters. */
const MAX_LENGTH = 2_000;

/** What an id names, or null if `id` was not made by `toGlobalId`. */
export function fromGlobalId(id: string): GlobalId | null {
  if (id.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+$/.test(id)) return null;
  const match = /^(\w+)(?:@([\d.-]+))?:([A-Za-z0-9*/.-]+)$/.exec(Buffer.from(id, "base64url").toString("utf8"));
  const [, typename, point = null, key] = match ?? [];
  if (typename === undefined || key === undefined) return null;
  const parts = { typename, key, point };
  // Base64 has spellings that decode alike; only the one that we issue is an id.
  return toGlobalId(parts) === id ? parts : null;
}
