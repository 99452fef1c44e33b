import { hash, type KeyObject } from "node:crypto";
import type { Viewer } from "../viewer.js";
import type { TokenPeriod } from "./token-claims.js";

/** What is remembered of a token that was verified. */
export interface VerifiedToken {
  readonly viewer: Viewer;
  readonly period: TokenPeriod;
  readonly issuer: string;
  readonly algorithm: string;
  readonly keyId: string;
  /** The key that verified it. */
  readonly key: KeyObject;
}

/** The tokens verified last, under their SHA-256: the tokens themselves are secrets and not kept. */
export class VerifiedTokens {
  private readonly tokens = new Map<string, VerifiedToken>();
  private readonly ofViewers = new WeakMap<Viewer, VerifiedToken>();

  constructor(private readonly capacity: number) {}

  find(token: string): VerifiedToken | null {
    const name = nameOf(token);
    const found = this.tokens.get(name);
    if (!found) return null;
    // Those used last are at the end.
    this.tokens.delete(name);
    this.tokens.set(name, found);
    return found;
  }

  /** The same by who showed the token, whose object is that of one token alone. It does not matter whether others were used since. */
  of(viewer: Viewer): VerifiedToken | null {
    return this.ofViewers.get(viewer) ?? null;
  }

  keep(token: string, verified: VerifiedToken): void {
    this.tokens.set(nameOf(token), verified);
    this.ofViewers.set(verified.viewer, verified);
    const [oldest] = this.tokens.keys();
    if (this.tokens.size > this.capacity && oldest !== undefined) this.tokens.delete(oldest);
  }

  forget(token: string): void {
    const name = nameOf(token);
    const forgotten = this.tokens.get(name);
    if (forgotten) this.ofViewers.delete(forgotten.viewer);
    this.tokens.delete(name);
  }
}

function nameOf(token: string): string {
  return hash("sha256", token, "base64url");
}
