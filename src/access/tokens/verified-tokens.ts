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

  keep(token: string, verified: VerifiedToken): void {
    this.tokens.set(nameOf(token), verified);
    const [oldest] = this.tokens.keys();
    if (this.tokens.size > this.capacity && oldest !== undefined) this.tokens.delete(oldest);
  }

  forget(token: string): void {
    this.tokens.delete(nameOf(token));
  }
}

function nameOf(token: string): string {
  return hash("sha256", token, "base64url");
}
