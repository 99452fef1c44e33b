import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ANY_CUSTOMER } from "../../src/access/customer-reach.js";
import { QuotedDiscountUses } from "../../src/customers/redemptions/discount-uses.service.js";
import { InvalidCursor } from "../../src/kernel/page.js";
import { createDatabaseIfMissing } from "../../src/platform/database/database.js";
import { migrateDatabase } from "../../src/platform/database/migrations.js";
import { migrationsFolder } from "../support/database.js";
import {
  grantOf,
  minutesAfterNoon,
  openRedemptionWorld,
  publishDiscounts,
  requestOf,
  reservationOf,
  type RedemptionWorld,
} from "../support/redemption-world.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

const EVERYONE = { customers: ANY_CUSTOMER, credentialId: null };
let world: RedemptionWorld;

beforeAll(async () => {
  world = await openRedemptionWorld();
  await publishDiscounts(world.database.pool, {
    spring: { limit_total: 2, limit_per_customer: 1 },
    summer: { budget_minor: 200, budget_currency: "EUR" },
    autumn: {},
  });
  const code = { shown: "AUT-…", uniqueCodeId: "u1" };
  await world.service.redeem(requestOf({ customerId: "ada", quoteId: "a", grants: [grantOf("spring"), grantOf("summer")] }));
  await world.service.redeem(reservationOf({ customerId: "bob", quoteId: "b", at: minutesAfterNoon(1), grants: [grantOf("spring")] }));
  await world.service.redeem(
    reservationOf({ customerId: "ada", quoteId: "c", at: minutesAfterNoon(2), grants: [grantOf("autumn", { code }), grantOf("summer")] }),
  );
});
afterAll(() => world.end());

function exhausted(
  discountKeys: readonly string[],
  customerIds: readonly string[],
  uniqueCodeIds: readonly string[],
  at = minutesAfterNoon(5),
): Promise<object[]> {
  return world.repository.exhaustedFor({ discountKeys, customerIds, uniqueCodeIds, at });
}

test("how much of each discount is used", async () => {
  expect(await world.repository.usesOf(["summer", "spring", "unheard-of", "autumn"])).toEqual([
    { discountKey: "autumn", used: 1n, reserved: 1n, limitTotal: null, limitPerCustomer: null, spentMinor: 0n, budget: null },
    { discountKey: "spring", used: 2n, reserved: 1n, limitTotal: 2n, limitPerCustomer: 1, spentMinor: 0n, budget: null },
    {
      discountKey: "summer",
      used: 2n,
      reserved: 1n,
      limitTotal: null,
      limitPerCustomer: null,
      spentMinor: 200n,
      budget: { amountMinor: 200n, currency: "EUR" },
    },
  ]);
});

test("what is used up, for a customer and for anybody", async () => {
  const all = ["autumn", "spring", "summer"];
  const forAnybody = [
    { limit: "BUDGET", discountKey: "summer" },
    { limit: "TOTAL", discountKey: "spring" },
  ];
  expect(await exhausted(all, [], [])).toEqual(forAnybody);
  expect(await exhausted(all, ["eve"], ["u2"])).toEqual(forAnybody);
  expect(await exhausted(["spring"], ["ada"], ["u1", "u2"])).toEqual([
    { limit: "CODE", uniqueCodeId: "u1" },
    { limit: "CUSTOMER", discountKey: "spring", customerId: "ada" },
    { limit: "TOTAL", discountKey: "spring" },
  ]);
  expect(await exhausted([], [], [])).toEqual([]);
});

test("what was reserved is not used up from the instant at which the reservation ends, though nobody gave it back", async () => {
  const ask = (minute: number): Promise<object[]> => exhausted(["spring", "summer"], ["ada", "bob"], ["u1"], minutesAfterNoon(minute));
  const ofAda = { limit: "CUSTOMER", discountKey: "spring", customerId: "ada" };
  expect(await ask(9.99)).toEqual([
    { limit: "BUDGET", discountKey: "summer" },
    { limit: "CODE", uniqueCodeId: "u1" },
    ofAda,
    { limit: "CUSTOMER", discountKey: "spring", customerId: "bob" },
    { limit: "TOTAL", discountKey: "spring" },
  ]);
  expect(await ask(10)).toEqual([ofAda]);
});

