import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Logger } from "pino";
import type { Authentication } from "../../access/authentication.service.js";
import type { RateLimiter } from "../../access/rate-limits/rate-limiter.service.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import { ANONYMOUS, type Viewer } from "../../access/viewer.js";
import type { Clock } from "../../platform/clock.js";
import { ANSWER_HEADERS } from "../../platform/http/answer-headers.js";
import type { AnswerBody, Exchange, Front, ParsedExchange, RequestHead } from "../../platform/http/exchange.js";
import type { HttpLimits } from "../../platform/http/http-limits.js";
import { LATE, within } from "../../platform/http/in-time.js";
import { findProblem } from "../../platform/http/request-checks.js";
import type { RequestContext } from "../context.js";
import type { AnswerMade } from "../arrival/endpoint.js";
import { NOT_IN_TIME } from "../errors/errors.js";
import type { AnswerInMaking } from "../finished/answer-store.js";
import { isUnchanged } from "../finished/cache-headers.js";
import type { FinishedAnswer } from "../finished/finished-answer.js";
import type { Keepable, KeptAnswers } from "../finished/kept-answers.js";
import { rateLimitHeaders } from "../limits/rate-limited.js";
import { callersOwn, isForAll, isPoor, isStrict, type EarlyRequest, type Watched } from "./early-request.js";
import type { KnownHeaders } from "./known-headers.js";
import { methodAsked } from "./method-asked.js";
import type { PlannedAnswers } from "./planned-answers.js";
import type { PlannedQuestion } from "./planned-question.js";
import { Repeats } from "./repeats.js";

export interface EarlyRequestsParts {
  readonly path: string;
  readonly limits: HttpLimits;
  readonly authentication: Pick<Authentication, "recall" | "isStillGood">;
  readonly limiter: RateLimiter | null;
  /** The number of the release that a request with these headers is to be answered from; null = that is for the long way to find out. */
  readonly releaseFor: (headers: IncomingHttpHeaders) => MaybePromise<number | null>;
  readonly addressOf: (request: RequestHead) => string;
  readonly corsOrigins: readonly string[];
  readonly isDraining: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Null = no answer is kept. */
  readonly kept: KeptAnswers | null;
  /** Null = nothing is planned. */
  readonly planned: PlannedAnswers | null;
  readonly headers: KnownHeaders;
}

/**
 * Answers requests before anything of the server proper sees them: from finished bytes, or else by a plan. Who calls and what it has left of
 * its limits is looked at each time; whatever is unusual goes the long way, and so does everything that is to be refused.
 */
export class EarlyRequests implements Front {
  /** What came of it since the start: answers to requests that were known by their bytes. */
  readonly stats = { repeated: 0 };
  private readonly watched = new WeakMap<RequestHead, Watched>();
  private readonly repeats = new Repeats();

  constructor(private readonly parts: EarlyRequestsParts) {}

  receive(exchange: ParsedExchange): void {
    const { path, limits, isDraining } = this.parts;
    const method = isDraining() ? null : methodAsked(exchange.raw, path);
    if (method === null || findProblem(exchange.raw, limits) !== null) exchange.handOn();
    else if (method === "GET") this.tryToAnswer(exchange);
    else exchange.readBody(() => this.tryToAnswer(exchange));
  }

  /** What its bytes tell was looked at when they came before. */
  receiveAgain(exchange: Exchange): void {
    if (this.parts.isDraining()) exchange.handOn();
    else this.tryToAnswer(exchange);
  }

  /** Nobody is above this who could tell of a fault: it would end the process. */
  private tryToAnswer(exchange: Exchange): void {
    try {
      this.begin(exchange);
    } catch (error) {
      this.giveUp(exchange, error);
    }
  }

  private giveUp(exchange: Exchange, err: unknown): void {
    this.parts.logger.error({ err }, "a request could not be answered early, and goes the long way");
    if (!exchange.isAnswered) exchange.handOn();
  }

  /** What sees the answer to a request that went the long way, before it is sent, and may put another in its place; undefined = nobody wants to. */
  watcherOf(raw: RequestHead): ((context: RequestContext | null, made: AnswerMade & { readonly body: string }) => MaybePromise<AnswerMade | null>) | undefined {
    const watched = this.watched.get(raw);
    if (!watched) return undefined;
    const { request, making } = watched;
    const { kept, headers } = this.parts;
    return (context, made) => {
      if (context?.outcome.isPlanned) headers.learn(request, made.headers);
      return kept && making ? kept.keepMade(request, making, context, made) : null;
    };
  }

