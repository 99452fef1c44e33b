import type { DataRow, VersionedTable } from "../../releases/versioned-tables.js";

/** The tables of everything but prices. */
export type StructureTable = Exclude<VersionedTable, "price">;

/** What the next release should have, and what of the current one it should no longer have. */
export type StructureRows = { readonly [Table in StructureTable]: readonly DataRow<Table>[] };
export type StructureEndings = Readonly<Record<StructureTable, readonly string[]>>;
