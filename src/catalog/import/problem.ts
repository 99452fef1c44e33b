import type { ProblemCode } from "./problem-codes.js";

/** Where something stands in a file. */
export interface Place {
  /** As the user named it; null if it is about no file. */
  readonly file: string | null;
  /** Counts from 1; null if it is about no line. */
  readonly line: number | null;
  /** "plans[2].entitlements.lyrics", or the column of a price list. */
  readonly path: string;
}

/** One thing that is wrong: what, where, what was found, and what to do. */
export interface Problem extends Place {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Takes note of a problem and lets the work go on, so that one run finds them all. */
export type Report = (place: Place, code: ProblemCode, message: string) => void;

/** A trouble that a value has; who reads the value knows where it stands. */
export class Trouble {
  constructor(
    readonly code: ProblemCode,
    readonly message: string,
  ) {}
}

/** How many problems are shown; the rest is counted. */
export const PROBLEM_LIMIT = 1_000;

export interface ProblemList {
  readonly report: Report;
  /** Problems that were found and will not be shown, whatever place they have. */
  countMore(found: number): void;
  count(): number;
  /** The first ones by file and line. */
  first(): Problem[];
}

/** Keeps only what will be shown, so that a price list with a million bad rows fits in memory. */
export function problemList(limit = PROBLEM_LIMIT): ProblemList {
  let count = 0;
  let kept: Problem[] = [];
  const prune = (): void => {
    kept = kept.sort(comparePlaces).slice(0, limit);
  };
  return {
    report: (place, code, message) => {
      count += 1;
      kept.push({ code, file: place.file, line: place.line, path: place.path, message });
      if (kept.length >= 4 * limit) prune();
    },
    countMore: (found) => {
      count += found;
    },
    count: () => count,
    first: () => {
      prune();
      return [...kept];
    },
  };
}

/** By file and line; what belongs to no file comes last. Stable, so problems of one line stay as they were found. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.file !== b.file) return a.file === null ? 1 : b.file === null ? -1 : a.file < b.file ? -1 : 1;
  return (a.line ?? Infinity) - (b.line ?? Infinity) || 0;
}
