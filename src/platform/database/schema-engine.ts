import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm";
import pg from "pg";
import type { MigrationFile } from "./migration-files.js";

/** Prisma's own engine for migrations, the WASM build that comes by npm: nothing is downloaded, and no process started. */
export interface SchemaEngineSession {
  readonly engine: SchemaEngine;
  close(): Promise<void>;
}

export interface SchemaEngineOptions {
  readonly url: string;
  /** Text of schema.prisma; only a diff needs it. */
  readonly schema?: string;
  /** SQL that joins the transaction of every migration applied, after the migration's own. */
  readonly afterScript?: string;
}

export async function openSchemaEngine({ url, schema, afterScript = "" }: SchemaEngineOptions): Promise<SchemaEngineSession> {
  const { SchemaEngine } = await (loaded ??= load());
  // One connection: the engine takes an advisory lock of the session and never gives it back.
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: "catalog-gateway migrations" });
  const noNews = (): void => undefined;
  const engine = await SchemaEngine.new(
    { datamodels: schema === undefined ? undefined : [["schema.prisma", schema]] },
    noNews,
    bindMigrationAwareSqlAdapterFactory(adapterFactory(pool, url, afterScript)),
  );
  return {
    engine,
    close: async () => {
      engine.free();
      await pool.end();
    },
  };
}

export function migrationList(folder: string, files: readonly MigrationFile[]): MigrationList {
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: files.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
    })),
  };
}

/** All tables and types are ours. */
export const noFilters = { externalTables: [], externalEnums: [] };

function adapterFactory(pool: pg.Pool, url: string, afterScript: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter = withWholeScripts(await factory.connect(), afterScript);
      // When this process is killed the server stops its migration within a second, instead of at its end.
      await adapter.executeRaw({ sql: "SET client_connection_check_interval = 1000", args: [], argTypes: [] });
      return adapter;
    },
    connectToShadowDb: () => connectToShadowDatabase(url),
  };
}

/**
 * The adapter's own way with a script is to cut it at every semicolon, which tears the bodies of functions. Sent whole and
 * without parameters, the server runs it as one transaction.
 */
function withWholeScripts(adapter: SqlDriverAdapter, afterScript: string): SqlDriverAdapter {
  adapter.executeScript = async (script) => {
    await adapter.executeRaw({ sql: `${script}\n;\n${afterScript}`, args: [], argTypes: [] });
  };
  return withConstraintKinds(adapter);
}

/**
 * The engine reads what kind a constraint is in PostgreSQL's type "char", which the adapter does not know: the server is
 * asked for text, and the engine told that it is a character.
 */
function withConstraintKinds(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  const kinds = ["constraint_type", "confdeltype", "confupdtype"];
  adapter.queryRaw = async (query) => {
    const sql = query.sql.replaceAll(/\b(constr\.contype|con\.confdeltype|con\.confupdtype)(?= AS|,)/g, "$1::text");
    const result = await queryRaw({ ...query, sql });
    const columnTypes = result.columnTypes.map((type, at) => (kinds.includes(result.columnNames[at] ?? "") ? ColumnTypeEnum.Character : type));
    return { ...result, columnTypes };
  };
  return adapter;
}

/** A database to try migrations in, gone afterwards. */
async function connectToShadowDatabase(url: string): Promise<SqlDriverAdapter> {
  const shadow = new URL(url);
  const name = `shadow_${randomUUID().replaceAll("-", "")}`;
  shadow.pathname = `/${name}`;
  const administrator = new pg.Pool({ connectionString: url, max: 1 });
  await administrator.query(`CREATE DATABASE ${name}`);
  const pool = new pg.Pool({ connectionString: shadow.href, max: 1 });
  const adapter = withWholeScripts(await new PrismaPg(pool).connect(), "");
  adapter.dispose = async () => {
    await pool.end();
    await administrator.query(`DROP DATABASE ${name}`);
    await administrator.end();
  };
  return adapter;
}

/** Node has it; the types of Node do not say so. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Readonly<Record<string, () => void>> } }>;
};

type Bindings = Pick<typeof import("@prisma/schema-engine-wasm"), "SchemaEngine">;

let loaded: Promise<Bindings> | undefined;

/** The package's entry imports a .wasm file, which Node does not do without a flag; so its parts are put together here. */
async function load(): Promise<Bindings> {
  const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const script = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = await readFile(script.replace(/\.js$/, ".wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": withQuietTimers(bindings) });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (start === undefined) throw new Error("the schema engine has no start function: the version of its package changed its shape");
  // Where the engine leaves the message of a panic before it stops.
  Reflect.set(globalThis, "PRISMA_WASM_PANIC_REGISTRY", { set_message: (message: string) => process.emitWarning(message, "SchemaEnginePanic") });
  start();
  return bindings;
}

/** The engine sets a timer of 10 s and forgets it, which would keep a finished process from ending. */
function withQuietTimers(bindings: object): object {
  const quiet = (callback: () => void, delayMs: number): NodeJS.Timeout => setTimeout(callback, delayMs).unref();
  return Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, name.startsWith("__wbg_setTimeout_") ? quiet : (value as unknown)]));
}
