import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Authentication } from "../../access/authentication.service.js";
import type { Meter, RateLimiter } from "../../access/rate-limits/rate-limiter.service.js";
import type { Viewer } from "../../access/viewer.js";
import type { Clock } from "../../platform/clock.js";
import { giveBack, readEarly } from "../../platform/http/early-body.js";
import type { Front } from "../../platform/http/http-server.js";
import type { HttpLimits } from "../../platform/http/http-limits.js";
import { findProblem } from "../../platform/http/request-checks.js";
import { LEAST_COST } from "../admission.js";
import { costTail } from "../cost-limit.js";
import { rateLimitHeaders } from "../rate-limited.js";
import { answerKey, methodAsked } from "./answer-key.js";
import type { AnswerInMaking, AnswerStore, AnswerStoreCounts } from "./answer-store.js";
import { Audiences } from "./audience.js";
import { cacheHeaders, isUnchanged } from "./cache-headers.js";
import type { FinishedAnswer } from "./finished-answer.js";

export interface EarlyAnswersParts {
  readonly path: string;
  readonly limits: HttpLimits;
  readonly store: AnswerStore;
  readonly authentication: Pick<Authentication, "recall">;
  readonly limiter: RateLimiter | null;
  /** The number of the release that a request with these headers is to be answered from; null = that is for the long way to find out. */
  readonly releaseFor: (headers: IncomingHttpHeaders) => number | null | Promise<number | null>;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly corsOrigins: readonly string[];
  /** For how long others may keep an answer without asking whether it is still good. */
  readonly maxAgeSeconds: number;
  readonly isDraining: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A request that may be answered early, on its way. */
export interface EarlyRequest {
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  readonly handOn: () => void;
  /** Null for GET. */
  readonly body: Buffer | null;
  readonly key: string;
  readonly viewer: Viewer;
  readonly meter: Meter | null;
  readonly startedAt: number;
}

/** A request on the long way whose answer is wanted. */
export interface Wanted {
  readonly request: EarlyRequest;
  readonly making: AnswerInMaking;
}

/**
 * Answers requests from finished bytes, before anything of the server proper sees them. Who calls and what it has left of its limits
 * is looked at each time; whatever is unusual goes the long way, and so does everything that is to be refused.
 */
export class EarlyAnswers {
  private readonly audiences = new Audiences();
  private readonly wanted = new WeakMap<IncomingMessage, Wanted>();

  constructor(private readonly parts: EarlyAnswersParts) {}

  get counts(): Readonly<AnswerStoreCounts> {
    return this.parts.store.counts;
  }

  readonly front: Front = (raw, response, handOn) => {
    const { path, limits, isDraining } = this.parts;
    const method = isDraining() ? null : methodAsked(raw, path);
    if (method === null || findProblem(raw, limits) !== null) handOn();
    else if (method === "GET") this.begin(raw, response, handOn, null);
    else readEarly(raw, (body) => this.begin(raw, response, handOn, body));
  };

  /** Whether somebody wants the answer to a request that went the long way. */
  wantedOf(raw: IncomingMessage): Wanted | undefined {
    return this.wanted.get(raw);
  }

  private begin(raw: IncomingMessage, response: ServerResponse, handOn: () => void, body: Buffer | null): void {
    const { authentication, limiter, addressOf, clock } = this.parts;
    const { authorization, origin } = raw.headers;
    const address = limiter ? addressOf(raw) : "";
    // Guesses are not tried faster here than anywhere else.
    const check = limiter && authorization !== undefined ? limiter.beginCheck(address) : null;
    const viewer = check && check.waitMs > 0 ? null : authentication.recall({ authorization, origin });
    check?.end(true);
    if (viewer) {
      const key = answerKey(this.audiences.numberOf(viewer), raw, body, this.pageOf(origin));
      const meter = limiter?.meterOf(viewer, address) ?? null;
      this.answer({ raw, response, handOn, body, key, viewer, meter, startedAt: clock.now().getTime() });
    } else {
      // It may be refused there.
      if (body) giveBack(raw, body);
      handOn();
    }
  }

  /** What of the origin of a page answers depend on: whether it may read them. */
  private pageOf(origin: string | undefined): string {
    const { corsOrigins } = this.parts;
    return origin === undefined || corsOrigins.length === 0 ? "" : corsOrigins.includes(origin) ? origin : "other";
  }

  private answer(request: EarlyRequest): void {
    if (isStrict(request)) {
      // The database is asked once for a request, and for none of who has no points left.
      if (isPoor(request)) return handOn(request);
      if (!this.parts.store.isWorthAsking(request.key)) return this.takeLongWay(request);
    }
    const release = this.parts.releaseFor(request.raw.headers);
    if (release instanceof Promise) void this.answerLater(request, release);
    else this.answerFrom(request, release);
  }

