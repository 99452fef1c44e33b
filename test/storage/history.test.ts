import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase("reference");
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test.each([
  ["emptying a table of the catalog", "truncate price"],
  ["emptying a table that a later migration brought", "truncate policy"],
  ["emptying the releases with all that hangs on them", "truncate release cascade"],
  ["deleting a release", "delete from release"],
  ["rewriting a release", "update release set note = 'never happened'"],
  ["deleting rows of the catalog", "delete from entitlement"],
  ["rewriting a price", "update price set amount_minor = 0 where amount_minor > 0"],
  ["opening what was closed", "update plan set until_release = 2 where key = 'free'; update plan set until_release = null where key = 'free'"],
])("%s is refused by the database", async (_what, statement) => {
  await expect(client.query(statement)).rejects.toThrow(/never edited or deleted/);
});

test("what a text in the database may look like is held there too", async () => {
  const { rows } = await client.query<Record<string, boolean>>(`select
    is_translations('{"de": "Musik", "pt-BR": "Música"}') as good, is_translations('{"de": ["Musik"]}') as list, is_translations('{"not a tag": "x"}') as tag,
    is_amounts('{"EUR": "500"}') as amount, is_amounts('{"EUR": ["500"]}') as amounts, is_amounts('{"EUR": "9007199254740992"}') as large,
    is_tiers('[{"upTo": null, "unitRate": "0.1", "flatFeeMinor": "0"}]') as tier, is_tiers('[{"upTo": null, "unitRate": 0.1, "flatFeeMinor": "0"}]') as number,
    is_tiers('[{"unitRate": "0.1", "flatFeeMinor": "0"}]') as missing, is_tiers('[{"upTo": null, "unitRate": "0.1", "flatFeeMinor": "9007199254740992"}]') as fee`);
  expect(rows[0]).toEqual({
    good: true,
    list: false,
    tag: false,
    amount: true,
    amounts: false,
    large: false,
    tier: true,
    number: false,
    missing: false,
    fee: false,
  });
});
