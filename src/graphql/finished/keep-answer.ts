import { andThen, type MaybePromise } from "../../kernel/maybe-promise.js";
import type { RequestContext } from "../context.js";
import { COST_TAIL } from "../cost-limit.js";
import type { AnswerMade } from "../endpoint.js";
import { isUnchanged, sharedHeaders } from "./cache-headers.js";
import { callersOwn, type EarlyAnswers, type Wanted } from "./early-answers.js";
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
export function keepAnswer(
  { early, horizon, currentRelease }: KeepingParts,
  wanted: Wanted,
  context: RequestContext | null,
  made: AnswerMade,
): MaybePromise<AnswerMade | null> {
  const release = context?.catalog.release ?? null;
  const end = COST_TAIL.exec(made.body.slice(-MAX_TAIL));
  if (!context?.outcome.isReleased || release === null || made.status !== 200 || !end || release !== currentRelease()) {
    wanted.making.finish(null);
    return null;
  }
  return andThen(horizon.of(release, context.catalog.now), (until) => {
    const beginning = Buffer.from(made.body.slice(0, made.body.length - end[0].length), "utf8");
    const answer = new FinishedAnswer({ release, until }, sharedHeaders(made.headers), beginning);
    wanted.making.finish(answer);
    return asSent(early, wanted, answer, made);
  });
}

/** Longer than any end of an answer. */
const MAX_TAIL = 200;

function asSent(early: EarlyAnswers, { request }: Wanted, answer: FinishedAnswer, made: AnswerMade): AnswerMade {
  const headers = early.toldOf(request, answer);
  if (!request.body && isUnchanged(request.raw.headers["if-none-match"], answer.etag)) return { status: 304, headers, body: "" };
  return { status: made.status, headers, body: answer.bytes("identity", callersOwn(request)).toString("utf8") };
}
