import { hash as hashOnce, timingSafeEqual } from "node:crypto";
import type { Page, PageItem, PageRequest } from "../../kernel/page.js";
import type { Refusal } from "../../kernel/refusal.js";
import type { Clock } from "../../platform/clock.js";
import { isKeyRole } from "../permission.js";
import type { Viewer } from "../viewer.js";
import { hashApiKey, makeApiKey, parseApiKey } from "./api-key.js";
import { KnownApiKeys, type KnownApiKey } from "./known-api-keys.service.js";
import type { ApiKeyReach } from "./api-key-reach.js";
import type { ApiKeyRecord, ApiKeyRepository } from "./api-key.repository.js";
import { checkApiKeyWish, checkGrant, checkOverlap, KEY_ENDED, managedBy, mayManage, NO_SUCH_KEY, viewerOfKey, type ApiKeyWish } from "./api-key-wish.js";

/** The last use is kept to the minute: a write for every read would cost more than the read. */
const USE_NOTED_EVERY_MS = 60_000;

/** A key that was just made. The clear key is here and nowhere else. */
export interface IssuedApiKey {
  readonly key: string;
  readonly record: ApiKeyRecord;
}

/** Newest first. */
export interface ApiKeyPage extends Page {
  readonly items: readonly (PageItem & { readonly record: ApiKeyRecord })[];
}

export interface Rotation {
  readonly id: string;
  /** For how long both keys are good. */
  readonly overlapSeconds: number;
  /** When the new one ends; null = never. */
  readonly expiresAt: Date | null;
}

const NOT_NARROWED: ApiKeyReach = { permissions: null, markets: null, products: null, customerPrefix: null, origins: null };

