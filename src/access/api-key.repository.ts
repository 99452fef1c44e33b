export interface ApiKeyRecord {
  readonly id: string;
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
  find(id: string): Promise<ApiKeyRecord | null>;
  /** Newest first. */
  list(): Promise<ApiKeyRecord[]>;
  /** Whether there was such a key that was not revoked yet. */
  revoke(id: string, at: Date): Promise<boolean>;
  noteUse(id: string, at: Date): Promise<void>;
}
