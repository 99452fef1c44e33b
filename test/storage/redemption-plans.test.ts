import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMIT, RELEASE } from "../../src/customers/redemptions/storage/settle.sql.js";
import { EXHAUSTED } from "../../src/customers/redemptions/storage/exhausted.sql.js";
import { minutesAfterNoon, openRedemptionWorld, publishDiscounts, type RedemptionWorld } from "../support/redemption-world.js";

// What a statement costs when one customer has redeemed 50,000 quotes: a shop that buys for its guests under one id.

const REDEMPTIONS = 50_000;
/** Of some thousands that the table has. */
const FEW_PAGES = 60;

let world: RedemptionWorld;

beforeAll(async () => {
  world = await openRedemptionWorld();
  const { pool } = world.database;
  await publishDiscounts(pool, { spring: { limit_total: REDEMPTIONS, limit_per_customer: REDEMPTIONS } });
  await pool.query(
    `insert into redemption (customer_id, id, quote_id, position, discount_key, state, amount_minor, currency, reserved_until, created_at, settled_at, credential_id)
     select 'shop', 'r' || n, 'q' || n, 0, 'spring', (case when n % 100 = 0 then 'RESERVED' else 'COMMITTED' end)::redemption_state, 100, 'EUR',
       $1::timestamptz, $2::timestamptz, case when n % 100 > 0 then $2::timestamptz end, 'till'
     from generate_series(1, ${REDEMPTIONS}) n`,
    [minutesAfterNoon(10), minutesAfterNoon(0)],
  );
  await pool.query(`update discount_counter set used = ${REDEMPTIONS}`);
  await pool.query(`insert into customer_discount_counter values ('shop', 'spring', ${REDEMPTIONS}, ${REDEMPTIONS})`);
  await pool.query("analyze");
  // A connection's first update also reads what the server knows of the table and its trigger.
  await pagesOf(COMMIT, ["shop", "q300", minutesAfterNoon(1)]);
});
afterAll(() => world.end());

interface Plan {
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
}

async function pagesOf(text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await world.database.pool.query<{ "QUERY PLAN": readonly [{ Plan: Plan }] }>({
    text: `explain (analyze, buffers, format json) ${text}`,
    values: [...values],
  });
  const plan = rows[0]?.["QUERY PLAN"][0].Plan;
  return (plan?.["Shared Hit Blocks"] ?? Infinity) + (plan?.["Shared Read Blocks"] ?? Infinity);
}

test.each([
  ["while nothing is due", 9, 2],
  // Each of them is looked at, by index; they are gone when the timer comes.
  ["when hundreds are due", 10, 0],
])("what is used up is found without a look at all uses, %s", async (_, minute, found) => {
  const values = [["spring"], ["shop"], ["u1"], minutesAfterNoon(minute)];
  const { rowCount } = await world.database.pool.query(EXHAUSTED, values);
  expect(rowCount).toBe(found);
  // Comes before something is given back. The ledger has more than 800 pages; the 499 that are due are on as many of them.
  expect(await pagesOf(EXHAUSTED, values)).toBeLessThan(minute < 10 ? FEW_PAGES : 2 * 499 + FEW_PAGES);
});

test.each([
  ["a reservation that is committed", COMMIT, "q100"],
  ["what was committed before", COMMIT, "q101"],
  ["a reservation that is released", RELEASE, "q200"],
  ["what was committed and is to be released", RELEASE, "q201"],
  ["a quote of which nothing was redeemed", COMMIT, "none"],
])("%s is settled by looking at a few pages", async (_, text, quoteId) => {
  expect(await pagesOf(text, ["shop", quoteId, minutesAfterNoon(1)])).toBeLessThan(FEW_PAGES);
});
