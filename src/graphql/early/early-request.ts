import type { Meter } from "../../access/rate-limits/rate-limiter.service.js";
import type { Viewer } from "../../access/viewer.js";
import type { Exchange } from "../../platform/http/exchange.js";
import { LEAST_COST } from "../limits/cost.js";
import { costTail } from "../limits/cost-limit.js";
import type { AnswerInMaking } from "../finished/answer-store.js";
import type { Repeat } from "./repeats.js";

/** A request of a known caller that may be answered early, on its way. */
export interface EarlyRequest {
  /** Its body is null for GET alone. */
  readonly exchange: Exchange;
  readonly requestId: string;
  /** Everything that an answer depends on beside release and time; empty where no answers are kept. */
  readonly key: string;
  /** The origin of the page that sent it, if answers say something about it. */
  readonly page: string;
  readonly viewer: Viewer;
  readonly meter: Meter | null;
  /** What is known of it from before; null = it was not known by its bytes. */
  readonly repeat: Repeat | null;
  readonly startedAt: number;
}

/** A request on the long way whose answer is looked at. */
export interface Watched {
  readonly request: EarlyRequest;
  /** Null = answers are not kept. */
  readonly making: AnswerInMaking | null;
}

export function isStrict({ exchange }: EarlyRequest): boolean {
  return exchange.raw.headers["catalog-consistency"] === "strict";
}

/** Whether a caller is about to be refused, whatever it asks. */
export function isPoor({ meter }: EarlyRequest): boolean {
  return meter !== null && meter.remaining < LEAST_COST;
}

/** Caches may hand an answer to a GET of an anonymous caller to others, so it says nothing of what this one has left. */
export function isForAll({ exchange, viewer }: EarlyRequest): boolean {
  return !exchange.body && viewer.kind === "ANONYMOUS";
}

/** The end of an answer, for its caller. */
export function callersOwn(request: EarlyRequest): string {
  return costTail(request.meter, isForAll(request) ? null : (request.meter?.remaining ?? null));
}
