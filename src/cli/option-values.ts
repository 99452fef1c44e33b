import { InvalidArgumentError } from "commander";
import { userInfo } from "node:os";
import { parseInstant } from "../kernel/instant.js";
import { systemClock } from "../platform/clock.js";

/** A text of one line, of so many characters. */
export function lineOf(max: number, min = 0): (text: string) => string {
  return (text) => {
    const line = text.trim();
    if (line.length < min || line.length > max || /\p{Cc}/u.test(line)) throw new InvalidArgumentError(`Give ${min} to ${max} characters in one line.`);
    return line;
  };
}

/** From when something is no longer good: an instant to come. */
export function readExpiry(text: string): Date {
  const instant = parseInstant(text);
  if (instant === null) throw new InvalidArgumentError("Give a date, or an instant with an offset.");
  if (instant <= systemClock.now()) throw new InvalidArgumentError("Give a time to come: what is made now would never be good.");
  return instant;
}

export function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown"; // A user without an entry in the system's list, as in some containers.
  }
}

/** A number of whole seconds. */
export function secondsUpTo(most: number): (text: string) => number {
  return (text) => {
    const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(seconds <= most)) throw new InvalidArgumentError(`Give whole seconds, 0 to ${most}.`);
    return seconds;
  };
}
