import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Authentication } from "../../access/authentication.service.js";
import type { Meter, RateLimiter } from "../../access/rate-limits/rate-limiter.service.js";
import type { Viewer } from "../../access/viewer.js";
import type { Clock } from "../../platform/clock.js";
import { readEarly } from "../../platform/http/early-body.js";
import type { Front } from "../../platform/http/http-server.js";
import type { HttpLimits } from "../../platform/http/http-limits.js";
import { findProblem } from "../../platform/http/request-checks.js";
import { costOfLooking } from "../admission.js";
import { costTail } from "../cost-limit.js";
import { rateLimitHeaders } from "../rate-limited.js";
import { answerKey, readAsking, type Asking } from "./answer-key.js";
import type { AnswerInMaking, AnswerStore } from "./answer-store.js";
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
  readonly isGet: boolean;
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

  readonly front: Front = (raw, response, handOn) => {
    const { path, limits, isDraining } = this.parts;
    const asking = isDraining() ? null : readAsking(raw, path);
    if (!asking || findProblem(raw, limits) !== null) return handOn();
    const startedAt = performance.now();
    const go = (body: Buffer | null): void => {
      const request = this.admit({ raw, response, handOn, startedAt }, asking, body);
      if (request) this.answer(request);
      else handOn();
    };
    if (asking.isGet) go(null);
    else readEarly(raw, go);
  };

  /** Whether somebody wants the answer to a request that went the long way. */
  wantedOf(raw: IncomingMessage): Wanted | undefined {
    return this.wanted.get(raw);
  }

  /** Null = it has to go the long way, where it may be refused. */
  private admit(request: Pick<EarlyRequest, "raw" | "response" | "handOn" | "startedAt">, asking: Asking, body: Buffer | null): EarlyRequest | null {
    const { authentication, limiter, addressOf, corsOrigins } = this.parts;
    const { authorization, origin } = request.raw.headers;
    const address = limiter ? addressOf(request.raw) : "";
    // Guesses are not tried faster here than anywhere else.
    const check = limiter && authorization !== undefined ? limiter.beginCheck(address) : null;
    const viewer = check && check.waitMs > 0 ? null : authentication.recall({ authorization, origin });
    check?.end(true);
    if (!viewer) return null;
    const page = origin === undefined || corsOrigins.length === 0 ? "" : corsOrigins.includes(origin) ? origin : "other";
    const key = answerKey(this.audiences.numberOf(viewer), request.raw, asking, body, page);
    return { ...request, isGet: asking.isGet, key, viewer, meter: limiter?.meterOf(viewer, address) ?? null };
  }

  private answer(request: EarlyRequest): void {
    const release = this.parts.releaseFor(request.raw.headers);
    if (release instanceof Promise) release.then((number) => this.answerFrom(request, number), request.handOn);
    else this.answerFrom(request, release);
  }

  private answerFrom(request: EarlyRequest, release: number | null): void {
    const { store, clock } = this.parts;
    if (release === null) return request.handOn();
    const found = store.find(request.key, release, clock.now().getTime());
    if (found) {
      store.counts.hits++;
      return this.send(request, found);
    }
    const awaited = store.awaited(request.key);
    if (!awaited) return this.takeLongWay(request);
    void awaited.then((answer) => {
      if (!answer?.isGood(release, clock.now().getTime())) return this.takeLongWay(request);
      store.counts.shared++;
      this.send(request, answer);
    });
  }

  private takeLongWay(request: EarlyRequest): void {
    const making = this.parts.store.begin(request.key);
    this.wanted.set(request.raw, { request, making });
    // Whatever becomes of it, nobody waits for it longer than this.
    request.response.once("close", () => making.abandon());
    request.handOn();
  }

  private send(request: EarlyRequest, answer: FinishedAnswer): void {
    const { raw, response, key, meter, isGet } = request;
    // Who has nothing left is refused like everybody else.
    if (meter && meter.takeForGood(Math.min(costOfLooking(key.length), meter.limit.burst)) !== null) return request.handOn();
    const requestId = randomUUID();
    const headers = [...answer.headers, "x-request-id", requestId];
    const told = this.toldOf(request, answer);
    for (const name in told) headers.push(name, told[name] ?? "");
    if (isGet && isUnchanged(raw.headers["if-none-match"], answer.etag)) {
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
    const { isGet, meter, viewer } = request;
    return {
      ...(isGet ? cacheHeaders(answer, viewer, maxAgeSeconds, clock.now().getTime()) : {}),
      ...(meter && !isForAll(request) ? rateLimitHeaders(meter) : {}),
    };
  }

  private log({ raw, response, startedAt }: EarlyRequest, requestId: string): void {
    const { logger, path } = this.parts;
    if (!logger.isLevelEnabled("info")) return;
    const ms = Math.round(performance.now() - startedAt);
    logger.info({ requestId, method: raw.method, path, status: response.statusCode, ms, early: true }, "answered");
  }
}

/** Caches may hand an answer to a GET of an anonymous caller to others, so it says nothing of what this one has left. */
function isForAll({ isGet, viewer }: Pick<EarlyRequest, "isGet" | "viewer">): boolean {
  return isGet && viewer.kind === "ANONYMOUS";
}

/** The end of an answer, for its caller. */
export function callersOwn(request: Pick<EarlyRequest, "isGet" | "viewer" | "meter">): string {
  return costTail(request.meter, isForAll(request) ? null : (request.meter?.state().remaining ?? null));
}
