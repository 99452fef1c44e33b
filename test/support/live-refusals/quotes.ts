import type pg from "pg";
import { insert, type Row } from "../sound-rows.js";
import type { LiveRefusal } from "./live-refusal.js";

const QUOTE = {
  ...{ id: "q", customer_id: "ada", credential_id: "k", binding: true, release: 1, document: "{}", signature: "s" },
  ...{ created_at: "2026-01-01T00:00:00Z", expires_at: "2026-01-02T00:00:00Z" },
};

export const QUOTE_REFUSALS: readonly LiveRefusal[] = [
  quote("a quote at a release that is not there", "quote_has_release", { release: 99 }),
  quote("a quote that expires when it is made", "quote_expires_after_it_was_made", { expires_at: QUOTE.created_at }),
  quote("a quote that binds nobody", "quote_binds_a_customer", { customer_id: null }),
  {
    why: "an edited quote",
    constraint: "quote_is_immutable",
    work: async (client: pg.Client) => {
      await insert(client, "quote", QUOTE);
      await client.query("UPDATE quote SET document = 'x'");
    },
  },
];

function quote(why: string, constraint: string, change: Row): LiveRefusal {
  return { why, constraint, work: (client) => insert(client, "quote", { ...QUOTE, ...change }) };
}
