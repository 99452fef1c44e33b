import { readCursorValues, toPage } from "../../../../platform/database/keyset.js";
import type { ListOrder, Page, PageRequest } from "../../../../kernel/page.js";
import { setOf, type Conditions } from "./conditions.js";
import type { MemoryTable } from "./memory-table.js";
import { firstNot, type Compare } from "./sorted-blocks.js";
import type { Keyed } from "./table-definition.js";
import { isAt, type Version } from "./version.js";

/** Few enough to be looked at one by one without a thought. */
const FEW = 100;

/** The versions that an index leaves to be looked at, or all. */
interface Candidates<Entity> {
  readonly size: number;
  /** Until `visit` answers false. */
  readonly each: (visit: (version: Version<Entity>) => boolean) => void;
}

/** A page of keys, the same that `PgList` reads from the database. */
export function listKeys<Entity extends Keyed, Index extends string, Word extends string>(
  table: MemoryTable<Entity, Index, Word>,
  conditions: Conditions<Entity, Index>,
  { field, direction }: ListOrder<Word>,
  request: PageRequest,
  release: number,
): Page<Entity> {
  const { order, versions } = table.list(field);
  const cursor = readCursorValues(order.columns(direction), request);
  const matches = matcher(table, conditions, release);
  const ascending = (direction === "asc") === (request.from === "START");
  const candidates = fewestCandidates(table, conditions);
  const wanted = request.size + 1;

  const walked: Entity[] = [];
  // Walking the list until the page is full may pass over much: no longer than it takes to look at what the best index leaves.
  let steps = candidates.size <= FEW ? 0 : candidates.size + 1;
  const walk = (version: Version<Entity>): boolean => {
    if (matches(version)) walked.push(version.entity);
    return --steps > 0 && walked.length < wanted;
  };
  if (steps > 0) {
    if (ascending) versions.ascend(cursor && (({ entity }) => order.compareTo(entity, cursor) <= 0), walk);
    else versions.descend(cursor && (({ entity }) => order.compareTo(entity, cursor) < 0), walk);
  }
  if (steps > 0 || walked.length === wanted) return toPage(walked, request, order.valuesOf);

  const isBeyond = (entity: Entity): boolean => cursor === null || (ascending ? order.compareTo(entity, cursor) > 0 : order.compareTo(entity, cursor) < 0);
  const compare: Compare<Entity> = ascending ? order.compare : (a, b) => order.compare(b, a);
  const found = firstOf(candidates, wanted, compare, (version) => matches(version) && isBeyond(version.entity));
  return toPage(found, request, order.valuesOf);
}

export function countMatching<Entity extends Keyed, Index extends string>(
  table: MemoryTable<Entity, Index>,
  conditions: Conditions<Entity, Index>,
  release: number,
): number {
  const candidates = fewestCandidates(table, conditions);
  if (candidates.size <= FEW) return count(candidates, matcher(table, conditions, release));
  const { among, where } = conditions;
  const asked = JSON.stringify([release, where?.asks(), among]);
  return table.counts.find(asked, release, where?.at ?? null, () => count(candidates, matcher(table, conditions, release)));
}

function count<Entity>(candidates: Candidates<Entity>, matches: (version: Version<Entity>) => boolean): number {
  let found = 0;
  candidates.each((version) => {
    if (matches(version)) found++;
    return true;
  });
  return found;
}

/** The first `size` of those that are wanted, in order. */
function firstOf<Entity>(candidates: Candidates<Entity>, size: number, compare: Compare<Entity>, isWanted: (version: Version<Entity>) => boolean): Entity[] {
  const first: Entity[] = [];
  candidates.each((version) => {
    const { entity } = version;
    const last = first.length === size ? first[size - 1] : undefined;
    if (!isWanted(version) || (last !== undefined && compare(entity, last) >= 0)) return true;
    if (last !== undefined) first.pop();
    first.splice(
      firstNot(first, (other) => compare(other, entity) < 0),
      0,
      entity,
    );
    return true;
  });
  return first;
}

function matcher<Entity extends Keyed, Index extends string>(
  table: MemoryTable<Entity, Index>,
  { among, where }: Conditions<Entity, Index>,
  release: number,
): (version: Version<Entity>) => boolean {
  const tests = among.flatMap(([index, values]) => {
    if (values == null) return [];
    const [wanted, valueOf] = [setOf(values), index === "key" ? (entity: Entity) => entity.key : table.index(index).valueOf];
    return (entity: Entity): boolean => {
      const value = valueOf(entity);
      return value !== null && wanted.has(value);
    };
  });
  if (where) tests.push(where.holds);
  return (version) => {
    if (!isAt(version, release)) return false;
    for (const test of tests) if (!test(version.entity)) return false;
    return true;
  };
}

function fewestCandidates<Entity extends Keyed, Index extends string>(
  table: MemoryTable<Entity, Index>,
  { among, where }: Conditions<Entity, Index>,
): Candidates<Entity> {
  if (where?.never) return { size: 0, each: () => undefined };
  const { versions } = table;
  let fewest: Candidates<Entity> = { size: versions.size, each: (visit) => versions.ascend(null, visit) };
  for (const [index, values] of among) {
    if (values == null) continue;
    const candidates = index === "key" ? ofKeys(table, setOf(values)) : ofIndex(table, index, setOf(values));
    if (candidates.size < fewest.size) fewest = candidates;
  }
  return fewest;
}

function ofKeys<Entity extends Keyed>(table: MemoryTable<Entity>, keys: ReadonlySet<string>): Candidates<Entity> {
  return {
    size: keys.size,
    each: (visit) => {
      for (const key of keys) for (let version = table.newestVersion(key); version; version = version.earlier) if (!visit(version)) return;
    },
  };
}

function ofIndex<Entity extends Keyed, Index extends string>(table: MemoryTable<Entity, Index>, index: Index, values: ReadonlySet<string>): Candidates<Entity> {
  const groups = [...values].flatMap((value) => table.index(index).groups.get(value) ?? []);
  return {
    size: groups.reduce((sum, { versions }) => sum + versions.size, 0),
    each: (visit) => {
      let goesOn = true;
      for (const { versions } of groups) if (goesOn) versions.ascend(null, (version) => (goesOn = visit(version)));
    },
  };
}