  private begin(exchange: Exchange): void {
    const { limiter, addressOf, authentication, clock } = this.parts;
    const { authorization, origin } = exchange.raw.headers;
    const repeat = this.repeats.of(exchange.repeated);
    // The same bytes hold the same credential. Who shows it now has to be found out from the header.
    if (exchange.repeated && !(repeat && authentication.isStillGood(repeat.viewer))) return exchange.handOn();
    const address = limiter ? addressOf(exchange.raw) : "";
    const hasCredential = repeat ? repeat.viewer !== ANONYMOUS : authorization !== undefined;
    // Guesses are not tried faster here than anywhere else.
    const isTurnedAway = limiter !== null && hasCredential && limiter.isTurnedAway(address);
    const viewer = isTurnedAway ? null : (repeat?.viewer ?? authentication.recall({ authorization, origin }));
    // It may be refused there.
    if (!viewer) return exchange.handOn();
    const page = repeat?.page ?? this.pageOf(origin);
    const key = repeat?.key ?? this.keyOf(exchange, viewer, page);
    const meter = limiter?.meterOf(viewer, address) ?? null;
    this.answer({ exchange, requestId: randomUUID(), key, page, viewer, meter, repeat, startedAt: clock.now().getTime() });
  }

  private keyOf({ raw, body }: Exchange, viewer: Viewer, page: string): string {
    return this.parts.kept?.keyOf({ raw, viewer, body, page }) ?? "";
  }

  /** What of the origin of a page answers depend on: whether it may read them. */
  private pageOf(origin: string | undefined): string {
    const { corsOrigins } = this.parts;
    return origin === undefined || corsOrigins.length === 0 ? "" : corsOrigins.includes(origin) ? origin : "other";
  }

  private answer(request: EarlyRequest): void {
    const { kept } = this.parts;
    let question: PlannedQuestion | null = null;
    if (isStrict(request)) {
      // The database is asked once for a request, and for none of who has no points left.
      if (isPoor(request)) return request.exchange.handOn();
      if (!kept?.store.isWorthAsking(request.key)) {
        question = this.questionOf(request);
        if (!question) return this.takeLongWay(request, kept?.store.begin(request.key) ?? null);
      }
    }
    const release = this.parts.releaseFor(request.exchange.raw.headers);
    if (release instanceof Promise) {
      // Why the release cannot be known is said on the long way.
      const known = release.catch(() => null);
      this.later(request, known, (number) => this.answerFrom(request, number, question));
    } else {
      this.answerFrom(request, release, question);
    }
  }

  private later<T>(request: EarlyRequest, promised: Promise<T>, next: (value: T) => void): void {
    promised.then(next).catch((error: unknown) => this.giveUp(request.exchange, error));
  }

  /** @param question what it asks, if that was found out already. */
  private answerFrom(request: EarlyRequest, release: number | null, question: PlannedQuestion | null = null): void {
    const { clock, kept } = this.parts;
    if (release === null) return request.exchange.handOn();
    const found = kept?.store.find(request.key, release, clock.now().getTime());
    if (found) {
      this.sendKept(request, found);
    } else {
      const awaited = kept?.store.awaited(request.key);
      if (awaited) this.later(request, awaited, (answer) => this.answerLikeAnother(request, release, answer));
      else this.make(request, question);
    }
  }

  private answerLikeAnother(request: EarlyRequest, release: number, answer: FinishedAnswer | null): void {
    if (answer?.isGood(release, this.parts.clock.now().getTime())) this.sendKept(request, answer, "shared");
    // Whoever was to bring it may have gone away: then one of those who wait goes, and the others wait on.
    else if (answer === null) this.answerFrom(request, release);
    else this.make(request);
  }

