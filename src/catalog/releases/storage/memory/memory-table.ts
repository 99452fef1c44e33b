import type { VersionedTable } from "../../versioned-tables.js";
import { freeze } from "./freeze.js";
import { RememberedCounts } from "./remembered-counts.js";
import { SortedBlocks } from "./sorted-blocks.js";
import type { IndexedBy, Keyed, TableDefinition } from "./table-definition.js";
import { TableIndex } from "./table-index.js";
import { tableOrder, type TableOrder } from "./table-order.js";
import { TableInstants } from "./table-instants.js";
import { isAt, OPEN, type Version, type VersionRow } from "./version.js";
import { VersionGroup } from "./version-group.js";

const NO_ENTITIES: readonly never[] = Object.freeze([]);

/**
 * A versioned table in memory. Versions are added and closed under numbers that no reader asks about yet, so that a reader of the
 * releases that are at hand sees them whole at every moment, however long a load takes.
 */
export class MemoryTable<Entity extends Keyed, Index extends string = string, Word extends string = string> {
  /** The releases at hand, both included; none at first. */
  private oldest = 1;
  private newest = 0;
  private readonly byKey = new Map<string, Version<Entity>>();
  private readonly indexes: ReadonlyMap<string, TableIndex<Entity>>;
  private readonly lists: ReadonlyMap<string, { readonly order: TableOrder<Entity>; readonly versions: SortedBlocks<Version<Entity>> }>;
  private readonly everything: VersionGroup<Entity>;
  private readonly byKeyOrder: TableOrder<Entity>;
  private closed: Version<Entity>[] = [];
  private appended: Version<Entity>[] = [];
  private count = 0;
  private arrived = 0;
  readonly instants: TableInstants<Entity> | null;
  readonly counts: RememberedCounts;

  constructor(readonly definition: TableDefinition<Entity, Index, Word>) {
    const { indexes, ordersWithin = {}, orders, sortedBy, instants } = definition;
    const within = ordersWithin as Readonly<Record<string, TableDefinition<Entity>["sortedBy"][string]>>;
    const byKey = (this.byKeyOrder = tableOrder<Entity>({}, sortedBy));
    this.everything = new VersionGroup(byKey.compare, byKey.compareVersions);
    this.indexes = new Map(
      Object.entries<IndexedBy<Entity>>(indexes).map(([name, valueOf]) => {
        const first = within[name];
        return [name, new TableIndex(valueOf, first ? tableOrder({ first: "text" }, { first }) : byKey)];
      }),
    );
    this.lists = new Map(
      Object.entries<TableDefinition<Entity>["orders"][string]>(orders).map(([word, columns]) => {
        const order = tableOrder(columns, sortedBy);
        return [word, { order, versions: Object.keys(columns).length === 0 ? this.everything.versions : new SortedBlocks(order.compareVersions) }];
      }),
    );
    this.instants = instants ? new TableInstants(instants) : null;
    this.counts = new RememberedCounts(this.instants);
  }

  // ── what a release has ──

  isAtHand(release: number): boolean {
    return this.oldest <= release && release <= this.newest;
  }

  find(key: string, release: number): Entity | null {
    let version = this.byKey.get(key) ?? null;
    while (version && version.since > release) version = version.earlier;
    return version && isAt(version, release) ? version.entity : null;
  }

  /** Each once, in the order of the keys given; those that the release does not have are left out. */
  findAll(keys: readonly string[], release: number): readonly Entity[] {
    const [first, ...more] = keys;
    const some = more.length === 0 && first !== undefined ? [first] : new Set(keys);
    const found: Entity[] = [];
    for (const key of some) {
      const entity = this.find(key, release);
      if (entity) found.push(entity);
    }
    return found;
  }

  /** Since when a release has what it has under this key: a release, or 0 if it has nothing. */
  since(key: string, release: number): number {
    let version = this.byKey.get(key) ?? null;
    while (version && version.since > release) version = version.earlier;
    return version && isAt(version, release) ? version.since : 0;
  }

  /** All of it, by key; the same array for as long as it has the same. */
  all(release: number): readonly Entity[] {
    return this.everything.at(release);
  }

  /** What has one of these values of the index, in the order within the index. For one value the same array for as long as it has the same. */
  of(index: Index, values: readonly string[], release: number): readonly Entity[] {
    const [first, ...more] = values;
    if (first === undefined) return NO_ENTITIES;
    const { groups, order } = this.index(index);
    const ofOne = (value: string): readonly Entity[] => groups.get(value)?.at(release) ?? NO_ENTITIES;
    if (more.length === 0) return ofOne(first);
    return [...new Set(values)].flatMap(ofOne).sort(order.compare);
  }

  // ── what lists are made from ──

  get size(): number {
    return this.count;
  }

  index(name: string): TableIndex<Entity> {
    const index = this.indexes.get(name);
    if (!index) throw new Error(`${this.definition.table} has no index ${name}`);
    return index;
  }

  newestVersion(key: string): Version<Entity> | null {
    return this.byKey.get(key) ?? null;
  }

  list(word: Word): { readonly order: TableOrder<Entity>; readonly versions: SortedBlocks<Version<Entity>> } {
    const list = this.lists.get(word);
    if (!list) throw new Error(`${this.definition.table} has no order ${word}`);
    return list;
  }

  get versions(): SortedBlocks<Version<Entity>> {
    return this.everything.versions;
  }

  // ── how it is kept ──

  get name(): VersionedTable {
    return this.definition.table;
  }

