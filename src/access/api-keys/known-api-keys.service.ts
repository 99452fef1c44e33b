import { LRUCache } from "lru-cache";
import type { Viewer } from "../viewer.js";
import type { ApiKeyRecord } from "./api-key.repository.js";

/** A key in memory. */
export interface KnownApiKey {
  readonly record: ApiKeyRecord;
  /** When its use was noted last, as far as this gateway knows. */
  usedAtMs: number;
  /** Who shows it, once that was put together. */
  viewer: Viewer | null;
  /** SHA-256 of the key, once it was found to be this one: cheaper to compare than what is kept of it, and here in memory no less safe. */
  digest: Buffer | null;
}

const MAX_KEYS = 10_000;

/**
 * For how long a key is believed without being told of its changes. Gateways are told (see `tell_of_api_key` in the
 * migrations), and forget; this is for when nobody tells them. A revoked key is turned away by all within 30 seconds even then.
 */
const BELIEVED_MS = 25_000;

/** Keys that were shown lately, so that showing one again asks nothing of the database. Keys that do not exist are not kept: there is no end of them. */
export class KnownApiKeys {
  private readonly kept = new LRUCache<string, KnownApiKey>({ max: MAX_KEYS, ttl: BELIEVED_MS });
  private readonly asked = new Map<string, Promise<KnownApiKey | null>>();

  constructor(private readonly look: (id: string) => Promise<ApiKeyRecord | null>) {}

  async find(id: string): Promise<KnownApiKey | null> {
    return this.recall(id) ?? this.asked.get(id) ?? this.ask(id);
  }

  /** The key, if it is at hand. */
  recall(id: string): KnownApiKey | null {
    return this.kept.get(id) ?? null;
  }

  /** Something of the key changed: whoever asks from now on is not answered from before. */
  forget(id: string): void {
    this.kept.delete(id);
    this.asked.delete(id);
  }

  /** Changes may have gone unheard. */
  forgetAll(): void {
    this.kept.clear();
    this.asked.clear();
  }

  private ask(id: string): Promise<KnownApiKey | null> {
    const answer = this.look(id)
      .then((record) => record && { record, usedAtMs: record.lastUsedAt?.getTime() ?? 0, viewer: null, digest: null })
      .then((known) => {
        // Unless it was to be forgotten meanwhile: then what was read may be from before.
        if (known && this.asked.get(id) === answer) this.kept.set(id, known);
        return known;
      })
      .finally(() => {
        if (this.asked.get(id) === answer) this.asked.delete(id);
      });
    this.asked.set(id, answer);
    return answer;
  }
}