export class ApiKeyService {
  /** Keys that were shown lately. Whoever hears of changes tells it to forget. */
  readonly known: KnownApiKeys;
  /** By who shows it. */
  private readonly keyOf = new WeakMap<Viewer, KnownApiKey>();

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly pepper: string,
    private readonly clock: Clock,
  ) {
    this.known = new KnownApiKeys((id) => keys.find(id));
  }

  /** Makes a key, or says everything that is wrong with the wish. @param by who hands it out; null = an operator, who may everything. */
  async issue(wish: ApiKeyWish, by: Viewer | null): Promise<IssuedApiKey | readonly Refusal[]> {
    const refusals = [...checkApiKeyWish(wish, this.clock.now()), ...(by ? checkGrant(wish.role, { ...NOT_NARROWED, ...wish }, by) : [])];
    return refusals.length > 0 ? refusals : this.create(wish, by?.credentialId ?? null);
  }

  /** Makes a key that was asked for by us: nothing of it is checked. */
  async create({ name, role, expiresAt, ...reach }: ApiKeyWish, createdBy: string | null = null): Promise<IssuedApiKey> {
    const { id, key, hash } = this.draw();
    const record = {
      ...NOT_NARROWED,
      ...reach,
      ...{ id, ownerId: id, createdBy, name, role, hash, expiresAt },
      createdAt: this.clock.now(),
      revokedAt: null,
      lastUsedAt: null,
    };
    await this.keys.add(record);
    return { key, record };
  }

  /** Makes the successor of a key: it may the same, and what was made with the old one is its own. The old one is good for a while yet. */
  async rotate({ id, overlapSeconds, expiresAt }: Rotation, by: Viewer | null): Promise<IssuedApiKey | readonly Refusal[]> {
    const now = this.clock.now();
    const old = await this.keys.find(id);
    if (old === null || !isKeyRole(old.role) || (by && !mayManage(by, old))) return [NO_SUCH_KEY];
    const refusals = [
      ...checkOverlap(overlapSeconds),
      ...checkApiKeyWish({ ...old, role: old.role, expiresAt }, now),
      ...(by ? checkGrant(old.role, old, by) : []),
    ];
    if (refusals.length > 0) return refusals;
    const { id: newId, key, hash } = this.draw();
    const record = { ...old, ...{ id: newId, hash, expiresAt }, createdAt: now, revokedAt: null, lastUsedAt: null };
    const done = isUsable(old, now) && (await this.keys.replace(id, new Date(now.getTime() + overlapSeconds * 1_000), record));
    return done ? { key, record } : [KEY_ENDED];
  }

  /** Newest first. @param by who asks; null = an operator. */
  async list(request: PageRequest, by: Viewer | null): Promise<ApiKeyPage> {
    const page = await this.keys.listIds(request, by && managedBy(by));
    const records = await this.keys.findAll(page.items.map(({ key }) => key));
    const items = page.items.flatMap((item) => records.filter(({ id }) => id === item.key).map((record) => ({ ...item, record })));
    return { ...page, items };
  }

  count(by: Viewer | null): Promise<number> {
    return this.keys.count(by && managedBy(by));
  }

  async find(id: string, by: Viewer | null): Promise<ApiKeyRecord | null> {
    const record = await this.keys.find(id);
    return record && (by === null || mayManage(by, record)) ? record : null;
  }

  /** Whether there was such a key that was not revoked yet. Every gateway turns it away within moments. */
  async revoke(id: string, by: Viewer | null = null): Promise<boolean> {
    if (by && (await this.find(id, by)) === null) return false;
    const done = await this.keys.revoke(id, this.clock.now());
    this.known.forget(id);
    return done;
  }

  /** Who shows this key, or null if it is not good, for whatever reason. @param origin of the page that sends it. */
  async verify(key: string, origin: string | undefined): Promise<Viewer | null> {
    const parts = parseApiKey(key);
    if (parts === null) return null;
    const known = await this.known.find(parts.id);
    const now = this.clock.now();
    const viewer = this.judge(key, known, origin, now);
    if (known && viewer && isUseToBeNoted(known, now)) {
      known.usedAtMs = now.getTime();
      // A note that could not be taken is no reason to turn a good key away.
      await this.keys.noteUse(known.record.id, now).catch(() => undefined);
    }
    return viewer;
  }

  /** The same where all of it is at hand and nothing has to be noted; null = it has to be verified. */
  recall(key: string, origin: string | undefined): Viewer | null {
    const parts = parseApiKey(key);
    const known = parts && this.known.recall(parts.id);
    const now = this.clock.now();
    return known && !isUseToBeNoted(known, now) ? this.judge(key, known, origin, now) : null;
  }

  /** Whether a key that was recalled as this viewer would be again. */
  isStillGood(viewer: Viewer): boolean {
    const known = this.keyOf.get(viewer);
    if (!known || this.known.recall(known.record.id) !== known) return false;
    const now = this.clock.now();
    return !isUseToBeNoted(known, now) && isUsable(known.record, now);
  }

  private judge(key: string, known: KnownApiKey | null, origin: string | undefined, now: Date): Viewer | null {
    if (!this.isKey(key, known) || !known || !isUsable(known.record, now)) return null;
    const { ownerId, role, origins } = known.record;
    if (!isKeyRole(role) || (origins !== null && (origin === undefined || !origins.includes(origin)))) return null;
    if (!known.viewer) {
      known.viewer = viewerOfKey(ownerId, role, known.record);
      this.keyOf.set(known.viewer, known);
    }
    return known.viewer;
  }

  private isKey(key: string, known: KnownApiKey | null): boolean {
    const digest = hashOnce("sha256", key, "buffer");
    if (known?.digest && timingSafeEqual(digest, known.digest)) return true;
    const hash = hashApiKey(key, this.pepper);
    // Compared even when there is no such key, so that the time taken does not tell.
    const isOurs = timingSafeEqual(hash, known?.record.hash ?? Buffer.alloc(hash.length));
    if (known && isOurs) known.digest = digest;
    return isOurs;
  }

  private draw(): { id: string; key: string; hash: Buffer } {
    const { id, key } = makeApiKey();
    return { id, key, hash: hashApiKey(key, this.pepper) };
  }
}

function isUseToBeNoted({ usedAtMs }: KnownApiKey, now: Date): boolean {
  return now.getTime() - usedAtMs >= USE_NOTED_EVERY_MS;
}

function isUsable({ expiresAt, revokedAt }: ApiKeyRecord, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}