  private async answerLater(request: EarlyRequest, release: Promise<number | null>): Promise<void> {
    // What the release cannot be known for is said on the long way.
    this.answerFrom(request, await release.catch(() => null));
  }

  private answerFrom(request: EarlyRequest, release: number | null): void {
    const { store, clock } = this.parts;
    if (release === null) return handOn(request);
    const found = store.find(request.key, release, clock.now().getTime());
    if (found) {
      store.counts.hits++;
      this.send(request, found);
    } else {
      const awaited = store.awaited(request.key);
      if (awaited) void this.answerLikeAnother(request, release, awaited);
      else this.takeLongWay(request);
    }
  }

  private async answerLikeAnother(request: EarlyRequest, release: number, awaited: Promise<FinishedAnswer | null>): Promise<void> {
    const { store, clock } = this.parts;
    const answer = await awaited;
    if (answer?.isGood(release, clock.now().getTime())) {
      store.counts.shared++;
      this.send(request, answer);
      // Whoever was to bring it may have gone away: then one of those who wait goes, and the others wait on.
    } else if (answer === null) this.answerFrom(request, release);
    else this.takeLongWay(request);
  }

  private takeLongWay(request: EarlyRequest): void {
    // Who has gone away while waiting will not close again, so nobody would end what is begun here.
    if (request.response.destroyed) return;
    const making = this.parts.store.begin(request.key);
    this.wanted.set(request.raw, { request, making });
    // Whatever becomes of it, nobody waits for it longer than this.
    request.response.once("close", () => making.abandon());
    handOn(request);
  }

  private send(request: EarlyRequest, answer: FinishedAnswer): void {
    const { raw, response, meter, body } = request;
    // Who has nothing left is refused like everybody else.
    if (meter && meter.takeForGood(answer.cost) !== null) return handOn(request);
    const requestId = randomUUID();
    const headers = answer.headers.concat("x-request-id", requestId);
    if (this.parts.isDraining()) headers.push("connection", "close");
    if (meter || !body) for (const [name, value] of Object.entries(this.toldOf(request, answer))) headers.push(name, value);
    if (!body && isUnchanged(raw.headers["if-none-match"], answer.etag)) {
      response.writeHead(304, headers).end();
    } else {
      const coding = answer.codingFor(raw.headers["accept-encoding"]);
      const bytes = answer.bytes(coding, callersOwn(request));
      if (coding !== "identity") headers.push("content-encoding", coding);
      headers.push("content-length", String(bytes.length));
      response.writeHead(200, headers).end(bytes);
    }
    this.log(request, requestId);
  }

  /** What of caches and of its limits a caller is told with this answer. */
  toldOf(request: EarlyRequest, answer: FinishedAnswer): Record<string, string> {
    const { clock, maxAgeSeconds } = this.parts;
    const { body, meter, viewer } = request;
    return {
      // Who asks for nothing older than now is not to be given by a cache what was new a moment ago.
      ...(body ? {} : cacheHeaders(answer, viewer, isStrict(request) ? 0 : maxAgeSeconds, clock.now().getTime())),
      ...(meter && !isForAll(request) ? rateLimitHeaders(meter) : {}),
    };
  }

  private log({ raw, response, startedAt }: EarlyRequest, requestId: string): void {
    const { logger, path, clock } = this.parts;
    if (!logger.isLevelEnabled("info")) return;
    const ms = clock.now().getTime() - startedAt;
    logger.info({ requestId, method: raw.method, path, status: response.statusCode, ms, kept: true }, "answered");
  }
}

function handOn({ raw, body, handOn: go }: EarlyRequest): void {
  if (body) giveBack(raw, body);
  go();
}

function isStrict({ raw }: EarlyRequest): boolean {
  return raw.headers["catalog-consistency"] === "strict";
}

/** Whether a caller is about to be refused, whatever it asks. */
function isPoor({ meter }: EarlyRequest): boolean {
  return meter !== null && meter.state().remaining < LEAST_COST;
}

/** Caches may hand an answer to a GET of an anonymous caller to others, so it says nothing of what this one has left. */
export function isForAll({ body, viewer }: Pick<EarlyRequest, "body" | "viewer">): boolean {
  return !body && viewer.kind === "ANONYMOUS";
}

/** The end of an answer, for its caller. */
export function callersOwn(request: Pick<EarlyRequest, "body" | "viewer" | "meter">): string {
  return costTail(request.meter, isForAll(request) ? null : (request.meter?.state().remaining ?? null));
}
