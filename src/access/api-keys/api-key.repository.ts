import type { Page, PageRequest } from "../../kernel/page.js";
import type { ApiKeyReach } from "./api-key-reach.js";

export interface ApiKeyRecord extends ApiKeyReach {
  readonly id: string;
  /** The first of the keys that this one replaces, itself if it replaces none: whose the things are that are made with it. */
  readonly ownerId: string;
  /** The credential that made it; null = an operator. */
  readonly createdBy: string | null;
  readonly name: string;
  /** A role, unless a version that knew more of them wrote it. */
  readonly role: string;
  readonly hash: Buffer;
  readonly createdAt: Date;
  /** Null = never. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface ApiKeyRepository {
  add(key: ApiKeyRecord): Promise<void>;
  /** Adds the successor and lets the key end at an instant, or when it would have ended anyway. False, and nothing done, if the key was revoked meanwhile. */
  replace(id: string, endsAt: Date, successor: ApiKeyRecord): Promise<boolean>;
  find(id: string): Promise<ApiKeyRecord | null>;
  /** Those that there are, in no order. */
  findAll(ids: readonly string[]): Promise<ApiKeyRecord[]>;
  /** Newest first. @param of whom: those that this credential made or calls with; null = all. */
  listIds(page: PageRequest, of: string | null): Promise<Page>;
  count(of: string | null): Promise<number>;
  /** Whether there was such a key that was not revoked yet. */
  revoke(id: string, at: Date): Promise<boolean>;
  noteUse(id: string, at: Date): Promise<void>;
}
