import type { ClientBase } from "pg";
import { columnList } from "../../releases/storage/publishing/staging.js";
import { VERSIONED_TABLES } from "../../releases/versioned-tables.js";
import type { ImportTransaction } from "../import.repository.js";
import type { PriceFinding } from "../meaning/prices/price-findings.js";

type Question = Parameters<ImportTransaction["findPriceConflicts"]>[0];

/** Each kind is asked for with one statement over all rows, in steps that grow with n log n whatever the rows say. */
export async function* findPriceConflicts(client: ClientBase, { at, markets, retired, limit }: Question): AsyncGenerator<PriceFinding> {
  await client.query(NEXT_PRICE);
  for (const { text, values } of [
    { text: TWICE, values: [] },
    { text: OVERLAP, values: [] },
    { text: ROLLOUT_MISSING, values: [at] },
    { text: RETIRED_AND_NAMED, values: [retired] },
    { text: MARKET_NEEDED, values: [markets] },
  ]) {
    const limited = `select finding, count(*) over () as total from (${text}) found order by finding #> '{at,fileNumber}', finding #> '{at,line}' limit ${limit}`;
    const { rows } = await client.query<{ finding: PriceFinding; total: bigint }>(limited, values);
    for (const { finding } of rows) yield finding;
    const more = Number(rows[0]?.total ?? 0) - rows.length;
    if (more > 0) yield { kind: "MORE", count: more };
  }
}

const place = (of: string): string => `jsonb_build_object('fileNumber', ${of}.file_number, 'line', ${of}.line, 'path', ${of}.path)`;

/**
 * The prices of the next release in the slots that the files touch: those staged, each key once, and those that stay.
 * `earlier_until` is the latest end of the prices of the slot that begin before; where it lies behind the own begin, two overlap.
 */
const NEXT_PRICE = `
  create temp table next_price on commit drop as
  select *, max(coalesce(effective_until, 'infinity')) over earlier as earlier_until, count(*) over earlier > 0 as follows
  from (
    (select distinct on (key) key, slot, effective_from, effective_until, file_number, line, path
     from staged_price order by key, file_number, line)
    union all
    select key, slot, effective_from, effective_until, null, null, null
    from price
    where until_release is null and slot in (select slot from staged_price)
      and not exists (select from staged_price staged where staged.key = price.key)
      and not exists (select from ended_price ended where ended.key = price.key)
  ) next
  window earlier as (partition by slot order by effective_from rows between unbounded preceding and 1 preceding);
  create index on next_price (slot, effective_from);
  analyze next_price`;

const TWICE = `
  select jsonb_build_object('kind', 'TWICE', 'key', staged.key, 'at', ${place("staged")}, 'first', ${place("first")}) as finding
  from staged_price staged join next_price first using (key)
  where (staged.file_number, staged.line) <> (first.file_number, first.line)`;

/**
 * The two of a pair are the later one and the earlier one that begins last. What is told is the one in the files, the later
 * one if both are. A current price that follows a staged one would otherwise be told without a line.
 */
const OVERLAP = `
  select jsonb_build_object('kind', 'OVERLAP', 'key', told.key, 'at', told.place,
    'other', jsonb_build_object('key', other.key, 'staged', other.place)) as finding
  from next_price later
  cross join lateral (
    select * from next_price earlier
    where earlier.slot = later.slot and earlier.effective_from < later.effective_from
      and (earlier.effective_until is null or earlier.effective_until > later.effective_from)
      and (later.line is not null or earlier.line is not null)
    order by earlier.effective_from desc limit 1
  ) earlier
  cross join lateral (select case when later.line is null then null else ${place("later")} end) as later_place (place)
  cross join lateral (select case when earlier.line is null then null else ${place("earlier")} end) as earlier_place (place)
  cross join lateral (select
    case when later.line is null then earlier.key else later.key end, coalesce(later_place.place, earlier_place.place)) as told (key, place)
  cross join lateral (select
    case when later.line is null then later.key else earlier.key end, case when later.line is null then null else earlier_place.place end) as other (key, place)
  where later.earlier_until > later.effective_from`;

/** Whether existing subscriptions follow is asked of a price that comes after another, and of one that changes while it is in force. Ending one asks nothing. */
const ROLLOUT_MISSING = `
  select jsonb_build_object('kind', 'ROLLOUT_MISSING', 'key', staged.key, 'at', ${place("staged")},
    'why', case when next.follows or replaced.key is not null then 'FOLLOWS' else 'CHANGES' end) as finding
  from staged_price staged join next_price next using (key)
  left join lateral (
    -- Prices that end with this import had subscriptions too.
    select ended.key from ended_price ended join price current using (key)
    where current.until_release is null and current.slot = staged.slot and current.effective_from < staged.effective_from limit 1
  ) replaced on not next.follows
  left join price current on current.key = staged.key and current.until_release is null and current.effective_from <= $1
    and (${columnList(
      VERSIONED_TABLES.price.filter((column) => column !== "effective_until"),
      "current.",
    )})
      is distinct from (${columnList(
        VERSIONED_TABLES.price.filter((column) => column !== "effective_until"),
        "staged.",
      )})
  where not staged.says_existing and (next.follows or replaced.key is not null or current.key is not null)`;

const RETIRED_AND_NAMED = `
  select jsonb_build_object('kind', 'RETIRED_AND_NAMED', 'key', key, 'at', ${place("staged_price")}) as finding
  from staged_price where key = any($1)`;

const MARKET_NEEDED = `
  select jsonb_build_object('kind', 'MARKET_NEEDED', 'market', market_key, 'prices', count(*), 'example', min(key)) as finding
  from price
  where until_release is null and market_key = any($1)
    and not exists (select from staged_price staged where staged.key = price.key)
    and not exists (select from ended_price ended where ended.key = price.key)
  group by market_key`;
