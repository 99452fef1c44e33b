import type pg from "pg";
import { insert, type Row } from "../sound-rows.js";
import type { LiveRefusal } from "./live-refusal.js";

const BATCH = { discount_key: "spring", prefix: "SPR", count: 2, created_at: "2026-01-01T00:00:00Z", created_by: "ada", note: "" };
const ID = "0123456789abcdefghijklmnop";

export const UNIQUE_CODE_REFUSALS: readonly LiveRefusal[] = [
  batch("a batch for what cannot be a discount", "unique_code_batch_discount_key_is_well_formed", { discount_key: "Spring!" }),
  batch("a prefix that is too long for the check characters", "unique_code_batch_prefix_is_well_formed", { prefix: "SPRINGTIDES" }),
  batch("a batch of no codes", "unique_code_batch_is_not_empty", { count: 0 }),
  batch("a batch that expires when it is made", "unique_code_batch_expires_after_it_was_made", { expires_at: BATCH.created_at }),
  change("a batch that claims another discount than it did", "unique_code_batch_is_immutable", "UPDATE unique_code_batch SET discount_key = 'summer'"),
  change("a batch that is ready twice", "unique_code_batch_is_immutable", "UPDATE unique_code_batch SET ready_at = '2026-01-03T00:00:00Z'"),
  change("a revocation that is taken back", "unique_code_batch_is_immutable", "UPDATE unique_code_batch SET revoked_at = NULL"),
  change(
    "a code that is kept in clear",
    "unique_code_is_hashed",
    "INSERT INTO unique_code (batch_id, id) SELECT id, 'SPR01234ABCDE01234ABCDE567' FROM unique_code_batch",
  ),
  {
    why: "a code without a batch",
    constraint: "unique_code_has_batch",
    work: (client) => insert(client, "unique_code", { batch_id: 99, id: ID }),
  },
  change("an edited code", "unique_code_is_immutable", "UPDATE unique_code SET id = reverse(id)"),
];

function batch(why: string, constraint: string, row: Row): LiveRefusal {
  return { why, constraint, work: (client) => insert(client, "unique_code_batch", { ...BATCH, ...row }) };
}

/** What is done to a batch that is ready and revoked, and has one code. */
function change(why: string, constraint: string, statement: string): LiveRefusal {
  const work = async (client: pg.Client): Promise<unknown> => {
    await insert(client, "unique_code_batch", { ...BATCH, ready_at: "2026-01-01T00:00:00Z", revoked_at: "2026-01-02T00:00:00Z" });
    await client.query("INSERT INTO unique_code (batch_id, id) SELECT id, $1 FROM unique_code_batch", [ID]);
    return client.query(statement);
  };
  return { why, constraint, work };
}
