import type { VersionedTable } from "../../versioned-tables.js";
import { freeze } from "./freeze.js";
import { RememberedCounts } from "./remembered-counts.js";
import { SortedBlocks } from "./sorted-blocks.js";
import type { IndexedBy, Keyed, TableDefinition } from "./table-definition.js";
import { tableOrder, type TableOrder } from "./table-order.js";
import { TableInstants } from "./table-instants.js";
import { isAt, OPEN, type Version, type VersionRow } from "./version.js";
import { VersionGroup } from "./version-group.js";

interface TableIndex<Entity> {
  readonly valueOf: IndexedBy<Entity>;
  readonly order: TableOrder<Entity>;
  readonly groups: Map<string, VersionGroup<Entity>>;
}

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
  private closed: Version<Entity>[] = [];
  private appended: Version<Entity>[] = [];
  private count = 0;
  private arrived = 0;
  readonly instants: TableInstants<Entity> | null;
  readonly counts: RememberedCounts;

  constructor(readonly definition: TableDefinition<Entity, Index, Word>) {
    const { indexes, ordersWithin = {}, orders, sortedBy, instants } = definition;
    const within = ordersWithin as Readonly<Record<string, TableDefinition<Entity>["sortedBy"][string]>>;
    const byKey = tableOrder<Entity>({}, sortedBy);
    this.everything = new VersionGroup(byKey.compare, byKey.compareVersions);
    this.indexes = new Map(
      Object.entries<IndexedBy<Entity>>(indexes).map(([name, valueOf]) => {
        const first = within[name];
        return [name, { valueOf, groups: new Map(), order: first ? tableOrder({ first: "text" }, { first }) : byKey }];
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
    this.versions.fill(versions);
    yield;
    for (const { order, versions: list } of this.lists.values()) {
      // Sorting is stable, and they come by key, so that equal values cost nothing more.
      if (list !== this.versions) list.fill([...versions].sort((a, b) => order.compareValues(a.entity, b.entity)));
      yield;
    }
    for (const index of this.indexes.values()) {
      fillIndex(index, versions);
      yield;
    }
    this.instants?.fill(versions);
  }

  /** Adds a version that began after all releases at hand. Adding it again, after a load that failed, only tells its end. */
  add(row: VersionRow): void {
    const { since, until } = row;
    const entity = this.read(row);
    const before = this.byKey.get(entity.key) ?? null;
    if (before && before.since >= since) return this.close(entity.key, since, until);
    const version: Version<Entity> = { entity, serial: this.arrived++, since, until: OPEN, earlier: before };
    this.byKey.set(entity.key, version);
    this.count++;
    this.everything.add(version);
    for (const { versions } of this.lists.values()) versions.add(version);
    for (const index of this.indexes.values()) groupWith(index, entity)?.add(version);
    this.instants?.add(version);
    this.close(entity.key, since, until);
  }

  /** The version that began with `since` ends with the release `until`, which is after all at hand. */
  close(key: string, since: number, until: number): void {
    let version = this.byKey.get(key) ?? null;
    while (version && version.since > since) version = version.earlier;
    if (version?.since !== since || version.until === until) return;
    version.until = until;
    this.closed.push(version);
    this.everything.changesAt(until);
    for (const index of this.indexes.values()) groupWith(index, version.entity)?.changesAt(until);
  }

  /** Drops the versions that ended with `oldest` or before. */
  *prune(oldest: number): Generator<void> {
    const gone = this.closed.filter(({ until }) => until <= oldest);
    this.closed = this.closed.filter(({ until }) => until > oldest);
    for (const version of gone) {
      this.drop(version);
      yield;
    }
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

  private drop(version: Version<Entity>): void {
    const { key } = version.entity;
    const newest = this.byKey.get(key) ?? null;
    if (newest === version) this.byKey.delete(key);
    // What is older ended before, and is dropped with it.
    for (let later = newest; later; later = later.earlier) if (later.earlier === version) later.earlier = null;
    this.count--;
    this.everything.remove(version);
    for (const { versions } of this.lists.values()) versions.remove(version);
    for (const index of this.indexes.values()) {
      const group = groupWith(index, version.entity);
      group?.remove(version);
      if (group?.versions.size === 0) index.groups.delete(index.valueOf(version.entity) ?? "");
    }
    this.instants?.remove(version);
  }
}

function groupOf<Entity>({ groups, order }: TableIndex<Entity>, value: string): VersionGroup<Entity> {
  let group = groups.get(value);
  if (!group) groups.set(value, (group = new VersionGroup(order.compare)));
  return group;
}

function groupWith<Entity>(index: TableIndex<Entity>, entity: Entity): VersionGroup<Entity> | null {
  const value = index.valueOf(entity);
  return value === null ? null : groupOf(index, value);
}

function fillIndex<Entity>(index: TableIndex<Entity>, versions: readonly Version<Entity>[]): void {
  const gathered = new Map<string, Version<Entity>[]>();
  for (const version of versions) {
    const value = index.valueOf(version.entity);
    if (value === null) continue;
    const some = gathered.get(value);
    if (some) some.push(version);
    else gathered.set(value, [version]);
  }
  for (const [value, some] of gathered) groupOf(index, value).versions.fill(some);
}
