import { setTimeout as sleep } from "node:timers/promises";
import type { ApiKeyService } from "./api-keys/api-key.service.js";
import { ANONYMOUS, type Viewer } from "./viewer.js";

/** What a request shows of who sends it. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  /** The `Origin` header, which browsers set and pages cannot. */
  readonly origin: string | undefined;
}

/** Knows callers by their tokens, whoever issued them. */
export interface TokenVerifier {
  /** Who shows this token, or null if it is not good, for whatever reason. Throws when that cannot be known right now. */
  verify(token: string): Promise<Viewer | null>;
  /** The same where that is known already; null = it has to be verified. */
  recall(token: string): Viewer | null;
  /** Whether a token that was recalled as this viewer would be again. */
  isStillGood(viewer: Viewer): boolean;
}

/** A "no" takes this long at least, so that the time does not tell how far a check went. */
const REFUSAL_MS = 50;

/** Who calls: one place for every kind of credential. */
export class Authentication {
  constructor(
    private readonly apiKeys: ApiKeyService,
    /** Null = no token is good. */
    private readonly tokens: TokenVerifier | null,
    private readonly wait: (ms: number) => Promise<unknown> = sleep,
  ) {}

  /**
   * Who sends these credentials: the anonymous caller without any, null if they are not good. Callers are not told why,
   * neither by the answer nor by the time that it takes.
   */
  async authenticate(credentials: Credentials): Promise<Viewer | null> {
    const since = performance.now();
    const viewer = await this.viewerOf(credentials);
    if (viewer === null) await this.wait(REFUSAL_MS - (performance.now() - since));
    return viewer;
  }

  /** The same where it is known at once, and the answer is a yes; null = it has to be asked. */
  recall({ authorization, origin }: Credentials): Viewer | null {
    if (authorization === undefined) return ANONYMOUS;
    const credential = readBearer(authorization);
    if (credential === undefined) return null;
    return credential.startsWith("cgk_") ? this.apiKeys.recall(credential, origin) : (this.tokens?.recall(credential) ?? null);
  }

  /** Whether credentials that were recalled as this viewer would be again. */
  isStillGood(viewer: Viewer): boolean {
    return viewer === ANONYMOUS || this.apiKeys.isStillGood(viewer) || (this.tokens?.isStillGood(viewer) ?? false);
  }

  private async viewerOf({ authorization, origin }: Credentials): Promise<Viewer | null> {
    if (authorization === undefined) return ANONYMOUS;
    const credential = readBearer(authorization);
    if (credential === undefined) return null;
    return credential.startsWith("cgk_") ? this.apiKeys.verify(credential, origin) : ((await this.tokens?.verify(credential)) ?? null);
  }
}

function readBearer(authorization: string): string | undefined {
  return /^Bearer ([^ ]+)$/i.exec(authorization)?.[1];
}
