import type { ClientBase } from "pg";
import { stageRows } from "../../releases/storage/publishing/staging.js";
import type { PriceEndings, StagedPrice } from "../import.repository.js";

const PLACE_COLUMNS = ["file_number", "line", "path", "says_existing"] as const;

/** Staged prices carry where they stand, so that what only the database can see is told with file and line. */
export async function preparePriceStaging(client: ClientBase): Promise<void> {
  await client.query(
    "alter table staged_price add file_number integer not null, add line integer not null, add path text not null, add says_existing boolean not null",
  );
}

export async function stagePrices(client: ClientBase, prices: readonly StagedPrice[]): Promise<void> {
  const rows = prices.map(({ row, saysExisting, at }) => ({ ...row, file_number: at.fileNumber, line: at.line, path: at.path, says_existing: saysExisting }));
  await stageRows(client, "price", rows, PLACE_COLUMNS);
}

export async function stagePriceEndings(client: ClientBase, { keys, ofPlans, all }: PriceEndings): Promise<void> {
  await client.query(
    `insert into ended_price (key)
     select key from price
     where until_release is null and ($3 or key = any($1) or plan_key = any($2))
       and not exists (select from staged_price staged where staged.key = price.key)`,
    [keys, ofPlans, all],
  );
}
