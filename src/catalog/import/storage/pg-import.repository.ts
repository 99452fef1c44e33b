import pg, { type ClientBase } from "pg";
import { EXIT_CODE, OperatorError } from "../../../platform/operator-error.js";
import { applyStaged } from "../../releases/storage/publishing/difference.js";
import { appendRelease, lockHead } from "../../releases/storage/publishing/head.js";
import { analyzeStaging, createStaging, stageEndings, stageRows } from "../../releases/storage/publishing/staging.js";
import { VERSIONED_TABLES, type VersionedTable } from "../../releases/versioned-tables.js";
import { ConstraintViolated, type ImportRepository, type ImportTransaction } from "../import.repository.js";
import type { StructureTable } from "../meaning/structure-rows.js";
import { findEverReleased, loadCurrentCatalog } from "./current-catalog.sql.js";
import { findPriceConflicts } from "./price-conflicts.sql.js";
import { preparePriceStaging, stagePriceEndings, stagePrices } from "./price-staging.sql.js";

const LOCK_TIMEOUT_MINUTES = 10;

/** Gives a connection that has no time limits. */
export interface LongClients {
  withLongClient<T>(body: (client: ClientBase) => Promise<T>): Promise<T>;
}

export function pgImportRepository(database: LongClients): ImportRepository {
  return {
    inTransaction: (work) =>
      database.withLongClient(async (client) => {
        await client.query("begin isolation level read committed");
        try {
          const { keep, result } = await work(await openTransaction(client));
          // What refers to what is checked now, while it can still be told; at the commit it would be too late.
          await client.query("set constraints all immediate");
          await client.query(keep ? "commit" : "rollback");
          return result;
        } catch (error) {
          await client.query("rollback").catch(() => undefined); // The connection is gone, and the transaction with it.
          throw await explained(error, client);
        }
      }),
  };
}

async function openTransaction(client: ClientBase): Promise<ImportTransaction> {
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT_MINUTES}min'`);
  const head = await lockHead(client);
  await createStaging(client, ["price"]);
  await preparePriceStaging(client);
  const staged: VersionedTable[] = ["price"];
  return {
    head,
    loadCurrent: () => loadCurrentCatalog(client),
    findEverReleased: (concept, keys) => findEverReleased(client, concept, keys),
    stagePrices: (prices) => stagePrices(client, prices),
    stagePriceEndings: async (endings) => {
      await stagePriceEndings(client, endings);
      await analyzeStaging(client, "price");
    },
    findPriceConflicts: (question) => findPriceConflicts(client, question),
    stageStructure: async (rows, endings) => {
      const stage = async <Table extends StructureTable>(table: Table): Promise<void> => {
        await stageRows<Table>(client, table, rows[table]);
        await stageEndings(client, table, endings[table]);
        await analyzeStaging(client, table);
      };
      const touched = (Object.keys(rows) as StructureTable[]).filter((table) => rows[table].length + endings[table].length > 0);
      await createStaging(client, touched);
      for (const table of touched) await stage(table);
      staged.push(...touched);
    },
    apply: () => applyStaged(client, staged, head.number + 1),
    append: (release) => appendRelease(client, head, release),
  };
}

/** Rules of the catalog's own tables become `ConstraintViolated`. Anything else is a fault, and stays what it is. */
async function explained(error: unknown, client: ClientBase): Promise<unknown> {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === "55P03")
    return new OperatorError(
      `Another import has been running for more than ${LOCK_TIMEOUT_MINUTES} minutes. Try again when it has ended.`,
      EXIT_CODE.TRY_AGAIN,
      { cause: error },
    );
  const { constraint, table } = error;
  if (!error.code?.startsWith("23") || constraint === undefined || table === undefined || !isVersionedTable(table)) return error;
  const { rows } = await client.query<{ reason: string | null }>(
    "select obj_description(oid, 'pg_constraint') as reason from pg_constraint where conname = $1 and conrelid = $2::regclass",
    [constraint, table],
  );
  return new ConstraintViolated(constraint, rows[0]?.reason ?? null, error.detail ?? null, { cause: error });
}

function isVersionedTable(name: string): name is VersionedTable {
  return Object.hasOwn(VERSIONED_TABLES, name);
}
