import { afterAll, beforeAll, expect, test } from "vitest";
import { readCopied } from "../../src/platform/database/copied-rows.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import { valueTypes } from "../../src/platform/database/value-types.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

// A server, a database or a role may have settings of its own for how instants are written.

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

const INSTANTS = [null, new Date("2026-03-04T05:06:07.000Z"), new Date("0026-03-04T05:06:07.125Z")];
const QUERY = "select * from (values (null::timestamptz), ('2026-03-04T05:06:07Z'), ('0026-03-04T05:06:07.125Z')) as instants (at)";

/** The instants as each way of reading has them. */
async function readBy(options: string): Promise<readonly (() => Promise<unknown[]>)[]> {
  const database = connectDatabase({ url: `${testDatabase.url}?options=${encodeURIComponent(options)}`, maxConnections: 2, readConnections: 1 });
  const atOf = ({ rows }: { readonly rows: readonly { readonly at: unknown }[] }): unknown[] => rows.map(({ at }) => at);
  const copied = (): Promise<unknown[]> =>
    database.withKeptClient(async (client) => {
      const instants: unknown[] = [];
      await readCopied(client, QUERY, valueTypes, ({ at }) => instants.push(at));
      return instants;
    });
  const ways = [
    async () => atOf(await database.pool.query<{ at: unknown }>(QUERY)),
    async () => atOf(await database.reads.query<{ at: unknown }>({ name: "instants", text: QUERY })),
    copied,
  ];
  const read = await Promise.allSettled(ways.map((way) => way()));
  await database.close();
  return read.map((one) => () => (one.status === "fulfilled" ? Promise.resolve(one.value) : Promise.reject(one.reason as Error)));
}

test.each(["-c datestyle=ISO,DMY", "-c timezone=Asia/Kolkata", "-c timezone=America/New_York"])("instants are the same with %s", async (options) => {
  for (const read of await readBy(options)) expect(await read()).toEqual(INSTANTS);
});

test.each(["German", "SQL,DMY", "Postgres"])("with a DateStyle of %s no instant is taken for none: it is refused", async (style) => {
  for (const read of await readBy(`-c datestyle=${style}`)) await expect(read()).rejects.toThrow("its DateStyle has to be ISO");
});
