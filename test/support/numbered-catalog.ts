import { appendRelease, lockHead } from "../../src/catalog/releases/storage/publishing/head.js";
import { VERSIONED_TABLES, type VersionedTable } from "../../src/catalog/releases/versioned-tables.js";
import type { Database } from "../../src/platform/database/database.js";
import type { Json } from "./api.js";

/** The first release of a catalog in which whatever is read says the number of the release: names, prices in whole units, caps. */
export const NUMBERED_CATALOG = {
  "numbered.yaml": `
markets:
  - { key: nordics, kind: GROUP, name: Nordics 1, currency: EUR, timeZone: Europe/Stockholm }
  - { key: se, country: SE, parent: nordics, name: Sweden 1, currency: SEK, timeZone: Europe/Stockholm }
products: [{ key: music, name: Music 1 }]
features:
  - { key: hours, kind: CAP, category: listening, position: 1, name: Hours 1, unit: hour, window: MONTH }
plans:
  - { key: basic, product: music, rank: 1, name: Basic 1, entitlements: { hours: 1 } }
  - { key: premium, product: music, rank: 2, name: Premium 1, entitlements: { hours: 1 } }
prices:
  - { plan: basic, market: se, currency: SEK, interval: P1M, amount: 1, from: 2026-01-01 }
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 1, from: 2026-01-01 }
discounts:
  - { key: spring, name: Spring 1, benefit: { percent: 10 }, duration: ONCE, activation: AUTOMATIC, from: 2026-01-01 }
`,
} as const;

const SAYS_NUMBER: readonly (readonly [VersionedTable, string, (release: number) => string])[] = [
  ...(["market", "product", "feature", "plan", "discount"] as const).map(
    (table) => [table, "name", (release: number) => `regexp_replace(name, '\\d+$', '${release}')`] as const,
  ),
  ["entitlement", "cap_amount", (release) => String(release)],
  ["price", "amount_minor", (release) => String(release * 100)],
];

/** Publishes the next release of it, and returns its number: what an import does in the end, without files to read, so that there can be many. */
export async function publishNextNumber({ pool }: Database, at: Date): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { number } = await appendRelease(client, await lockHead(client), { author: "test", note: "", at });
    const statements = SAYS_NUMBER.flatMap(([table, column, say]) => {
      const columns = VERSIONED_TABLES[table].join(", ");
      const values = VERSIONED_TABLES[table].map((name) => (name === column ? say(number) : name)).join(", ");
      return [
        `update ${table} set until_release = ${number} where until_release is null`,
        `insert into ${table} (since_release, ${columns}) select ${number}, ${values} from ${table} where until_release = ${number}`,
      ];
    });
    await client.query(statements.join("; "));
    await client.query("commit");
    return number;
  } finally {
    client.release();
  }
}

/** A document, and how many numbers an answer to it says. */
export interface NumberedQuery {
  readonly text: string;
  readonly numbers: number;
}

/** By one key, by pages, by what hangs on them: each comes by another statement. */
export const WIDE_QUERY: NumberedQuery = {
  numbers: 22,
  text: `{
    catalogPoint { release { number } }
    comparePlans(market: "se", product: "music") {
      market { name } product { name }
      plans { plan { name product { name } } prices { amount { amountMinor } } }
      features { feature { name } entitlements { value { ... on CapValue { amount } } } }
    }
    plan(key: "basic") { name }
    plans(first: 5) { edges { node { name } } }
    prices(first: 5) { edges { node { amount { amountMinor } plan { name } } } }
    discounts(first: 5) { edges { node { name } } }
    market(key: "se") { name parent { name } }
  }`,
};

/** Two things that two statements read, for a lot of answers. */
export const NARROW_QUERY: NumberedQuery = { numbers: 2, text: '{ plan(key: "basic") { name } market(key: "se") { name } }' };

/** The release that each value of an answer is of, in the order of the answer. */
export function numbersIn(data: Json): number[] {
  const found: number[] = [];
  const look = (name: string, value: Json): void => {
    if (value === null || value === undefined) found.push(-1);
    else if (Array.isArray(value)) for (const one of value) look(name, one);
    else if (typeof value === "object") for (const [field, inner] of Object.entries(value)) look(field, inner);
    else found.push(name === "amountMinor" ? Number(value) / 100 : Number(/\d+$/.exec(String(value))?.[0] ?? -1));
  };
  look("data", data);
  return found;
}
