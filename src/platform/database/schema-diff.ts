import { readFile } from "node:fs/promises";
import { readMigrations } from "./migration-files.js";
import { migrationList, noFilters, openSchemaEngine } from "./schema-engine.js";

export interface SchemaDiffOptions {
  /** Any database of a server on which this role may create another: the migrations are tried there. */
  readonly url: string;
  readonly schemaFile: string;
  readonly folder: string;
}

/**
 * The SQL that would turn what the migrations make into what schema.prisma says, statement by statement. Not empty even
 * when they agree, because the schema cannot express everything: a test knows what is left.
 */
export async function diffSchema({ url, schemaFile, folder }: SchemaDiffOptions): Promise<readonly string[]> {
  const schema = await readFile(schemaFile, "utf8");
  const files = await readMigrations(folder);
  const { engine, close } = await openSchemaEngine({ url, schema });
  try {
    const { stdout } = await engine.diff({
      from: { tag: "migrations", ...migrationList(folder, files) },
      to: { tag: "schemaDatamodel", files: [{ path: schemaFile, content: schema }] },
      script: true,
      exitCode: null,
      filters: noFilters,
    });
    return (stdout ?? "")
      .replaceAll(/^--.*$/gm, "")
      .split(";")
      .map((statement) => statement.trim())
      .filter((statement) => statement !== "");
  } finally {
    await close();
  }
}
