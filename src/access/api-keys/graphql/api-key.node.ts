import { isKeyRole, type KeyRole } from "../../permission.js";
import type { ApiKeyRecord } from "../api-key.repository.js";

/** A key on its way through GraphQL: everything but what it is recognised by. */
export interface ApiKeyNode extends Omit<ApiKeyRecord, "id" | "hash" | "role"> {
  readonly __typename: "ApiKey";
  readonly keyId: string;
  readonly role: Uppercase<KeyRole> | null;
}

export function presentApiKey({ id, hash: _hash, role, ...record }: ApiKeyRecord): ApiKeyNode {
  const shownRole = isKeyRole(role) ? (role.toUpperCase() as Uppercase<KeyRole>) : null; // The type of toUpperCase forgets the words.
  const node = { ...record, role: shownRole, __typename: "ApiKey" as const, keyId: id, key: id, view: { idPoint: null } };
  return node;
}
