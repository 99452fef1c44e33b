import type { PeriodStatus } from "../../../kernel/period.js";
import { enumType } from "../../../platform/graphql/enum.js";

export const PeriodStatusEnum = enumType<PeriodStatus>("PeriodStatus", "How a period lies to the catalog point's time.", {
  PAST: "It is over.",
  CURRENT: "It is in force.",
  UPCOMING: "It is still to come.",
});
