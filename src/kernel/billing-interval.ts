import { Temporal } from "temporal-polyfill";
import { isInstant } from "./instant.js";

/** How often a price is charged: "P1M", "P1Y", "P1W", "P10D", or "ONCE". */
export type BillingInterval = string;

const INTERVAL = /^P([1-9][0-9]{0,2})([DWMY])$/;

/**
 * Reads an ISO 8601 duration of one unit, or ONCE, in its one canonical spelling: twelve months are a year, seven days a
 * week. Days and months are never converted into each other. Null if `text` is no interval.
 */
export function parseBillingInterval(text: string): BillingInterval | null {
  if (text === "ONCE") return text;
  const match = INTERVAL.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  if (match[2] === "M" && count % 12 === 0) return `P${count / 12}Y`;
  if (match[2] === "D" && count % 7 === 0) return `P${count / 7}W`;
  return text;
}

/**
 * When the `index`th interval of a row that began at `anchor` begins; index 0 is the anchor itself. Days and months are
 * those of `timeZone`, at the anchor's time of day. Always reckoned from the anchor: a month that began on the 31st begins on the last
 * day of a shorter one, and on the 31st again after it. Null beyond the last instant that can be written, and for any but the first of ONCE.
 */
export function intervalStart(anchor: Date, interval: BillingInterval, index: number, timeZone: string): Date | null {
  if (index === 0) return anchor;
  const match = INTERVAL.exec(interval);
  if (!match) return null;
  const count = Number(match[1]) * index;
  const unit = UNITS[match[2] ?? ""];
  if (unit === undefined) return null;
  try {
    const start = zoned(anchor, timeZone).add({ [unit]: count });
    const date = new Date(start.epochMilliseconds);
    return isInstant(date) ? date : null;
  } catch (error) {
    if (error instanceof RangeError) return null; // Beyond what Temporal can say, and so beyond ours.
    throw error;
  }
}

/** The first start of an interval after `at`, of a row that began at `anchor`, as its index. */
export function nextIntervalIndex(anchor: Date, interval: BillingInterval, at: Date, timeZone: string): number {
  if (at < anchor) return 0;
  const match = INTERVAL.exec(interval);
  const unit = UNITS[match?.[2] ?? ""];
  if (!match || unit === undefined) return 1;
  const elapsed = zoned(anchor, timeZone).until(zoned(at, timeZone), { largestUnit: unit })[unit];
  // Months are cut short at their ends, so a whole one may count as less: from the guess on, step by step.
  let index = Math.max(0, Math.floor(elapsed / Number(match[1])) - 1);
  const isPast = (start: Date | null): boolean => start !== null && start <= at;
  while (isPast(intervalStart(anchor, interval, index, timeZone))) index++;
  return index;
}

const UNITS: Readonly<Record<string, "days" | "weeks" | "months" | "years">> = { D: "days", W: "weeks", M: "months", Y: "years" };

function zoned(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
}
