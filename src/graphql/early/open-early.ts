import { newContext, type CatalogSources } from "../context.js";
import { EarlyRequests, type EarlyRequestsParts } from "./early-requests.js";
import { KnownHeaders } from "./known-headers.js";
import { PlannedAnswers, type PlannedAnswersParts } from "./planned-answers.js";

export interface EarlyParts extends Omit<EarlyRequestsParts, "planned" | "headers"> {
  /** Null = nothing is planned. */
  readonly plans: (Omit<PlannedAnswersParts, "openContext" | "headers"> & { readonly sources: CatalogSources }) | null;
}

/** Null where nothing could be answered early. */
export function openEarly({ plans, ...parts }: EarlyParts): EarlyRequests | null {
  if (!plans && !parts.kept) return null;
  const headers = new KnownHeaders();
  const planned =
    plans && new PlannedAnswers({ ...plans, headers, openContext: (requestId, viewer, meter) => newContext(plans.sources, requestId, viewer, meter) });
  return new EarlyRequests({ ...parts, planned, headers });
}
