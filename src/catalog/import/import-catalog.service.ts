import type { Clock } from "../../platform/clock.js";
import { isUnchanged, type Changes } from "../releases/publishing.js";
import type { Release } from "../releases/release.js";
import { CONCEPTS } from "./current-catalog.js";
import { importPrices } from "./import-prices.service.js";
import { ConstraintViolated, type ImportRepository, type ImportTransaction } from "./import.repository.js";
import { nextCatalog, referenceCheck, type NextCatalog } from "./meaning/next-catalog.js";
import { reportFinding } from "./meaning/prices/price-findings.js";
import { checkStructure } from "./meaning/structure.js";
import { PROBLEM_LIMIT, problemList, type Problem, type ProblemList } from "./problem.js";
import type { CatalogFile } from "./reading/catalog-file.js";
import type { Drafts, Retirement } from "./reading/drafts.js";
import { readDocuments } from "./reading/read-documents.js";
import { sortFiles, type SortedFiles } from "./reading/sort-files.js";
import type { Rollout } from "./shapes/plan.shape.js";
import { show } from "./source.js";

export interface ImportOptions {
  readonly author: string;
  readonly note?: string;
  /** The files are the whole catalog: what they do not name ends. */
  readonly replace?: boolean;
  /** Whether existing subscriptions follow, for changed entitlements that do not say it. */
  readonly rollout?: Rollout | null;
  /** Finds out what would be released, and leaves no trace. */
  readonly dryRun?: boolean;
}

export interface ImportProgress {
  readonly step: "READING" | "WAITING" | "PRICES" | "COMPARING" | "RELEASING";
  /** Prices read so far. */
  readonly prices: number;
}

export interface ImportRequest {
  readonly imports: ImportRepository;
  readonly files: readonly CatalogFile[];
  readonly options: ImportOptions;
  readonly clock: Clock;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export type ImportOutcome =
  | { readonly outcome: "PUBLISHED"; readonly release: Release; readonly changes: Changes }
  /** What a dry run would have published, as it would be now. */
  | { readonly outcome: "WOULD_PUBLISH"; readonly release: Release; readonly changes: Changes }
  /** The files say what the current release says. */
  | { readonly outcome: "UNCHANGED"; readonly release: number }
  /** The first problems by file and line, and how many there are. Nothing was written. */
  | { readonly outcome: "REFUSED"; readonly problems: readonly Problem[]; readonly problemCount: number };

/** Reads the files and publishes what they say as the next release, all of it or nothing. */
export async function importCatalog({ imports, files, options, clock, onProgress = () => undefined }: ImportRequest): Promise<ImportOutcome> {
  const problems = problemList();
  const sorted = sortFiles(files, problems.report);
  let prices = 0;
  const progress = (step: ImportProgress["step"]): void => onProgress({ step, prices });

  progress("READING");
  if (files.length === 0)
    problems.report({ file: null, line: null, path: "" }, "FILE_UNREADABLE", "No file was named. Name the files of the catalog, or their folder.");
  const { drafts, allFilesRead } = await readDocuments(sorted, problems.report);
  progress("WAITING");
  try {
    return await imports.inTransaction(async (transaction) => {
      const onRead = (read: number): void => {
        prices = read;
        progress("PRICES");
      };
      const structure = await check(transaction, { sorted, drafts, allFilesRead, options, clock, problems, onRead, onCompare: () => progress("COMPARING") });
      if (problems.count() > 0) return { keep: false, result: refused(problems) };
      progress("RELEASING");
      await transaction.stageStructure(structure.rows, structure.endings);
      const changes = await transaction.apply();
      if (isUnchanged(changes)) return { keep: false, result: { outcome: "UNCHANGED", release: transaction.head.number } };
      const release = await transaction.append({ author: options.author, note: options.note ?? "", at: clock.now() });
      const keep = options.dryRun !== true;
      return { keep, result: { outcome: keep ? "PUBLISHED" : "WOULD_PUBLISH", release, changes } };
    });
  } catch (error) {
    if (!(error instanceof ConstraintViolated)) throw error;
    const { constraint, reason, detail } = error;
    const message = [`${constraint}:`, reason ?? "", detail ?? ""].filter(Boolean).join(" ");
    problems.report({ file: null, line: null, path: "" }, "DATABASE_REFUSED", `${message} Please report that the import did not see this itself.`);
    return refused(problems);
  }
}

interface CheckContext {
  readonly sorted: SortedFiles;
  readonly drafts: Drafts;
  readonly allFilesRead: boolean;
  readonly options: ImportOptions;
  readonly clock: Clock;
  readonly problems: ProblemList;
  readonly onRead: (prices: number) => void;
  readonly onCompare: () => void;
}

/** Finds every problem there is, whatever came before it. */
async function check(
  transaction: ImportTransaction,
  { sorted, drafts, allFilesRead, options, clock, problems, ...hooks }: CheckContext,
): Promise<ReturnType<typeof checkStructure>> {
  const { report } = problems;
  const replace = options.replace ?? false;
  const current = await transaction.loadCurrent();
  const next = nextCatalog(current, drafts, replace, report);
  await checkRetirements(transaction, drafts.retirements, next, problems);
  const reference = referenceCheck(next, allFilesRead, report);
  const structure = checkStructure({ drafts, current, next, check: reference, rollout: options.rollout ?? null }, report);
  await importPrices(transaction, { files: sorted, drafts: drafts.prices, check: reference, report, onRead: hooks.onRead });
  hooks.onCompare();
  await checkPrices(transaction, { next, retirements: drafts.retirements, replace, at: clock.now(), fileNames: sorted.names, problems });
  return structure;
}

/** What was retired long ago may be retired again, so that the same files make no release. What never was is a slip of the pen. */
async function checkRetirements(transaction: ImportTransaction, retirements: readonly Retirement[], next: NextCatalog, { report }: ProblemList): Promise<void> {
  for (const concept of [...CONCEPTS, "prices" as const]) {
    const asked = retirements.filter((retirement) => retirement.concept === concept);
    if (asked.length === 0) continue;
    const released = await transaction.findEverReleased(
      concept,
      asked.map(({ key }) => key),
    );
    // Of what is given as well it was said already that it is both.
    const isGiven = (key: string): boolean => concept !== "prices" && next[concept].named.has(key);
    for (const { key, place } of asked)
      if (!released.has(key) && !isGiven(key))
        report(place, "RETIRE_UNKNOWN", `${show(key)} in retire.${concept} was never released. Correct the key, or remove it.`);
  }
}

interface PriceCheck {
  readonly next: NextCatalog;
  readonly retirements: readonly Retirement[];
  readonly replace: boolean;
  readonly at: Date;
  readonly fileNames: readonly string[];
  readonly problems: ProblemList;
}

async function checkPrices(transaction: ImportTransaction, { next, retirements, replace, at, fileNames, problems }: PriceCheck): Promise<void> {
  const retired = retirements.filter(({ concept }) => concept === "prices").map(({ key }) => key);
  await transaction.stagePriceEndings({ keys: retired, ofPlans: [...next.plans.ended.keys()], all: replace });
  const markets = [...next.markets.ended.keys()];
  for await (const finding of transaction.findPriceConflicts({ at, markets, retired, limit: PROBLEM_LIMIT })) {
    reportFinding(finding, { fileNames, endedMarkets: next.markets.ended }, problems);
  }
}

function refused(problems: ProblemList): ImportOutcome {
  return { outcome: "REFUSED", problems: problems.first(), problemCount: problems.count() };
}
