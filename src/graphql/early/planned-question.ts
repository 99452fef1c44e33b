import type { PlannedOperation } from "../compiled/planned-operation.js";
import type { Cost } from "../limits/cost.js";

/** What a request asks, of what has been planned, and what that costs. */
export interface PlannedQuestion {
  readonly planned: PlannedOperation;
  /** Coerced. */
  readonly variables: Record<string, unknown>;
  readonly cost: Cost;
  /** What it costs to look at its document. */
  readonly looking: number;
  /** Whether its answer says nothing but what its release says. */
  readonly isReleased: boolean;
  readonly headers: readonly string[];
  /** The same with the number of the release that was answered from last. */
  last: { readonly release: number; readonly headers: readonly string[] } | null;
}
