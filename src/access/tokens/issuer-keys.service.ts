import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Clock } from "../../platform/clock.js";
import { fetchText } from "../../platform/http/fetch-text.js";
import { keyName, readKeySet, type KeySet } from "./key-set.js";
import { KeysUnavailable } from "./keys-unavailable.js";
import type { KeyLocation, TokenIssuer } from "./token-issuer.js";

interface KeyTimes {
  /** A set is asked for again when it is older than this: so long does a key that was withdrawn go on being good. */
  readonly freshMs: number;
  /** Between two attempts, whatever tokens come meanwhile. */
  readonly pauseMs: number;
}

const TIMES: Readonly<Record<KeyLocation["kind"], KeyTimes>> = {
  URL: { freshMs: 300_000, pauseMs: 10_000 },
  FILE: { freshMs: 1_000, pauseMs: 1_000 },
  GIVEN: { freshMs: Infinity, pauseMs: Infinity },
};

/** How long the last good set goes on while it cannot be had again. */
const LAST_GOOD_MS = 3_600_000;

const LIMITS = { timeoutMs: 3_000, maxBytes: 256_000, accept: "application/jwk-set+json, application/json" };

/** The public keys of one issuer, kept at hand and renewed while tokens come. */
export class IssuerKeys {
  private keys: KeySet | null = null;
  private text: string | null = null;
  private loadedAt = -Infinity;
  private attemptedAt = -Infinity;
  private hasFailed = false;
  private attempt: Promise<void> = Promise.resolve();
  private readonly times: KeyTimes;

  constructor(
    private readonly issuer: Pick<TokenIssuer, "issuer" | "keys" | "algorithms">,
    private readonly clock: Clock,
    private readonly onFailure: (issuer: string, error: unknown) => void,
  ) {
    this.times = TIMES[issuer.keys.kind];
  }

  /** The key of this name for this algorithm; null when the issuer has none. Throws `KeysUnavailable` when that cannot be known. */
  async find(algorithm: string, keyId: string): Promise<KeyObject | null> {
    const name = keyName(algorithm, keyId);
    if (this.isPast(this.loadedAt, this.times.freshMs)) {
      const renewal = this.renew();
      // While the issuer is away nobody waits for it who can be served without.
      if (!this.hasFailed || this.usable() === null) await renewal;
    }
    const known = this.usable()?.get(name);
    if (known) return known;
    // The issuer may have a new key.
    await this.renew();
    const found = this.usable()?.get(name);
    if (!found && (this.hasFailed || this.usable() === null)) throw new KeysUnavailable(this.issuer.issuer);
    return found ?? null;
  }

  /** The same of keys that are fresh, at once; null = it has to be found. */
  recall(algorithm: string, keyId: string): KeyObject | null {
    return this.isPast(this.loadedAt, this.times.freshMs) ? null : (this.usable()?.get(keyName(algorithm, keyId)) ?? null);
  }

  /** Asks for the keys again, unless that was done a moment ago. Never rejects. */
  renew(): Promise<void> {
    if (this.isPast(this.attemptedAt, this.times.pauseMs)) {
      this.attemptedAt = this.now();
      this.attempt = this.load();
    }
    return this.attempt;
  }

  private async load(): Promise<void> {
    const startedAt = this.now();
    try {
      const text = await read(this.issuer.keys);
      const isNew = text !== this.text;
      if (isNew) this.keys = readKeySet(text, this.issuer.algorithms, this.keys);
      this.text = text;
      this.loadedAt = startedAt;
      this.hasFailed = false;
      // An issuer may withdraw all of its keys, and that counts; more often somebody configured the wrong algorithms.
      if (isNew && this.keys?.size === 0) this.onFailure(this.issuer.issuer, new Error("none of its keys can be used with the algorithms configured for it"));
    } catch (error) {
      this.hasFailed = true;
      this.onFailure(this.issuer.issuer, error);
    }
  }

  private usable(): KeySet | null {
    return this.now() - this.loadedAt < LAST_GOOD_MS || this.issuer.keys.kind === "GIVEN" ? this.keys : null;
  }

  /** Also when the clock was set back: nothing is known then of how long ago something was. */
  private isPast(instant: number, ms: number): boolean {
    const age = this.now() - instant;
    return age >= ms || (age < 0 && ms !== Infinity);
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

async function read(location: KeyLocation): Promise<string> {
  switch (location.kind) {
    case "URL":
      return fetchText(location.url, LIMITS);
    case "FILE":
      return readFile(location.path, "utf8");
    case "GIVEN":
      return location.jwks;
  }
}