  get columns(): string {
    return this.definition.columns;
  }

  get bytesPerRow(): number {
    return this.definition.bytesPerRow;
  }

  get bytes(): number {
    return this.count * this.definition.bytesPerRow;
  }

  get closedBytes(): number {
    return this.closed.length * this.definition.bytesPerRow;
  }

  cover(oldest: number, newest: number): void {
    this.oldest = oldest;
    this.newest = newest;
  }

  /** Takes a row of the first load, which come in the order of their keys. They are not there before `arrange`. */
  append(row: VersionRow): void {
    this.appended.push({ entity: this.read(row), serial: this.arrived++, since: row.since, until: row.until, earlier: null });
  }

  /** Puts what was appended in order all at once, which costs a fraction of adding each. */
  *arrange(): Generator<void> {
    const versions = this.appended;
    this.appended = [];
    for (const version of versions) this.byKey.set(version.entity.key, version);
    this.count = versions.length;
    yield;
    for (const { versions: list, sorted } of this.inEachOrder(versions)) {
      list.fill(sorted, true);
      yield;
    }
    for (const index of this.indexes.values()) {
      index.fill(versions);
      yield;
    }
    this.instants?.fill(versions);
  }

  /**
   * Adds versions that began after all releases at hand: by key, each after its predecessor. Adding them again, after a load that failed,
   * only tells their ends. Once begun it must be taken to its end.
   */
  *addAll(rows: readonly VersionRow[]): Generator<void> {
    const entities: Entity[] = [];
    // What can fail comes before anything is put in its place.
    for (const row of rows) {
      entities.push(this.read(row));
      yield;
    }
    const added: Version<Entity>[] = [];
    for (const [index, entity] of entities.entries()) {
      const { since = 0 } = rows[index] ?? {};
      const earlier = this.byKey.get(entity.key) ?? null;
      if (earlier && earlier.since >= since) continue;
      const version: Version<Entity> = { entity, serial: this.arrived++, since, until: OPEN, earlier };
      this.byKey.set(entity.key, version);
      added.push(version);
      yield;
    }
    this.count += added.length;
    for (const { versions, sorted } of this.inEachOrder(added)) yield* versions.addAll(sorted, predecessorOf);
    // Not earlier: who asked meanwhile for what an earlier release has did not meet all of them.
    for (const { since } of added) this.everything.changesAt(since);
    for (const index of this.indexes.values()) {
      for (const version of added) {
        index.groupWith(version.entity)?.append(version);
        yield;
      }
    }
    for (const version of added) {
      this.instants?.append(version);
      yield;
    }
    for (const [index, { key }] of entities.entries()) {
      const { since = 0, until = OPEN } = rows[index] ?? {};
      this.close(key, since, until);
    }
  }

  /** The version that began with `since` ends with the release `until`, which is after all at hand. */
  close(key: string, since: number, until: number): void {
    let version = this.byKey.get(key) ?? null;
    while (version && version.since > since) version = version.earlier;
    if (version?.since !== since || version.until === until) return;
    version.until = until;
    this.closed.push(version);
    this.everything.changesAt(until);
    for (const index of this.indexes.values()) index.groupWith(version.entity)?.changesAt(until);
  }

  /** Drops the versions that ended with `oldest` or before: no reader that may ask sees them. What they are listed in is gone through when there are many of them. */
  *prune(oldest: number): Generator<void> {
    const gone = this.closed.filter(({ until }) => until <= oldest);
    if (gone.length === 0) return;
    this.closed = this.closed.filter(({ until }) => until > oldest);
    this.count -= gone.length;
    const isKept = ({ until }: Version<Entity>): boolean => until > oldest;
    for (const version of gone) {
      this.unchain(version);
      yield;
    }
    yield* this.versions.drop(gone.length, isKept);
    for (const { versions } of this.lists.values()) if (versions !== this.versions) yield* versions.drop(gone.length, isKept);
    for (const index of this.indexes.values()) yield* index.drop(gone, isKept);
    yield* this.instants?.drop(gone, isKept) ?? [];
  }

  clear(): void {
    this.cover(1, 0);
    this.appended = [];
    this.byKey.clear();
    this.closed = [];
    this.count = 0;
    this.versions.fill([]);
    for (const { versions } of this.lists.values()) versions.fill([]);
    for (const { groups } of this.indexes.values()) groups.clear();
    this.instants?.fill([]);
  }

  private read({ row }: VersionRow): Entity {
    return freeze(this.definition.fromRow(row as never)); // The row has the columns that the definition names for it.
  }

  /** Nothing leads to it any more. What is older ended before, and is dropped with it. */
  private unchain(version: Version<Entity>): void {
    const { key } = version.entity;
    const newest = this.byKey.get(key) ?? null;
    if (newest === version) this.byKey.delete(key);
    for (let later = newest; later; later = later.earlier) if (later.earlier === version) later.earlier = null;
  }

  /** Versions that come by key, in the order of each list. */
  private *inEachOrder(versions: readonly Version<Entity>[]): Generator<{ versions: SortedBlocks<Version<Entity>>; sorted: readonly Version<Entity>[] }> {
    yield { versions: this.versions, sorted: versions };
    for (const { order, versions: list } of this.lists.values()) {
      if (list !== this.versions) yield { versions: list, sorted: order.sortByValues(versions) };
    }
  }
}

/** Versions of one key are often next to each other. */
function predecessorOf<Entity>({ earlier }: Version<Entity>): Version<Entity> | null {
  return earlier;
}
