import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../platform/clock.js";
import { hashApiKey, makeApiKey, parseApiKey } from "./api-key.js";
import type { ApiKeyRecord, ApiKeyRepository } from "./api-key.repository.js";
import { isRole, type Role } from "./permission.js";
import { ANONYMOUS, viewerOf, type Viewer } from "./viewer.js";

/** The last use is kept to the minute: a write for every read would cost more than the read. */
const USE_NOTED_EVERY_MS = 60_000;

export class ApiKeyService {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly pepper: string,
    private readonly clock: Clock,
  ) {}

  /** Makes a key. The clear key is in the answer and nowhere else. */
  async create({ name, role, expiresAt }: { name: string; role: Role; expiresAt: Date | null }): Promise<{ key: string; record: ApiKeyRecord }> {
    const { id, key } = makeApiKey();
    const record = { id, name, role, hash: hashApiKey(key, this.pepper), createdAt: this.clock.now(), expiresAt, revokedAt: null, lastUsedAt: null };
    await this.keys.add(record);
    return { key, record };
  }

  list(): Promise<ApiKeyRecord[]> {
    return this.keys.list();
  }

  revoke(id: string): Promise<boolean> {
    return this.keys.revoke(id, this.clock.now());
  }

  /**
   * Who sends this `Authorization` header: the anonymous caller without one, null if it is not good, for whatever
   * reason: callers are not told which.
   */
  async authenticate(authorization: string | undefined): Promise<Viewer | null> {
    if (authorization === undefined) return ANONYMOUS;
    const key = /^Bearer ([^ ]+)$/i.exec(authorization)?.[1];
    const parts = key === undefined ? null : parseApiKey(key);
    if (key === undefined || parts === null) return null;
    const record = await this.keys.find(parts.id);
    const hash = hashApiKey(key, this.pepper);
    // Compared even when there is no such key, so that the time taken does not tell.
    const isOurs = timingSafeEqual(hash, record?.hash ?? Buffer.alloc(hash.length));
    const now = this.clock.now();
    if (!record || !isOurs || !isUsable(record, now) || !isRole(record.role)) return null;
    if (now.getTime() - (record.lastUsedAt?.getTime() ?? 0) >= USE_NOTED_EVERY_MS) {
      // A note that could not be taken is no reason to turn a good key away; the next request takes it.
      await this.keys.noteUse(record.id, now).catch(() => undefined);
    }
    return viewerOf(record.role, record.id);
  }
}

function isUsable({ expiresAt, revokedAt }: ApiKeyRecord, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}
