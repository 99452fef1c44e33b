import { setImmediate as turn } from "node:timers/promises";
import type { ClientBase } from "pg";
import { DATABASE_LIMITS, type Database } from "../../../../platform/database/database.js";
import { valueTypes } from "../../../../platform/database/value-types.js";
import type { VersionedTable } from "../../versioned-tables.js";
import type { MemoryTable } from "./memory-table.js";
import { ReleaseChanges } from "./release-changes.js";
import { ReleaseSnapshot } from "./release-snapshot.js";
import { SharedValues } from "./shared-values.js";

/** How many releases are at hand, the current one included, as long as what they no longer share is little. */
const MAX_RELEASES = 16;
/** Of the budget, for what only earlier releases have. */
const EARLIER_SHARE = 0.1;
const SLICE_MS = 2;
/** Of slices, where others take as long. */
const MAX_SLICES = 5;

export interface ReleaseStoreOptions {
  /** How much the tables may take in memory, as far as it can be told beforehand. */
  readonly bytes: number;
  /** How long requests wait while rows are put in their places, or up to five times as long where they are many. */
  readonly sliceMs?: number;
  /** Told of each table when all of it is in memory. */
  readonly onLoaded?: (table: VersionedTable, rows: number) => void;
  /** Told of a table that does not fit: from now on the database is asked for it. */
  readonly onLeft?: (table: VersionedTable, bytes: number) => void;
  /** Told of a load that failed, once for all who waited for it. */
  readonly onFailed?: (error: unknown) => void;
}

/** What the store does with a table, whatever it is of. */
type KeptTable = Pick<
  MemoryTable<never>,
  "name" | "columns" | "bytesPerRow" | "size" | "bytes" | "closedBytes" | "append" | "arrange" | "addAll" | "close" | "prune" | "cover" | "clear" | "isAtHand"
> & { readonly instants: { next(release: number, after: number): number | null } | null };

/**
 * The latest releases in memory. Loads run one at a time; each reads one snapshot of the database and puts what is new where no
 * reader looks yet. The release is then made visible in all tables at once.
 */
export class ReleaseStore {
  private readonly types = new SharedValues().types(valueTypes);
  /** When each release was published: at its number. */
  private readonly published: (Date | null)[] = [null];
  private readonly left = new Set<KeptTable>();
  private loading: Promise<void> | null = null;
  /** What goes on after a release has become visible, and is done before the next one is touched. */
  private forgetting: Promise<void> = Promise.resolve();
  private isLoaded = false;
  private oldest = 1;
  private newest = 0;

  /** @param tables in the order in which they are taken as long as they fit. */
  constructor(
    private readonly database: Pick<Database, "withKeptClient">,
    private readonly tables: readonly KeptTable[],
    private readonly options: ReleaseStoreOptions,
  ) {}

  /** Whether the release is at hand, but for tables that are left to the database. */
  covers(release: number): boolean {
    return this.isLoaded && this.oldest <= release && release <= this.newest;
  }

  /** An estimate: rows times what one was measured to take. */
  get bytes(): number {
    return this.tables.reduce((sum, table) => sum + table.bytes, 0);
  }

  /**
   * Makes a release available, unless it is. Answers the newest release at hand, which is older if the database knows no such release.
   * While it loads, readers go on with what is at hand. The first time it loads all that the
   * current release has. Rejects if the database cannot be read; then nothing has changed.
   */
  async bringTo(release: number): Promise<number> {
    // A load under way may have begun before the release was published; one that begins now has not.
    if (this.newest < release) await this.loading?.catch(ignore);
    if (this.newest < release || !this.isLoaded) await this.catchUp();
    return this.newest;
  }

  /** When a release that is at hand was published. */
  publishedAt(release: number): Date | null {
    return this.published[release] ?? null;
  }