  private make(request: EarlyRequest, found: PlannedQuestion | null = null): void {
    const { kept, planned } = this.parts;
    // Who has gone away while waiting will not close again, so nobody would end what is begun here.
    if (request.exchange.isGone) return;
    const question = found ?? this.questionOf(request);
    const making = question?.isReleased === false ? null : (kept?.store.begin(request.key) ?? null);
    // Nobody waits for what is the caller's alone.
    if (kept && !making) kept.store.counts.misses++;
    const answer = planned && question ? planned.answer(request, question) : null;
    if (!(answer instanceof Promise)) return this.endMaking(request, making, answer);
    let isMade = false;
    if (making) request.exchange.onceClosed(() => isMade || making.abandon());
    this.later(request, within(this.parts.limits.answerMs, answer), (made) => {
      if (made === LATE) return this.refuse(request);
      isMade = true;
      this.endMaking(request, making, made);
    });
  }

  private endMaking(request: EarlyRequest, making: AnswerInMaking | null, answer: Keepable | null): void {
    if (answer === null) return this.takeLongWay(request, making);
    this.sendMade(request, answer);
    if (making) void this.parts.kept?.keep(making, answer);
  }

  private takeLongWay(request: EarlyRequest, making: AnswerInMaking | null): void {
    const { exchange } = request;
    // The parser brings it once more.
    if (exchange.repeated) making?.abandon();
    else this.watched.set(exchange.raw, { request, making });
    // Whatever becomes of it, nobody waits for it longer than this.
    if (making) exchange.onceClosed(() => making.abandon());
    exchange.handOn();
  }

  private questionOf(request: EarlyRequest): PlannedQuestion | null {
    const { repeat } = request;
    const before = repeat?.question?.deref();
    if (before && this.parts.planned?.isKept(before)) return before;
    const question = this.parts.planned?.find(request) ?? null;
    if (repeat && question) this.repeats.keepQuestion(repeat, question);
    return question;
  }

  private sendKept(request: EarlyRequest, answer: FinishedAnswer, how: "hits" | "shared" = "hits"): void {
    const { kept } = this.parts;
    const { meter, exchange } = request;
    const { body } = exchange;
    // Who has nothing left is refused like everybody else.
    if (!kept || (meter && meter.takeForGood(answer.cost) !== null)) return request.exchange.handOn();
    kept.store.counts[how]++;
    const own: string[] = [];
    if (!body) append(own, kept.forCaches(request, answer));
    if (meter && !isForAll(request)) append(own, rateLimitHeaders(meter));
    if (!body && isUnchanged(exchange.raw.headers["if-none-match"], answer.etag)) return this.send(request, 304, answer.headers, own, null);
    const coding = kept.store.codingFor(exchange.raw.headers["accept-encoding"], request.key, answer);
    if (coding !== "identity") own.push("content-encoding", coding);
    this.send(request, 200, answer.headers, own, answer.parts(coding, callersOwn(request)));
  }

  private sendMade(request: EarlyRequest, { headers, beginning }: Keepable): void {
    const { meter } = request;
    const own: string[] = [];
    if (meter) append(own, rateLimitHeaders(meter));
    this.send(request, 200, headers, own, beginning + callersOwn(request));
  }

  private refuse(request: EarlyRequest): void {
    const { status, headers, body } = NOT_IN_TIME;
    this.parts.logger.error({ requestId: request.requestId }, "a request was not answered in time");
    const all = { ...ANSWER_HEADERS, ...headers, "content-type": "application/json; charset=utf-8" };
    this.send(request, status, Object.entries(all).flat(), [], JSON.stringify(body));
  }

  /** @param shared with other answers: see `Exchange`. */
  private send(
    { exchange, requestId, viewer, page, key, repeat, startedAt }: EarlyRequest,
    status: 200 | 304 | 503,
    shared: readonly string[],
    own: string[],
    body: AnswerBody | null,
  ): void {
    const { logger, path, clock, isDraining } = this.parts;
    own.push("x-request-id", requestId);
    // A client that keeps its connection would otherwise send its next request into a closing server.
    if (repeat) this.stats.repeated++;
    exchange.answer(status, { shared, own }, body, isDraining());
    if (!repeat && exchange.repeated) this.repeats.keep(exchange.repeated, { viewer, page, key, question: null });
    if (!logger.isLevelEnabled("info")) return;
    logger.info({ requestId, method: exchange.raw.method, path, status, ms: clock.now().getTime() - startedAt, early: true }, "answered");
  }
}

function append(headers: string[], more: Readonly<Record<string, string>>): void {
  for (const name in more) headers.push(name, more[name] ?? "");
}
