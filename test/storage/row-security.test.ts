import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANY_CUSTOMER, rowSettings, type RowScope } from "../../src/access/customer-reach.js";
import { PgStoredQuoteRepository } from "../../src/catalog/quotes/storage/pg-stored-quote.repository.js";
import { readRows } from "../../src/platform/database/row-security.js";
import { openRedemptionWorld, publishDiscounts, requestOf, type RedemptionWorld } from "../support/redemption-world.js";

let world: RedemptionWorld;
let quotes: PgStoredQuoteRepository;
const OTHER_TABLES = ["api_key", "unique_code", "unique_code_batch", "discount_counter", "plan", "price", "release"];

const ada: RowScope = { customers: { kind: "ONE", id: "acme:ada" }, credentialId: "ada's token" };
const acme: RowScope = { customers: { kind: "PREFIX", prefix: "acme:" }, credentialId: "acme's key" };
const everyone: RowScope = { customers: ANY_CUSTOMER, credentialId: "a service's key" };

beforeAll(async () => {
  world = await openRedemptionWorld();
  quotes = new PgStoredQuoteRepository(world.database.pool, world.database.prisma);
  await publishDiscounts(world.database.pool, { spring: {} });
  const kept = { binding: false, release: 1, createdAt: new Date("2026-03-01"), expiresAt: new Date("2026-04-01"), document: "{}", signature: "s" };
  for (const [id, customerId, credentialId] of [
    ["of ada", "acme:ada", "a service's key"],
    ["of bea", "acme:bea", "a service's key"],
    ["of eve", "eve", "a service's key"],
    ["of nobody, by acme", null, "acme's key"],
    ["of nobody, by ada", null, "ada's token"],
  ] as const)
    await quotes.add({ ...kept, id, customerId, credentialId });
  for (const customerId of ["acme:ada", "acme:bea", "eve", "acme"]) await world.service.redeem(requestOf({ customerId }));
});
afterAll(() => world.end());

describe("who reaches only some customers reads only their rows, whatever is asked for", () => {
  const readAll = async (scope: RowScope, table: string): Promise<string[]> =>
    (
      await readRows<{ customer_id: string }>(world.database.pool, rowSettings(scope), {
        name: `all-${table}`,
        text: `select * from ${table} order by customer_id`,
      })
    ).rows.map((row) => row.customer_id);

  test("by policy", async () => {
    expect(await readAll(ada, "redemption")).toEqual(["acme:ada"]);
    expect(await readAll(acme, "redemption")).toEqual(["acme:ada", "acme:bea"]);
    expect(await readAll(everyone, "redemption")).toEqual(["acme", "acme:ada", "acme:bea", "eve"]);
    expect(await readAll(ada, "quote")).toEqual(["acme:ada", null]);
    expect(await readAll(acme, "quote")).toEqual(["acme:ada", "acme:bea", null]);
  });

  test("by the ports", async () => {
    const found = async (scope: RowScope): Promise<string[]> => {
      const ids = ["of ada", "of bea", "of eve", "of nobody, by acme", "of nobody, by ada"];
      return (await Promise.all(ids.map((id) => quotes.find(id, scope)))).flatMap((quote) => quote?.id ?? []);
    };
    expect(await found(ada)).toEqual(["of ada", "of nobody, by ada"]);
    expect(await found(acme)).toEqual(["of ada", "of bea", "of nobody, by acme"]);
    expect(await found(everyone)).toHaveLength(5);
    expect(await world.repository.countByCustomer("eve", acme)).toBe(0);
    expect(await world.repository.countByCustomer("eve", everyone)).toBe(1);
    expect((await world.repository.listByCustomer("eve", { size: 5, from: "START", beyond: null }, ada)).items).toEqual([]);
    const [ofEve] = (await world.repository.listByCustomer("eve", { size: 5, from: "START", beyond: null }, everyone)).items;
    expect(await world.repository.find("eve", ofEve?.key ?? "", acme)).toBeNull();
    expect(await world.repository.find("eve", ofEve?.key ?? "", everyone)).not.toBeNull();
  });

  test("wherever quotes and backslashes stand in an id", async () => {
    for (const id of ["'", "\\", "'; set local role none; --", '"', "%", "_", "é"]) {
      expect(await readAll({ customers: { kind: "ONE", id }, credentialId: id }, "redemption")).toEqual([]);
      expect(await readAll({ customers: { kind: "PREFIX", prefix: id }, credentialId: id }, "redemption")).toEqual([]);
    }
  });

  test("and a connection goes back without role and settings", async () => {
    await readAll(ada, "redemption");
    const { rows } = await world.database.pool.query<{ role: string; reach: string | null }>(
      "select current_user as role, current_setting('catalog.reach', true) as reach from redemption limit 1",
    );
    expect(rows[0]?.role).not.toBe("catalog_rows");
    expect(rows[0]?.reach ?? "").toBe("");
    await expect(readRows(world.database.pool, rowSettings(ada), { name: "broken", text: "select 1 / 0" })).rejects.toThrow("division by zero");
    expect((await world.database.pool.query("select from redemption")).rowCount).toBe(4);
  });
});

describe("the role", () => {
  const asRole = async (...statements: string[]): Promise<number | null> => {
    const client = await world.database.pool.connect();
    try {
      await client.query("begin; set local role catalog_rows");
      let rowCount: number | null = null;
      for (const statement of statements) ({ rowCount } = await client.query(statement));
      return rowCount;
    } finally {
      await client.query("rollback");
      client.release();
    }
  };

  test("sees nothing without settings, or with half of them", async () => {
    for (const table of ["quote", "redemption"]) {
      expect(await asRole(`select from ${table}`)).toBe(0);
      expect(await asRole("set local catalog.reach = 'prefix'", `select from ${table}`)).toBe(0);
      expect(await asRole("set local catalog.reach = 'prefix'; set local catalog.customer = ''", `select from ${table}`)).toBe(0);
      expect(await asRole("set local catalog.reach = 'any'; set local catalog.customer = 'eve'", `select from ${table}`)).toBe(0);
      expect(await asRole("set local catalog.customer = 'eve'; set local catalog.credential = ''", `select from ${table}`)).toBe(0);
    }
  });

  test("changes nothing, and reads nothing else", async () => {
    const reach = "set local catalog.reach = 'one'; set local catalog.customer = 'eve'";
    for (const statement of [
      "delete from redemption",
      "update redemption set state = 'RELEASED'",
      "delete from quote",
      "insert into quote select * from quote",
      ...["customer_discount_counter", "idempotency_key", ...OTHER_TABLES].map((table) => `select from ${table}`),
    ])
      await expect(asRole(reach, statement), statement).rejects.toThrow(/permission denied|row-level security/);
  });

  test("can log in nowhere and own nothing", async () => {
    const { rows } = await world.database.pool.query("select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'catalog_rows'");
    expect(rows).toEqual([{ rolcanlogin: false, rolsuper: false, rolbypassrls: false, rolcreaterole: false }]);
    const { rowCount } = await world.database.pool.query("select from pg_class where relowner = 'catalog_rows'::regrole");
    expect(rowCount).toBe(0);
  });

  test("meets policies on every table that holds a customer's rows", async () => {
    const { rows } = await world.database.pool.query<{ table: string }>(
      `select relname as table from pg_class join pg_attribute on attrelid = pg_class.oid
       where relkind in ('r', 'p') and attname in ('customer_id', 'credential_id') and not relrowsecurity`,
    );
    expect(rows).toEqual([]);
  });
});
