import { CONCEPTS, SINGULAR, type Concept, type CurrentCatalog } from "../current-catalog.js";
import { didYouMean } from "../nearest.js";
import type { Place, Report } from "../problem.js";
import type { ProblemCode } from "../problem-codes.js";
import type { Drafts } from "../reading/drafts.js";
import { show } from "../source.js";

/** Which keys there will be after the import. Entities whose other fields are broken count: their key is known. */
export interface NextKeys {
  /** In the files, and where. */
  readonly named: ReadonlyMap<string, Place>;
  /** Of the current release, left as they are. */
  readonly staying: ReadonlySet<string>;
  /** Of the current release, ended by this import; the place is where it says so, null with --replace. */
  readonly ended: ReadonlyMap<string, Place | null>;
}

export type NextCatalog = Readonly<Record<Concept, NextKeys>>;

const UNKNOWN = {
  markets: "MARKET_UNKNOWN",
  products: "PRODUCT_UNKNOWN",
  features: "FEATURE_UNKNOWN",
  plans: "PLAN_UNKNOWN",
  discounts: "RETIRE_UNKNOWN",
  policies: "RETIRE_UNKNOWN",
} as const satisfies Record<Concept, ProblemCode>;

/** What the files name, on top of what the current release has, without what is retired. */
export function nextCatalog(current: CurrentCatalog, drafts: Drafts, replace: boolean, report: Report): NextCatalog {
  return Object.fromEntries(CONCEPTS.map((concept) => [concept, nextKeys(concept, current, drafts, replace, report)])) as NextCatalog;
}

function nextKeys(concept: Concept, current: CurrentCatalog, drafts: Drafts, replace: boolean, report: Report): NextKeys {
  const named = new Map<string, Place>();
  for (const { fields, source } of drafts[concept]) {
    if (fields.key === undefined) continue;
    const first = named.get(fields.key);
    if (first)
      report(source.place("key"), "KEY_TWICE", `The ${SINGULAR[concept]} ${show(fields.key)} is given twice; the first time in ${placeText(first)}. Keep one.`);
    else named.set(fields.key, source.place("key"));
  }
  const ended = new Map<string, Place | null>();
  for (const { concept: of, key, place } of drafts.retirements) {
    if (of !== concept) continue;
    const given = named.get(key);
    if (given)
      report(place, "RETIRED_AND_NAMED", `The ${SINGULAR[concept]} ${show(key)} is to be retired, but ${placeText(given)} gives it. Remove one of the two.`);
    else if (current[concept].has(key)) ended.set(key, place);
  }
  if (replace) for (const key of current[concept].keys()) if (!named.has(key) && !ended.has(key)) ended.set(key, null);
  const staying = new Set([...current[concept].keys()].filter((key) => !named.has(key) && !ended.has(key)));
  return { named, staying, ended };
}

/** Says whether there will be such an entity, and reports it if not. */
export type CheckReference = (concept: Concept, key: string | undefined | null, place: Place) => boolean;

// Comparing a wrong key with all others takes time; a price list may have a million wrong keys.
const MOST_SUGGESTIONS = 1_000;

/** @param allFilesRead without it keys may be missing only because a file could not be read: that they are is not reported. */
export function referenceCheck(next: NextCatalog, allFilesRead: boolean, report: Report): CheckReference {
  let suggestions = 0;
  return (concept, key, place) => {
    if (key === undefined || key === null) return false;
    const { named, staying, ended } = next[concept];
    if (named.has(key) || staying.has(key)) return true;
    const end = ended.get(key);
    if (end !== undefined) {
      const why = end ? `${placeText(end)} retires it` : "it is not in these files, and with --replace they are the whole catalog";
      report(place, "REFERENCE_RETIRED", `The ${SINGULAR[concept]} ${show(key)} will be gone: ${why}. Remove the reference, or keep the ${SINGULAR[concept]}.`);
    } else if (allFilesRead) {
      suggestions += 1;
      const hint = suggestions <= MOST_SUGGESTIONS ? didYouMean(key, [...named.keys(), ...staying]) : "";
      report(place, UNKNOWN[concept], `There is no ${SINGULAR[concept]} ${show(key)} in the catalog or in these files.${hint}`);
    }
    return false;
  };
}

export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
