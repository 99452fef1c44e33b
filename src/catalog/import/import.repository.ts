import type { CatalogKey } from "../../kernel/key.js";
import type { Release } from "../releases/release.js";
import type { Changes, Head, NewRelease } from "../releases/publishing.js";
import type { Concept, CurrentCatalog } from "./current-catalog.js";
import type { PriceFinding, StagedPlace } from "./meaning/prices/price-findings.js";
import type { SoundPrice } from "./meaning/prices/price.js";
import type { StructureEndings, StructureRows } from "./meaning/structure-rows.js";

export interface StagedPrice extends SoundPrice {
  readonly at: StagedPlace;
}

/** Which prices end that are not given again. */
export interface PriceEndings {
  readonly keys: readonly string[];
  readonly ofPlans: readonly CatalogKey[];
  /** Those of every plan. */
  readonly all: boolean;
}

/** One import. It holds the head of the catalog, so no other import comes between what it reads and what it writes. */
export interface ImportTransaction {
  readonly head: Head;
  loadCurrent(): Promise<CurrentCatalog>;
  /** Which of the keys were in any release. */
  findEverReleased(concept: Concept | "prices", keys: readonly string[]): Promise<ReadonlySet<string>>;
  stagePrices(prices: readonly StagedPrice[]): Promise<void>;
  stagePriceEndings(endings: PriceEndings): Promise<void>;
  /** What is wrong with the staged prices among each other and with those that stay: at most `limit` of each kind, and how many there are. */
  findPriceConflicts(question: { at: Date; markets: readonly CatalogKey[]; retired: readonly string[]; limit: number }): AsyncIterable<PriceFinding>;
  stageStructure(rows: StructureRows, endings: StructureEndings): Promise<void>;
  /** Writes what is staged as the next release, and says what it changes. */
  apply(): Promise<Changes>;
  append(release: NewRelease): Promise<Release>;
}

export interface ImportRepository {
  /** Runs `work`, then keeps what it wrote or leaves no trace of it. Throws `ConstraintViolated`. */
  inTransaction<T>(work: (transaction: ImportTransaction) => Promise<{ readonly keep: boolean; readonly result: T }>): Promise<T>;
}

/** A rule of the database refused what is to be released. */
export class ConstraintViolated extends Error {
  constructor(
    readonly constraint: string,
    /** Why the rule is there. */
    readonly reason: string | null,
    readonly detail: string | null,
    options?: ErrorOptions,
  ) {
    super(`The database refused the release: ${constraint}`, options);
    this.name = "ConstraintViolated";
  }
}
