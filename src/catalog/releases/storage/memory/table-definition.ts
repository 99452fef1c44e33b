import type { OrderColumns, SortValue } from "../../../../platform/database/keyset.js";
import type { VersionedTable } from "../../versioned-tables.js";

export interface Keyed {
  readonly key: string;
}

/** What an index finds an entity by; null = it does not. */
export type IndexedBy<Entity> = (entity: Entity) => string | null;

/** How the rows of a versioned table are held in memory, and what they are looked up by. */
export interface TableDefinition<Entity extends Keyed, Index extends string = string, Word extends string = string> {
  readonly table: VersionedTable;
  /** What `fromRow` reads, as a list of SQL. */
  readonly columns: string;
  readonly fromRow: (row: never) => Entity;
  /** What a row costs in memory with its part of every index and order: measured with bench/memory.ts. */
  readonly bytesPerRow: number;
  readonly indexes: Readonly<Record<Index, IndexedBy<Entity>>>;
  /** By what the entities of an index's value are ordered before their keys; none = by key alone. */
  readonly ordersWithin?: Readonly<Partial<Record<Index, (entity: Entity) => SortValue>>>;
  /** The orders of the API's list, as the database has them. */
  readonly orders: Readonly<Record<Word, OrderColumns>>;
  /** Where an entity has what the orders name; keys need no saying. */
  readonly sortedBy: Readonly<Record<string, (entity: Entity) => SortValue>>;
  /** The instants at which something of it comes into force or ends. */
  readonly instants?: (entity: Entity) => readonly (Date | null)[];
}
