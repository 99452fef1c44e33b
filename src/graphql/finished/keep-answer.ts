import type { RequestContext } from "../context.js";
import { COST_TAIL } from "../cost-limit.js";
import type { AnswerMade } from "../endpoint.js";
import { isUnchanged, sharedHeaders } from "./cache-headers.js";
import { callersOwn, isForAll, type EarlyAnswers, type EarlyRequest, type Wanted } from "./early-answers.js";
import { FinishedAnswer } from "./finished-answer.js";
import type { Horizon } from "../../catalog/releases/horizon.js";

export interface KeepingParts {
  readonly early: EarlyAnswers;
  readonly horizon: Horizon;
  /** The number of the current release, as far as this process knows. */
  readonly currentRelease: () => number | null;
}

/**
 * Keeps an answer that somebody wants, if others may have it: it says only what its release says, and that is still the current one.
 * Returns what is to be sent in its place, which says how it may be cached; null = it is sent as it is.
 */
export async function keepAnswer(
  { early, horizon, currentRelease }: KeepingParts,
  { request, making }: Wanted,
  context: RequestContext | null,
  made: AnswerMade & { readonly body: string },
): Promise<AnswerMade | null> {
  const release = context?.catalog.release ?? null;
  const end = COST_TAIL.exec(made.body.slice(-MAX_TAIL));
  if (!context?.outcome.isReleased || release === null || made.status !== 200 || !end || release !== currentRelease()) {
    making.finish(null);
    return null;
  }
  const until = await untilWhen(horizon, release, context.catalog.now);
  if (until === null) {
    making.finish(null);
    return null;
  }
  const beginning = Buffer.from(made.body.slice(0, made.body.length - end[0].length), "utf8");
  const headers = sharedHeaders(made.headers, request.body === null);
  const answer = new FinishedAnswer({ release, from: context.catalog.now.getTime(), until }, headers, beginning, context.meter?.takenForGood ?? 0);
  making.finish(answer);
  return asSent(early, request, answer, made);
}

/** Longer than any end of an answer. */
const MAX_TAIL = 200;

/** Null = that cannot be known now, which is no reason to withhold an answer that is there. */
async function untilWhen(horizon: Horizon, release: number, at: Date): Promise<number | null> {
  try {
    return await horizon.of(release, at);
  } catch {
    return null;
  }
}

function asSent(early: EarlyAnswers, request: EarlyRequest, answer: FinishedAnswer, made: AnswerMade): AnswerMade {
  // Undefined = taken back: what this caller has left is not for whoever a cache hands the answer to.
  const headers = { ...(isForAll(request) ? { ratelimit: undefined, "ratelimit-policy": undefined } : {}), ...early.toldOf(request, answer) };
  if (!request.body && isUnchanged(request.raw.headers["if-none-match"], answer.etag)) return { status: 304, headers, body: null };
  return { status: made.status, headers, body: answer.bytes("identity", callersOwn(request)).toString("utf8") };
}
