import { CatalogError } from "./catalog-error.js";

/** Ends when the time is over or the caller gives up; its reason is the error to reject with. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Lets go of the timer and of the caller's signal. */
  clear(): void;
}

/** Starts to count now. Not `AbortSignal.any` of `AbortSignal.timeout`: those signals can be collected before they fire. */
export function startDeadline(timeoutMs: number, callers: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(new CatalogError({ code: "ABORTED", message: "The request was given up.", cause: callers?.reason }));
  const timer = setTimeout(
    () => controller.abort(new CatalogError({ code: "TIMEOUT", message: `The catalog did not answer within ${timeoutMs} ms.` })),
    timeoutMs,
  );
  callers?.addEventListener("abort", giveUp, { once: true });
  if (callers?.aborted === true) giveUp();
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      callers?.removeEventListener("abort", giveUp);
    },
  };
}
