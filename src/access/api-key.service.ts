import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../platform/clock.js";
import { hashApiKey, makeApiKey, parseApiKey } from "./api-key.js";
import type { ApiKeyRecord, ApiKeyRepository } from "./api-key.repository.js";
import { ANY_CUSTOMER } from "./customer-reach.js";
import { isRole, type Role } from "./permission.js";
import { permissionsOf, WHOLE_CATALOG, type Viewer } from "./viewer.js";

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

  /** Who shows this key, or null if it is not good, for whatever reason. */
  async verify(key: string): Promise<Viewer | null> {
    const parts = parseApiKey(key);
    if (parts === null) return null;
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
    return { kind: "API_KEY", credentialId: record.id, permissions: permissionsOf([record.role]), customers: ANY_CUSTOMER, catalog: WHOLE_CATALOG };
  }
}

function isUsable({ expiresAt, revokedAt }: ApiKeyRecord, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}
