import type { Horizon } from "../../catalog/releases/horizon.js";
import { andThen, type MaybePromise } from "../../kernel/maybe-promise.js";
import type { Viewer } from "../../access/viewer.js";
import type { Clock } from "../../platform/clock.js";
import type { RequestHead } from "../../platform/http/exchange.js";
import type { RequestContext } from "../context.js";
import { COST_TAIL } from "../limits/cost-limit.js";
import { callersOwn, isForAll, isStrict, type EarlyRequest } from "../early/early-request.js";
import type { AnswerMade } from "../arrival/endpoint.js";
import { rateLimitHeaders } from "../limits/rate-limited.js";
import { answerKey } from "./answer-key.js";
import type { AnswerInMaking, AnswerStore } from "./answer-store.js";
import { Audiences } from "./audience.js";
import { cacheHeaders, isUnchanged, sharedHeaders } from "./cache-headers.js";
import { FinishedAnswer } from "./finished-answer.js";

export interface KeptAnswersParts {
  readonly store: AnswerStore;
  readonly horizon: Horizon;
  /** The number of the current release, as far as this process knows. */
  readonly currentRelease: () => number | null;
  /** For how long others may keep an answer without asking whether it is still good. */
  readonly maxAgeSeconds: number;
  readonly clock: Clock;
}

/** An answer without errors, as far as it is the same for everybody of an audience. */
export interface Keepable {
  readonly context: RequestContext;
  /** Whether it says nothing but what its release says. */
  readonly isReleased: boolean;
  /** Name, value, name, value, … */
  readonly headers: readonly string[];
  /** Up to what its caller is told of its own limits. */
  readonly beginning: string;
  /** What it costs a caller at least. */
  readonly cost: number;
}

/** Answers that are sent again as they are: which may be, how long they are good, and what is told with them. */
export class KeptAnswers {
  private readonly audiences = new Audiences();

  constructor(private readonly parts: KeptAnswersParts) {}

  get store(): AnswerStore {
    return this.parts.store;
  }

  keyOf({ raw, viewer, body, page }: { readonly raw: RequestHead; readonly viewer: Viewer; readonly body: Buffer | null; readonly page: string }): string {
    return answerKey(this.audiences.numberOf(viewer), raw, body, page);
  }

  /**
   * Keeps an answer that somebody wants, if others may have it: it says only what its release says, and that is still the current one.
   * Null = they may not.
   */
  keep(making: AnswerInMaking, { context: { catalog }, isReleased, headers, beginning, cost }: Keepable): MaybePromise<FinishedAnswer | null> {
    const { release } = catalog;
    const finish = (until: number | null): FinishedAnswer | null => {
      const answer = release === null || until === null ? null : new FinishedAnswer({ release, from: catalog.now.getTime(), until }, headers, beginning, cost);
      making.finish(answer);
      return answer;
    };
    return isReleased && release !== null && release === this.parts.currentRelease() ? andThen(this.untilWhen(release, catalog.now), finish) : finish(null);
  }

  /** The same of an answer that the server proper made. Returns what is to be sent in its place, which says how it may be cached; null = it is sent as it is. */
  async keepMade(
    request: EarlyRequest,
    making: AnswerInMaking,
    context: RequestContext | null,
    made: AnswerMade & { readonly body: string },
  ): Promise<AnswerMade | null> {
    const end = COST_TAIL.exec(made.body.slice(-MAX_TAIL));
    if (!context || made.status !== 200 || !end) {
      making.finish(null);
      return null;
    }
    const answer = await this.keep(making, {
      ...{ context, isReleased: context.outcome.isReleased, cost: context.meter?.takenForGood ?? 0 },
      headers: sharedHeaders(made.headers, request.exchange.body === null),
      beginning: made.body.slice(0, made.body.length - end[0].length),
    });
    return answer && this.asSent(request, answer, made);
  }

  /** What caches are told with the answer to a GET. */
  forCaches(request: EarlyRequest, answer: FinishedAnswer): Record<string, string> {
    const { clock, maxAgeSeconds } = this.parts;
    // Who asks for nothing older than now is not to be given by a cache what was new a moment ago.
    return cacheHeaders(answer, request.viewer, isStrict(request) ? 0 : maxAgeSeconds, clock.now().getTime());
  }

  private asSent(request: EarlyRequest, answer: FinishedAnswer, made: AnswerMade): AnswerMade {
    // Undefined = taken back: what this caller has left is not for whoever a cache hands the answer to.
    const headers = {
      ...(isForAll(request) ? { ratelimit: undefined, "ratelimit-policy": undefined } : request.meter ? rateLimitHeaders(request.meter) : {}),
      ...(request.exchange.body ? {} : this.forCaches(request, answer)),
    };
    if (!request.exchange.body && isUnchanged(request.exchange.raw.headers["if-none-match"], answer.etag)) return { status: 304, headers, body: null };
    return { status: made.status, headers, body: Buffer.concat(answer.parts("identity", callersOwn(request))).toString("utf8") };
  }

  /** Null = that cannot be known now, which is no reason to withhold an answer that is there. */
  private untilWhen(release: number, at: Date): MaybePromise<number | null> {
    try {
      const until = this.parts.horizon.of(release, at);
      return until instanceof Promise ? until.catch(() => null) : until;
    } catch {
      return null;
    }
  }
}

/** Longer than any end of an answer. */
const MAX_TAIL = 200;
