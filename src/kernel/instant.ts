/** An instant has an offset and at most milliseconds; a plain date is midnight UTC. */
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2}))?$/;

// Years that have four digits everywhere: in keys, in PostgreSQL and in JSON.
const FIRST = new Date("0001-01-01T00:00:00.000Z");
const LAST = new Date("9999-12-31T23:59:59.999Z");

/** Whether a date is one that can be written and kept: it has a time, in a year of four digits. */
export function isInstant(date: Date): boolean {
  return date >= FIRST && date <= LAST;
}

/** Reads an instant, or null if `text` is none or names a day or time that does not exist (30 February, 25 o'clock). */
export function parseInstant(text: string): Date | null {
  const match = INSTANT.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", offset = "Z"] = match;
  const wall = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0")}Z`);
  // Date rolls 30 February over into March; what is printed must be what was read.
  if (Number.isNaN(wall.getTime()) || wall.toISOString().slice(0, 19) !== `${year}-${month}-${day}T${hour}:${minute}:${second}`) return null;
  const instant = new Date(wall.getTime() - offsetMs(offset));
  return isInstant(instant) ? instant : null;
}

function offsetMs(offset: string): number {
  if (offset === "Z") return 0;
  const [hours, minutes] = offset.slice(1).split(":").map(Number);
  if (hours === undefined || minutes === undefined || hours > 14 || minutes > 59) return Number.NaN;
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** "20260101T000000Z", or with milliseconds "20260101T000000.250Z" when there are any: what keys of prices end in. */
export function compactInstant(instant: Date): string {
  return instant.toISOString().replace(/[-:]/g, "").replace(".000Z", "Z");
}
