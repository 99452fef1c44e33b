import type pg from "pg";
import { insert, type Row } from "../sound-rows.js";
import type { LiveRefusal } from "./live-refusal.js";

// Beside the sound rows stands the discount `spring`; its counter is kept when the constraints are checked.

const REDEMPTION = {
  ...{ id: "r", customer_id: "ada", quote_id: "q", position: 0, discount_key: "spring", state: "COMMITTED", amount_minor: 100, currency: "EUR" },
  ...{ created_at: "2026-01-01T00:00:00Z", settled_at: "2026-01-01T00:00:00Z", credential_id: "k" },
};
const RESERVED = { state: "RESERVED", settled_at: null, reserved_until: "2026-01-02T00:00:00Z" };
const KEY = { credential_id: "k", key: "a", operation: "redeem", body_hash: Buffer.alloc(32), response: "[]", created_at: "2026-01-01T00:00:00Z" };
const LIMITED = "limit_total = 10, cap = 10, used = 10, budget_minor = 500, budget_currency = 'EUR', budget_cap = 500, spent_minor = 500";

export const REDEMPTION_REFUSALS: readonly LiveRefusal[] = [
  counter("a use beyond the limit, by whoever counts it", "discount_counter_keeps_its_limit", LIMITED, "used = used + 1"),
  counter("spending beyond the budget, by whoever charges it", "discount_counter_keeps_its_budget", LIMITED, "spent_minor = spent_minor + 1"),
  counter("giving back a use that was not made", "discount_counter_used_is_not_negative", "used = 0", "used = used - 1"),
  counter("giving back money that was not charged", "discount_counter_spent_is_not_negative", LIMITED, "spent_minor = -1"),
  counter("a limit that nothing checks", "discount_counter_has_a_cap_with_its_limit", LIMITED, "cap = null"),
  counter("a cap below the limit", "discount_counter_has_a_cap_with_its_limit", "limit_total = 10, cap = 10", "cap = 9"),
  counter("a budget that nothing checks", "discount_counter_has_a_cap_with_its_budget", LIMITED, "budget_cap = null"),
  counter("a budget of no currency", "discount_counter_budget_has_a_currency", LIMITED, "budget_currency = null"),
  counter("spending without a budget", "discount_counter_spends_only_a_budget", "used = 1", "spent_minor = 1"),
  {
    why: "a customer's use beyond their limit, by whoever counts it",
    constraint: "customer_discount_counter_keeps_its_limit",
    work: async (client) => {
      await insert(client, "customer_discount_counter", { customer_id: "ada", discount_key: "spring", used: 1, cap: 1 });
      await client.query("UPDATE customer_discount_counter SET used = used + 1");
    },
  },
  {
    why: "giving back a customer's use that was not made",
    constraint: "customer_discount_counter_used_is_not_negative",
    work: (client) => insert(client, "customer_discount_counter", { customer_id: "ada", discount_key: "spring", used: -1, cap: 1 }),
  },
  redemption("a redemption that charges less than nothing", "redemption_amount_is_money", { amount_minor: -1 }),
  redemption("a redemption in no currency", "redemption_currency_is_well_formed", { currency: "euro" }),
  redemption("a redemption before the first", "redemption_position_is_not_negative", { position: -1 }),
  redemption("a reservation for ever", "redemption_reservation_ends", { ...RESERVED, reserved_until: null }),
  redemption("a committed redemption of no instant", "redemption_is_settled_at_an_instant", { settled_at: null }),
  redemption("a unique code that nobody can see", "redemption_unique_code_is_shown", { unique_code_id: "u" }),
  twice("a quote redeemed twice", "redemption_once_per_quote", {}),
  twice("a unique code used twice", "redemption_once_per_unique_code", { unique_code_id: "u", code_shown: "U…" }, { quote_id: "q2" }),
  settled("a redemption that moves on from where it ended", {}, "state = 'RELEASED'"),
  settled("a reservation that is edited when it is settled", RESERVED, "state = 'COMMITTED', settled_at = created_at, amount_minor = 1"),
  settled("a reservation that is made longer", RESERVED, "reserved_until = '2027-01-01'"),
  {
    why: "a key used twice by one credential",
    constraint: "idempotency_key_pkey",
    work: async (client) => {
      await insert(client, "idempotency_key", KEY);
      await insert(client, "idempotency_key", { ...KEY, response: "{}" });
    },
  },
  key("a hash of another kind", "idempotency_key_hash_is_sha256", { body_hash: Buffer.alloc(20) }),
  key("a key that says nothing", "idempotency_key_is_not_long", { key: "" }),
  key("a key as long as a letter", "idempotency_key_is_not_long", { key: "k".repeat(256) }),
  {
    why: "a budget in another currency than what was spent of it",
    constraint: "discount_budget_keeps_its_currency",
    work: async (client) => {
      await countSpring(client);
      await client.query(`UPDATE discount_counter SET ${LIMITED} WHERE discount_key = 'spring'`);
      await client.query("UPDATE discount SET until_release = 2 WHERE key = 'spring'");
      await client.query(
        `INSERT INTO discount (key, since_release, name, benefit, percent, duration, activation, effective_from, budget_minor, budget_currency)
         SELECT key, 2, name, benefit, percent, duration, activation, effective_from, 1000, 'SEK' FROM discount WHERE key = 'spring'`,
      );
      await countSpring(client);
    },
  },
];

/** What a commit would do: the counter of a discount follows when its release is done. */
async function countSpring(client: pg.Client): Promise<void> {
  await client.query("SET CONSTRAINTS discount_has_counter IMMEDIATE; SET CONSTRAINTS discount_has_counter DEFERRED");
}

function counter(why: string, constraint: string, sound: string, change: string): LiveRefusal {
  return {
    ...{ why, constraint },
    work: async (client) => {
      await countSpring(client);
      for (const set of [sound, change]) await client.query(`UPDATE discount_counter SET ${set} WHERE discount_key = 'spring'`);
    },
  };
}

function redemption(why: string, constraint: string, change: Row): LiveRefusal {
  return { why, constraint, work: (client) => insert(client, "redemption", { ...REDEMPTION, ...change }) };
}

function twice(why: string, constraint: string, both: Row, second: Row = {}): LiveRefusal {
  return {
    ...{ why, constraint },
    work: async (client) => {
      await insert(client, "redemption", { ...REDEMPTION, ...both });
      await insert(client, "redemption", { ...REDEMPTION, ...both, id: "r2", ...second });
    },
  };
}

function settled(why: string, change: Row, set: string): LiveRefusal {
  return {
    ...{ why, constraint: "redemption_is_settled_once" },
    work: async (client) => {
      await insert(client, "redemption", { ...REDEMPTION, ...change });
      await client.query(`UPDATE redemption SET ${set}`);
    },
  };
}

function key(why: string, constraint: string, change: Row): LiveRefusal {
  return { why, constraint, work: (client) => insert(client, "idempotency_key", { ...KEY, ...change }) };
}
