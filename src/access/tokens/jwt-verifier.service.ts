import type { KeyObject } from "node:crypto";
import { errors, jwtVerify } from "jose";
import type { Clock } from "../../platform/clock.js";
import type { TokenVerifier } from "../authentication.service.js";
import type { Viewer } from "../viewer.js";
import { IssuerKeys } from "./issuer-keys.service.js";
import { periodOf, viewerOf, type TokenPeriod } from "./token-claims.js";
import { readToken, type TokenForm } from "./token-form.js";
import type { TokenIssuer } from "./token-issuer.js";
import { VerifiedTokens, type VerifiedToken } from "./verified-tokens.js";

export interface JwtVerifierParts {
  /** Each `iss` once. */
  readonly issuers: readonly TokenIssuer[];
  readonly clock: Clock;
  /** Told each time that the keys of an issuer could not be had. */
  readonly onKeysUnavailable: (issuer: string, error: unknown) => void;
  /** How many verified tokens are remembered; 0 = none. */
  readonly remembered?: number;
}

interface Trusted {
  readonly issuer: TokenIssuer;
  readonly keys: IssuerKeys;
}

const REMEMBERED = 10_000;

/** Looked at before anything is done with a token, if only to read it. */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * Knows callers by signed tokens (RFC 7519) of the issuers that it was told to trust. The issuer is chosen by `iss`, and everything
 * else is then that issuer's: its keys, algorithms, types and audiences. Nothing in a token says where its key is.
 */
export class JwtVerifier implements TokenVerifier {
  private readonly trusted: ReadonlyMap<string, Trusted>;
  private readonly verified: VerifiedTokens;
  private readonly clock: Clock;

  constructor({ issuers, clock, onKeysUnavailable, remembered = REMEMBERED }: JwtVerifierParts) {
    this.trusted = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: new IssuerKeys(issuer, clock, onKeysUnavailable) }]));
    if (this.trusted.size !== issuers.length) throw new Error("an issuer of tokens is there twice: whose keys are good would be a matter of order");
    this.verified = new VerifiedTokens(remembered);
    this.clock = clock;
  }

  /** Loads the keys of all issuers, so that no caller waits for them. Those that cannot be had are told, and asked for again when tokens come. */
  async prepare(): Promise<void> {
    await Promise.all([...this.trusted.values()].map(({ keys }) => keys.renew()));
  }

  async verify(token: string): Promise<Viewer | null> {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    return this.recall(token) ?? (await this.recallSlowly(token)) ?? (await this.verifyAnew(token));
  }

  /** Who showed this token before, if it is still good: in time, and verified by a key that its issuer is known to have. */
  recall(token: string): Viewer | null {
    const verified = token.length > MAX_TOKEN_LENGTH ? null : this.verified.find(token);
    return verified && this.isGood(verified) ? verified.viewer : null;
  }

  isStillGood(viewer: Viewer): boolean {
    const verified = this.verified.of(viewer);
    return verified !== null && this.isGood(verified);
  }

  private isGood({ period, issuer, algorithm, keyId, key }: VerifiedToken): boolean {
    return this.isIn(period) && this.trusted.get(issuer)?.keys.recall(algorithm, keyId) === key;
  }

  /** The same where the issuer may have to be asked whether it still has the key. */
  private async recallSlowly(token: string): Promise<Viewer | null> {
    const verified = this.verified.find(token);
    if (verified === null) return null;
    const { viewer, period, issuer, algorithm, keyId, key } = verified;
    if (this.isIn(period) && (await this.trusted.get(issuer)?.keys.find(algorithm, keyId)) === key) return viewer;
    this.verified.forget(token);
    return null;
  }

  private async verifyAnew(token: string): Promise<Viewer | null> {
    const form = readToken(token);
    const trusted = form && this.trusted.get(form.issuer);
    if (!form || !trusted) return null;
    const { issuer, keys } = trusted;
    if (!issuer.types.includes(form.type) || !issuer.algorithms.some((algorithm) => algorithm === form.algorithm)) return null;
    const key = await keys.find(form.algorithm, form.keyId);
    if (key === null || !(await this.isSigned(token, form, key, issuer))) return null;
    const viewer = viewerOf(form, issuer);
    const period = periodOf(form.claims, issuer);
    if (viewer === null || period === null || !this.isIn(period)) return null;
    const { algorithm, keyId } = form;
    this.verified.keep(token, { viewer, period, issuer: issuer.issuer, algorithm, keyId, key });
    return viewer;
  }

  /** Whether the key signed the token, for us, and its times say that it is good now. Without these options jose asks for none of it. */
  private async isSigned(token: string, { algorithm }: TokenForm, key: KeyObject, issuer: TokenIssuer): Promise<boolean> {
    try {
      await jwtVerify(token, key, {
        algorithms: [algorithm],
        issuer: issuer.issuer,
        audience: [...issuer.audiences],
        requiredClaims: ["iss", "aud", "sub", "exp", "nbf"],
        currentDate: this.clock.now(),
        clockTolerance: issuer.clockToleranceSeconds,
        ...(issuer.maxTokenAgeSeconds === null ? {} : { maxTokenAge: issuer.maxTokenAgeSeconds }),
      });
      return true;
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  }

  private isIn({ from, until }: TokenPeriod): boolean {
    const now = this.clock.now().getTime();
    return from <= now && now < until;
  }
}