  /** The newest release of those up to `newest` that was published by then; the first one for times before it. Null before the first load, and for what may not be known here. */
  releaseAt(time: Date): number | null {
    let [low, high] = [1, this.published.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.published[middle] ?? time) <= time) low = middle + 1;
      else high = middle;
    }
    const found = Math.max(low - 1, 1);
    return found < this.newest ? found : null;
  }

  /** The next instant strictly after `after` at which something of the release comes into force or ends; null = never, undefined = not known here. */
  nextBoundary(release: number, after: Date): Date | null | undefined {
    const timed = this.tables.flatMap((table) => (table.instants ? [{ table, instants: table.instants }] : []));
    if (!timed.every(({ table }) => table.isAtHand(release))) return undefined;
    const next = timed.flatMap(({ instants }) => instants.next(release, after.getTime()) ?? []);
    return next.length === 0 ? null : new Date(Math.min(...next));
  }

  private catchUp(): Promise<void> {
    this.loading ??= this.load();
    return this.loading;
  }

  private async load(): Promise<void> {
    try {
      await this.database.withKeptClient((client, isKept) => (this.isLoaded ? this.readChanges(client, isKept) : this.readAll(client)));
    } catch (error) {
      this.options.onFailed?.(error);
      throw error;
    } finally {
      this.loading = null;
    }
  }

  private async readAll(client: ClientBase): Promise<void> {
    const snapshot = await ReleaseSnapshot.begin(client, this.types);
    for (const table of this.tables) if (!this.left.has(table)) await this.readTable(snapshot, table);
    const published = await snapshot.published();
    await snapshot.end();
    for (const at of published) this.published.push(at);
    this.isLoaded = true;
    this.cover(snapshot.head, snapshot.head);
  }

  private async readTable(snapshot: ReleaseSnapshot, table: KeptTable): Promise<void> {
    table.clear(); // Of a load that failed.
    const bytes = (await snapshot.countOpen(table.name)) * table.bytesPerRow;
    if (this.bytes + bytes > this.options.bytes) {
      this.leave(table, bytes);
      return;
    }
    await snapshot.readOpen(table.name, table.columns, (row) => table.append(row));
    await this.unhurried(table.arrange());
    this.options.onLoaded?.(table.name, table.size);
  }

  /** A connection that was kept may have been lost without a word, and does not get for ever. */
  private async readChanges(client: ClientBase, isKept: boolean): Promise<void> {
    const tables = new Map(this.tables.flatMap((table) => (this.left.has(table) ? [] : [[table.name, table]])));
    const timeoutMs = isKept ? DATABASE_LIMITS.statementTimeoutMs : undefined;
    const changes = await ReleaseChanges.read(client, this.types, [...tables.values()], this.newest, timeoutMs);
    // The database ends it while what it told is put in its place.
    const ended = changes.isComplete ? changes.end() : null;
    ended?.catch(ignore);
    await this.forgetting;
    if (changes.head > this.newest) await this.takeIn(changes, tables);
    await (ended ?? changes.end());
  }

  private async takeIn(changes: ReleaseChanges, tables: ReadonlyMap<VersionedTable, KeptTable>): Promise<void> {
    for (const table of tables.values()) await this.addBegun(changes, table);
    for await (const endings of changes.ended())
      await this.unhurried(each(endings, ({ table, key, since, until }) => tables.get(table)?.close(key, since, until)));
    this.published.push(...changes.published);
    this.cover(Math.max(this.oldest, changes.head - MAX_RELEASES + 1), changes.head);
    this.forgetting = this.forgetEarlier();
  }

  private async addBegun(changes: ReleaseChanges, table: KeptTable): Promise<void> {
    for await (const rows of changes.begun(table.name)) {
      await this.unhurried(table.addAll(rows));
      if (this.bytes > this.options.bytes) await this.makeRoom();
      if (this.bytes > this.options.bytes) {
        this.leave(table, table.bytes);
        return;
      }
    }
  }

  /** Only the newest release stays at hand. */
  private async makeRoom(): Promise<void> {
    this.cover(this.newest, this.newest);
    for (const table of this.tables) await this.unhurried(table.prune(this.oldest));
  }

  private leave(table: KeptTable, bytes: number): void {
    table.clear();
    this.left.add(table);
    this.options.onLeft?.(table.name, bytes);
  }

  /** All tables at once: nothing else runs in between. */
  private cover(oldest: number, newest: number): void {
    this.oldest = oldest;
    this.newest = newest;
    for (const table of this.tables) if (!this.left.has(table)) table.cover(oldest, newest);
  }

  private async forgetEarlier(): Promise<void> {
    for (;;) {
      for (const table of this.tables) await this.unhurried(table.prune(this.oldest));
      const earlier = this.tables.reduce((sum, table) => sum + table.closedBytes, 0);
      if (earlier <= this.options.bytes * EARLIER_SHARE || this.oldest === this.newest) return;
      this.cover(this.oldest + 1, this.newest);
    }
  }

  /** Takes the steps, and lets others work from time to time. Where they are busy it takes as long as they do, within bounds, or it would never be done. */
  private async unhurried(steps: Iterable<void>): Promise<void> {
    const { sliceMs = SLICE_MS } = this.options;
    const walk = steps[Symbol.iterator]();
    let until = performance.now() + sliceMs;
    while (walk.next().done !== true) {
      const paused = performance.now();
      if (paused < until) continue;
      await turn();
      const resumed = performance.now();
      until = resumed + Math.max(sliceMs, Math.min(resumed - paused, sliceMs * MAX_SLICES));
    }
  }
}

function* each<Item>(items: readonly Item[], body: (item: Item) => void): Generator<void> {
  for (const item of items) {
    body(item);
    yield;
  }
}

function ignore(): void {
  // Whoever awaits it is told that it failed.
}
