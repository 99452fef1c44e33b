import type { ClientBase } from "pg";

/**
 * The same catalog as peers would keep it: the rows of the current release in plain tables with primary and foreign keys, in a
 * schema of their own. They have no releases to look for and no history to pass over, which is in their favour.
 */
const STATEMENTS: readonly string[] = [
  `create schema peer`,
  `create table peer.market (key text collate "C" primary key, name text not null, currency text not null)`,
  `insert into peer.market select key, name, currency from market`,

  `create table peer.product (key text collate "C" primary key, name text not null, description text not null)`,
  `insert into peer.product select key, name, description from product`,

  `create table peer.plan (
     key text collate "C" primary key, product_key text collate "C" not null references peer.product, kind text not null, rank int not null, name text not null,
     description text not null)`,
  `insert into peer.plan select key, product_key, kind::text, rank, name, description from plan order by key`,
  `create index on peer.plan (product_key, rank)`,

  `create table peer.feature (key text collate "C" primary key, kind text not null, position int not null, name text not null)`,
  `insert into peer.feature select key, kind::text, position, name from feature order by key`,

  `create table peer.entitlement (
     key text collate "C" primary key, plan_key text collate "C" not null references peer.plan, feature_key text collate "C" not null references peer.feature,
     market_key text collate "C" references peer.market, enabled boolean, setting text, cap_amount numeric, cap_unlimited boolean)`,
  `insert into peer.entitlement select key, plan_key, feature_key, market_key, enabled, setting, trim_scale(cap_amount), cap_unlimited from entitlement order by key`,
  `create index on peer.entitlement (plan_key, feature_key)`,

  `create table peer.price (
     key text collate "C" primary key, plan_key text collate "C" not null references peer.plan, market_key text collate "C" not null references peer.market,
     currency text not null, interval text not null, amount_minor bigint not null, effective_from timestamptz(3) not null, effective_until timestamptz(3))`,
  `insert into peer.price select key, plan_key, market_key, currency, interval, amount_minor, effective_from, effective_until from price order by key`,
  `create index on peer.price (plan_key, market_key)`,

  `create table peer.discount (
     key text collate "C" primary key, name text not null, activation text not null, duration text not null, periods int, effective_from timestamptz(3) not null,
     effective_until timestamptz(3))`,
  `insert into peer.discount select key, name, activation::text, duration::text, periods, effective_from, effective_until from discount order by key`,
];

/** After `fillCatalog`; with the same demands on `client`. */
export async function fillPeerTables(client: ClientBase): Promise<void> {
  for (const statement of STATEMENTS) await client.query(statement);
  await client.query("vacuum analyze");
}
