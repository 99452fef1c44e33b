import type { PeriodStatus } from "../../../kernel/period.js";
import type { CatalogSight } from "../release.js";
import { NOTHING } from "./versioned.js";

/**
 * For Prisma: rows with an effective period that the sight sees and whose period is one of `statuses` at the point's
 * time; null asks for those in force. The embargo stands first and on its own, so no filter can look past it.
 */
export function effectiveAs(statuses: readonly PeriodStatus[] | null | undefined, { point, seesUpcoming }: CatalogSight): object {
  const { time } = point;
  const conditions: Record<PeriodStatus, object> = {
    PAST: { effectiveUntil: { lte: time } },
    CURRENT: { AND: [{ effectiveFrom: { lte: time } }, { OR: [{ effectiveUntil: null }, { effectiveUntil: { gt: time } }] }] },
    UPCOMING: { effectiveFrom: { gt: time } },
  };
  // An empty OR would be no condition at all for Prisma; a list of no values means none.
  const wanted = statuses?.length === 0 ? NOTHING : { OR: (statuses ?? ["CURRENT"]).map((status) => conditions[status]) };
  return { AND: [seesUpcoming ? {} : { effectiveFrom: { lte: time } }, wanted] };
}

/** SQL: the embargo, for statements with the sight's `seesUpcoming` as `$3` and the point's time as `$4`. */
export const EMBARGO = "($3 or effective_from <= $4)";
