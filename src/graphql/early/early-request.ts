import type { IncomingMessage, ServerResponse } from "node:http";
import type { Meter } from "../../access/rate-limits/rate-limiter.service.js";
import type { Viewer } from "../../access/viewer.js";
import { giveBack } from "../../platform/http/early-body.js";
import { LEAST_COST } from "../limits/cost.js";
import { costTail } from "../limits/cost-limit.js";
import type { AnswerInMaking } from "../finished/answer-store.js";

/** A request of a known caller that may be answered early, on its way. */
export interface EarlyRequest {
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  readonly goOn: () => void;
  readonly requestId: string;
  /** Null for GET. */
  readonly body: Buffer | null;
  /** Everything that an answer depends on beside release and time; empty where no answers are kept. */
  readonly key: string;
  /** The origin of the page that sent it, if answers say something about it. */
  readonly page: string;
  readonly viewer: Viewer;
  readonly meter: Meter | null;
  readonly startedAt: number;
}

/** A request on the long way whose answer is looked at. */
export interface Watched {
  readonly request: EarlyRequest;
  /** Null = answers are not kept. */
  readonly making: AnswerInMaking | null;
}

/** Lets the server proper answer it, as if nothing had been tried. */
export function handOn({ raw, body, goOn }: Pick<EarlyRequest, "raw" | "body" | "goOn">): void {
  if (body) giveBack(raw, body);
  goOn();
}

export function isStrict({ raw }: EarlyRequest): boolean {
  return raw.headers["catalog-consistency"] === "strict";
}

/** Whether a caller is about to be refused, whatever it asks. */
export function isPoor({ meter }: EarlyRequest): boolean {
  return meter !== null && meter.state().remaining < LEAST_COST;
}

/** Caches may hand an answer to a GET of an anonymous caller to others, so it says nothing of what this one has left. */
export function isForAll({ body, viewer }: EarlyRequest): boolean {
  return !body && viewer.kind === "ANONYMOUS";
}

/** The end of an answer, for its caller. */
export function callersOwn(request: EarlyRequest): string {
  return costTail(request.meter, isForAll(request) ? null : (request.meter?.state().remaining ?? null));
}
