/** Relay's opaque id, made from type and key. Callers must not take it apart; keys are what they may build on. */
export function toGlobalId(typename: string, key: string): string {
  return Buffer.from(`${typename}:${key}`, "utf8").toString("base64url");
}

/** Type and key of an id, or null if `id` was not made by `toGlobalId`. */
export function fromGlobalId(id: string): { typename: string; key: string } | null {
  if (id.length > 700 || !/^[A-Za-z0-9_-]+$/.test(id)) return null;
  const text = Buffer.from(id, "base64url").toString("utf8");
  const colon = text.indexOf(":");
  if (colon <= 0) return null;
  const [typename, key] = [text.slice(0, colon), text.slice(colon + 1)];
  // Base64 has spellings that decode alike; only the one that we issue is an id.
  return key !== "" && toGlobalId(typename, key) === id ? { typename, key } : null;
}
