import { hasChecksum, type MigrationFile } from "./migration-files.js";

/** A row of _prisma_migrations. A migration has several when it failed before it succeeded. */
export interface HistoryRow {
  readonly id: string;
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
  readonly isRolledBack: boolean;
  /** What the database said when it failed; null when it never got to say anything. */
  readonly error: string | null;
}

export interface HistoryComparison {
  /** In the code, not yet in the database. */
  readonly pending: readonly string[];
  /** In the database, not in the code: a newer version was here. */
  readonly unknown: readonly string[];
  /** Applied, and changed in the code since. */
  readonly edited: readonly string[];
  /** Refused by the database, and nobody has said yet that it may be tried again. */
  readonly failed: readonly HistoryRow[];
  /** Begun by a process that was killed; or under way in another one, unless the caller holds the migration lock. */
  readonly interrupted: readonly HistoryRow[];
}

/** A failed migration that the code does not know is no obstacle: it left nothing behind, and an older version may run again. */
export function compareHistory(files: readonly MigrationFile[], rows: readonly HistoryRow[]): HistoryComparison {
  const applied = new Map(rows.filter((row) => row.isFinished && !row.isRolledBack).map((row) => [row.name, row.checksum]));
  const known = new Set(files.map(({ name }) => name));
  const open = rows.filter((row) => !row.isFinished && !row.isRolledBack && known.has(row.name));
  return {
    pending: files.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
    unknown: [...applied.keys()].filter((name) => !known.has(name)),
    edited: files.filter((file) => wasEdited(file, applied.get(file.name))).map(({ name }) => name),
    failed: open.filter(({ error }) => error !== null),
    interrupted: open.filter(({ error }) => error === null),
  };
}

function wasEdited(file: MigrationFile, appliedChecksum: string | undefined): boolean {
  return appliedChecksum !== undefined && !hasChecksum(file, appliedChecksum);
}
