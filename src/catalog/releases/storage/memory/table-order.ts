import { keyedOrder, type OrderColumns, type SortColumn, type SortValue } from "../../../../platform/database/keyset.js";
import { gather } from "./gather.js";
import type { Compare } from "./sorted-blocks.js";
import type { Keyed } from "./table-definition.js";
import { compareText } from "./text-order.js";
import type { Version } from "./version.js";

/** An order of entities, ascending: by some of their values, then by key. */
export interface TableOrder<Entity> {
  readonly columns: (direction: SortColumn["direction"]) => readonly SortColumn[];
  readonly valuesOf: (entity: Entity) => readonly SortValue[];
  /** Whether an entity lies before (negative) or behind these values, which are those of a cursor. */
  readonly compareTo: (entity: Entity, values: readonly SortValue[]) => number;
  readonly compare: Compare<Entity>;
  /** Puts versions in order that come by key. */
  readonly sortByValues: (versions: readonly Version<Entity>[]) => Version<Entity>[];
  /** Versions of one key that have the same values are ordered by release. */
  readonly compareVersions: Compare<Version<Entity>>;
}

export function tableOrder<Entity extends Keyed>(columns: OrderColumns, sortedBy: Readonly<Record<string, (entity: Entity) => SortValue>>): TableOrder<Entity> {
  const read = [...Object.keys(columns), "key"].map((field) => (field === "key" ? keyOf : getterOf(sortedBy, field)));
  const compare = lexicographic(read);
  return {
    columns: (direction) => keyedOrder(columns, direction),
    valuesOf: (entity) => read.map((valueOf) => valueOf(entity)),
    compareTo: (entity, values) => {
      for (let index = 0; index < read.length; index++) {
        const [valueOf = keyOf, value = ""] = [read[index], values[index]]; // A cursor has a value for each column.
        const order = compareValues(valueOf(entity), value);
        if (order !== 0) return order;
      }
      return 0;
    },
    compare,
    sortByValues: (versions) => sortByValues(versions, read.slice(0, -1)),
    compareVersions: (a, b) => compare(a.entity, b.entity) || a.since - b.since,
  };
}

/** Many versions have few values, so those are sorted instead; each has its versions by key. */
function sortByValues<Entity>(versions: readonly Version<Entity>[], read: readonly ((entity: Entity) => SortValue)[]): Version<Entity>[] {
  const [valueOf, ...more] = read;
  if (!valueOf) return [...versions];
  const groups = [...gather(versions, ({ entity }) => comparable(valueOf(entity)))].sort(([a], [b]) => compareValues(a, b));
  return groups.flatMap(([, group]) => (more.length === 0 || group.length === 1 ? group : sortByValues(group, more)));
}

/** The same for equal values. */
function comparable(value: SortValue): Exclude<SortValue, Date> {
  return typeof value === "object" ? value.getTime() : value;
}

function keyOf(entity: Keyed): SortValue {
  return entity.key;
}

function getterOf<Entity>(sortedBy: Readonly<Record<string, (entity: Entity) => SortValue>>, field: string): (entity: Entity) => SortValue {
  const getter = sortedBy[field];
  if (!getter) throw new Error(`nothing says where an entity has ${field}`);
  return getter;
}

function lexicographic<Entity>(read: readonly ((entity: Entity) => SortValue)[]): Compare<Entity> {
  const [first, second, third] = read;
  if (!first) throw new Error("an order has at least the key");
  if (!second) return (a, b) => compareValues(first(a), first(b));
  if (!third) return (a, b) => compareValues(first(a), first(b)) || compareValues(second(a), second(b));
  return (a, b) => compareValues(first(a), first(b)) || compareValues(second(a), second(b)) || compareValues(third(a), third(b));
}

/** Both are of one type. */
function compareValues(a: SortValue, b: SortValue): number {
  if (typeof a === "string") return compareText(a, b as string);
  if (typeof a === "object") return a.getTime() - (b as Date).getTime();
  const other = b as number;
  return a < other ? -1 : a > other ? 1 : 0;
}