test("quotes ask by the clock", async () => {
  const question = { discountKeys: ["spring"], customerId: "bob", uniqueCodeIds: [] };
  const askAt = (minute: number) => new QuotedDiscountUses(world.repository, { now: () => minutesAfterNoon(minute) }).findUses([question]);
  expect((await askAt(5))[0]?.exhausted).toHaveLength(2);
  expect((await askAt(10))[0]?.exhausted).toEqual([]);
});

describe("the redemptions of a customer", () => {
  const page = (size: number, from: "START" | "END", beyond: readonly string[] | null) =>
    world.repository.listByCustomer("ada", { size, from, beyond }, EVERYONE);

  test("come newest first, page by page, from either end", async () => {
    const all = await page(10, "START", null);
    expect(all.items.map(({ redemption }) => redemption.quoteId)).toEqual(["c", "c", "a", "a"]);
    expect(all).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const seen = [];
    for (let next = await page(1, "START", null); ; next = await page(1, "START", next.items[0]?.sortValues ?? null)) {
      seen.push(...next.items);
      if (!next.hasNextPage) break;
    }
    expect(seen).toEqual(all.items);
    expect((await page(3, "END", null)).items).toEqual(all.items.slice(1));
    expect(await page(2, "END", all.items[3]?.sortValues ?? null)).toEqual({ items: all.items.slice(1, 3), hasNextPage: true, hasPreviousPage: true });
  });

  test("are told with their codes as shown", async () => {
    const codes = (await page(10, "START", null)).items.map(({ redemption }) => redemption.code);
    expect(codes.filter((code) => code !== null)).toEqual([{ shown: "AUT-…", uniqueCodeId: "u1" }]);
  });

  test.each([[["2026-03-01T12:00:00.000Z"]], [["yesterday", "r"]], [["2026-03-01T12:00:00.000Z", "a\0b"]]])("refuse the cursor %j", async (beyond) => {
    await expect(page(1, "START", beyond)).rejects.toThrow(InvalidCursor);
  });
});

test("discounts released before there were counters have theirs, with the limits of their newest version", async () => {
  const folder = await makeTemporaryFolder();
  const url = new URL(inject("serverUrl"));
  url.pathname = "/before_redemptions";
  await createDatabaseIfMissing(url.href);
  const client = new pg.Client({ connectionString: url.href });
  try {
    for (const name of await readdir(migrationsFolder))
      if (name < "20261122000300") await cp(join(migrationsFolder, name), join(folder, name), { recursive: true });
    await migrateDatabase({ url: url.href, folder, log: () => undefined });
    await client.connect();
    await client.query(`
      insert into release (number, published_at, author) values (1, '2026-01-01', 'test'), (2, '2026-01-02', 'test');
      insert into discount (key, since_release, until_release, name, benefit, percent, duration, activation, effective_from, limit_total, budget_minor, budget_currency)
      values ('spring', 1, 2, 'Name', 'PERCENT', 20, 'ONCE', 'CODE', '2026-01-01', 5, null, null),
        ('spring', 2, null, 'Name', 'PERCENT', 20, 'ONCE', 'CODE', '2026-01-01', 7, 900, 'EUR'),
        ('summer', 1, 2, 'Name', 'PERCENT', 20, 'ONCE', 'CODE', '2026-01-01', null, null, null)`);
    await migrateDatabase({ url: url.href, folder: migrationsFolder, log: () => undefined });
    const { rows } = await client.query(
      "select discount_key, limit_total::int, cap::int, used::int, budget_minor::int, budget_cap::int from discount_counter order by 1",
    );
    expect(rows).toEqual([
      { discount_key: "spring", limit_total: 7, cap: 7, used: 0, budget_minor: 900, budget_cap: 900 },
      { discount_key: "summer", limit_total: null, cap: null, used: 0, budget_minor: null, budget_cap: null },
    ]);
  } finally {
    await client.end();
    await rm(folder, { recursive: true, force: true });
  }
});
