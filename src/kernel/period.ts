/** A half-open stretch of time: `from` is in it, `until` no longer is; null = open. */
export interface Period {
  readonly from: Date;
  readonly until: Date | null;
}

export const PERIOD_STATUSES = ["PAST", "CURRENT", "UPCOMING"] as const;

/** How a period lies to an instant. */
export type PeriodStatus = (typeof PERIOD_STATUSES)[number];
