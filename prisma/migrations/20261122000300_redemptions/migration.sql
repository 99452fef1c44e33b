-- Redemptions: each use of a discount, counted exactly. The ledger is the truth; the counters are kept with it, in the same
-- statement, so that "is there room?" is one row to look at and to lock. Whoever changes the ledger locks the counters of its
-- discounts first, in the order of their keys, so that nobody waits in a circle.

CREATE TYPE "redemption_state" AS ENUM ('RESERVED', 'COMMITTED', 'RELEASED', 'EXPIRED');

-- ───────────────────────────── counters ─────────────────────────────

-- One row for each discount that was ever released. Limits come from its newest version. Rows are narrow and pages half empty,
-- so that counting rewrites a row within its page and touches no index.
CREATE TABLE "discount_counter" (
  "discount_key" text COLLATE "C" NOT NULL,
  "limit_total" bigint,
  "limit_per_customer" integer,
  "budget_minor" bigint,
  "budget_currency" text COLLATE "C",
  "used" bigint NOT NULL DEFAULT 0,
  "cap" bigint,
  "spent_minor" bigint NOT NULL DEFAULT 0,
  "budget_cap" bigint,
  CONSTRAINT "discount_counter_pkey" PRIMARY KEY ("discount_key"),
  CONSTRAINT "discount_counter_keeps_its_limit" CHECK ("used" <= "cap"),
  CONSTRAINT "discount_counter_keeps_its_budget" CHECK ("spent_minor" <= "budget_cap"),
  CONSTRAINT "discount_counter_used_is_not_negative" CHECK ("used" >= 0),
  CONSTRAINT "discount_counter_spent_is_not_negative" CHECK ("spent_minor" >= 0),
  CONSTRAINT "discount_counter_has_a_cap_with_its_limit" CHECK (("limit_total" IS NULL) = ("cap" IS NULL) AND "cap" >= "limit_total"),
  CONSTRAINT "discount_counter_has_a_cap_with_its_budget" CHECK (("budget_minor" IS NULL) = ("budget_cap" IS NULL) AND "budget_cap" >= "budget_minor"),
  CONSTRAINT "discount_counter_budget_has_a_currency" CHECK (("budget_minor" IS NULL) = ("budget_currency" IS NULL)),
  CONSTRAINT "discount_counter_spends_only_a_budget" CHECK ("budget_minor" IS NOT NULL OR "spent_minor" = 0)
) WITH (fillfactor = 50);
COMMENT ON CONSTRAINT "discount_counter_keeps_its_limit" ON "discount_counter" IS 'No caller, however wrong, grants more than the limit. The cap is the limit, or what was used already when the limit was lowered below that.';
COMMENT ON CONSTRAINT "discount_counter_keeps_its_budget" ON "discount_counter" IS 'No caller spends more than the budget. The cap is the budget, or what was spent already when the budget was lowered below that.';
COMMENT ON CONSTRAINT "discount_counter_used_is_not_negative" ON "discount_counter" IS 'A use is given back once.';
COMMENT ON CONSTRAINT "discount_counter_spent_is_not_negative" ON "discount_counter" IS 'What was charged is given back once.';
COMMENT ON CONSTRAINT "discount_counter_has_a_cap_with_its_limit" ON "discount_counter" IS 'A limit without a cap would be checked by nobody, since a comparison with null holds.';
COMMENT ON CONSTRAINT "discount_counter_has_a_cap_with_its_budget" ON "discount_counter" IS 'A budget without a cap would be checked by nobody, since a comparison with null holds.';
COMMENT ON CONSTRAINT "discount_counter_budget_has_a_currency" ON "discount_counter" IS 'A budget is an amount of one currency.';
COMMENT ON CONSTRAINT "discount_counter_spends_only_a_budget" ON "discount_counter" IS 'Amounts of several currencies have no sum.';

-- One row for a customer and a discount that has a limit per customer; guarded by the lock on the discount's counter. Rows are
-- never deleted, so that a statement that waited for a lock still finds those that it saw before; without a limit they rest.
CREATE TABLE "customer_discount_counter" (
  "customer_id" text COLLATE "C" NOT NULL,
  "discount_key" text COLLATE "C" NOT NULL,
  "used" bigint NOT NULL,
  "cap" bigint NOT NULL,
  CONSTRAINT "customer_discount_counter_pkey" PRIMARY KEY ("customer_id", "discount_key"),
  CONSTRAINT "customer_discount_counter_keeps_its_limit" CHECK ("used" <= "cap"),
  CONSTRAINT "customer_discount_counter_used_is_not_negative" CHECK ("used" >= 0)
) WITH (fillfactor = 50);
COMMENT ON CONSTRAINT "customer_discount_counter_keeps_its_limit" ON "customer_discount_counter" IS 'What a statement read of this row may be older than the lock it waited for; what it writes is checked against the newest.';
COMMENT ON CONSTRAINT "customer_discount_counter_used_is_not_negative" ON "customer_discount_counter" IS 'A use is given back once.';

-- ───────────────────────────── the ledger ─────────────────────────────

CREATE TABLE "redemption" (
  "customer_id" text COLLATE "C" NOT NULL,
  "id" text COLLATE "C" NOT NULL,
  "quote_id" text COLLATE "C" NOT NULL,
  -- Its place among the grants of the quote. Who settles a quote locks its first redemption, which stands for all of them.
  "position" smallint NOT NULL,
  "discount_key" text COLLATE "C" NOT NULL,
  "unique_code_id" text COLLATE "C",
  "code_shown" text,
  "state" "redemption_state" NOT NULL,
  "amount_minor" bigint NOT NULL,
  "currency" text COLLATE "C" NOT NULL,
  "reserved_until" timestamptz(3),
  "created_at" timestamptz(3) NOT NULL,
  "settled_at" timestamptz(3),
  "credential_id" text COLLATE "C" NOT NULL,
  CONSTRAINT "redemption_pkey" PRIMARY KEY ("customer_id", "id"),
  CONSTRAINT "redemption_amount_is_money" CHECK (is_money("amount_minor")),
  CONSTRAINT "redemption_currency_is_well_formed" CHECK ("currency" ~ '^[A-Z]{3}$'),
  CONSTRAINT "redemption_position_is_not_negative" CHECK ("position" >= 0),
  CONSTRAINT "redemption_reservation_ends" CHECK ("state" NOT IN ('RESERVED', 'EXPIRED') OR "reserved_until" IS NOT NULL),
  CONSTRAINT "redemption_is_settled_at_an_instant" CHECK (("state" = 'RESERVED') = ("settled_at" IS NULL)),
  CONSTRAINT "redemption_unique_code_is_shown" CHECK ("unique_code_id" IS NULL OR "code_shown" IS NOT NULL)
) WITH (fillfactor = 85);
COMMENT ON CONSTRAINT "redemption_amount_is_money" ON "redemption" IS 'What is given back later is what was charged, so it is never negative.';
COMMENT ON CONSTRAINT "redemption_position_is_not_negative" ON "redemption" IS 'The first is 0, by which settling finds what to lock.';
COMMENT ON CONSTRAINT "redemption_reservation_ends" ON "redemption" IS 'A reservation without an end would hold its use for ever.';
COMMENT ON CONSTRAINT "redemption_is_settled_at_an_instant" ON "redemption" IS 'A redemption is reserved, or it was settled at some instant.';
COMMENT ON CONSTRAINT "redemption_unique_code_is_shown" ON "redemption" IS 'Support can tell which code was used.';

-- A quote is redeemed once, until it is released or expires. The discount comes first, so that all live uses of one can be summed.
CREATE UNIQUE INDEX "redemption_once_per_quote" ON "redemption" ("discount_key", "quote_id") WHERE "state" IN ('RESERVED', 'COMMITTED');
-- A unique code is used once, until that use is released or expires.
CREATE UNIQUE INDEX "redemption_once_per_unique_code" ON "redemption" ("unique_code_id") WHERE "state" IN ('RESERVED', 'COMMITTED') AND "unique_code_id" IS NOT NULL;
-- How much of a discount is reserved, and since when it could have been given back.
CREATE INDEX "redemption_reserved" ON "redemption" ("discount_key", "reserved_until") WHERE "state" = 'RESERVED';
-- What is to be settled of a quote, and what is told of one that was.
CREATE INDEX "redemption_by_quote" ON "redemption" ("customer_id", "quote_id");
CREATE INDEX "redemption_by_customer" ON "redemption" ("customer_id", "created_at", "id");
CREATE INDEX "redemption_by_unique_code" ON "redemption" ("unique_code_id") WHERE "unique_code_id" IS NOT NULL;

CREATE FUNCTION refuse_rewriting_redemptions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  free text[] := ARRAY['state', 'settled_at'];
BEGIN
  IF OLD.state = 'RESERVED' AND NEW.state <> 'RESERVED' AND (to_jsonb(NEW) - free) = (to_jsonb(OLD) - free) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a redemption changes once: from RESERVED to how it was settled' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'redemption_is_settled_once', TABLE = 'redemption';
END $$;
CREATE TRIGGER "redemption_is_settled_once" BEFORE UPDATE ON "redemption" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_redemptions();

-- What a credential asked for with a key, and was given: the same key again gets the same answer and no second effect.
CREATE TABLE "idempotency_key" (
  "credential_id" text COLLATE "C" NOT NULL,
  "key" text COLLATE "C" NOT NULL,
  "operation" text COLLATE "C" NOT NULL,
  "body_hash" bytea NOT NULL,
  "response" jsonb NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("credential_id", "key"),
  CONSTRAINT "idempotency_key_hash_is_sha256" CHECK (octet_length("body_hash") = 32),
  CONSTRAINT "idempotency_key_is_not_long" CHECK (length("key") BETWEEN 1 AND 255)
);
COMMENT ON CONSTRAINT "idempotency_key_hash_is_sha256" ON "idempotency_key" IS 'Hashes of another kind would never be equal, and every retry be refused.';
COMMENT ON CONSTRAINT "idempotency_key_is_not_long" ON "idempotency_key" IS 'A key is a name, and an index entry has a size.';

-- ───────────────────────────── limits follow the catalog ─────────────────────────────

-- Counts what customers used before a discount had a limit for each, as soon as the version with the limit is written and without
-- any lock: what takes long is to write the rows of many customers. Nobody looks at these rows before the release is committed,
-- and what changes until then is put right under the lock. Rows that rest from an earlier limit are left alone here, because who
-- gives back a use locks them after the counter.
CREATE FUNCTION count_uses_of_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM discount_counter WHERE discount_key = NEW.key AND limit_per_customer IS NULL AND used > 0) THEN
    INSERT INTO customer_discount_counter (customer_id, discount_key, used, cap)
      SELECT customer_id, NEW.key, count(*), greatest(NEW.limit_per_customer, count(*))
      FROM redemption WHERE discount_key = NEW.key AND state IN ('RESERVED', 'COMMITTED')
      GROUP BY customer_id
    ON CONFLICT (customer_id, discount_key) DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "discount_uses_are_counted_early" AFTER INSERT ON "discount" FOR EACH ROW WHEN (NEW."limit_per_customer" IS NOT NULL) EXECUTE FUNCTION count_uses_of_customers();

-- Runs when the release is about to be committed, so that uses wait for a publisher only for a moment. It waits for uses under
-- way, then each of its statements sees them.
CREATE FUNCTION keep_discount_counter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before discount_counter;
  spent bigint;
  is_new boolean;
BEGIN
  INSERT INTO discount_counter (discount_key) VALUES (NEW.key) ON CONFLICT (discount_key) DO NOTHING;
  is_new := FOUND;
  SELECT * INTO STRICT before FROM discount_counter WHERE discount_key = NEW.key FOR UPDATE;
  spent := before.spent_minor;
  IF NEW.budget_currency IS DISTINCT FROM before.budget_currency THEN
    IF NEW.budget_currency IS NOT NULL AND before.spent_minor > 0 THEN
      RAISE EXCEPTION 'the budget of discount % is spent in % already; end the budget before giving one in another currency', NEW.key, before.budget_currency
        USING ERRCODE = 'check_violation', CONSTRAINT = 'discount_budget_keeps_its_currency', TABLE = 'discount';
    END IF;
    -- What was given in this currency while there was no budget counts too, as uses count that were made before a limit.
    SELECT coalesce(sum(amount_minor), 0) INTO spent FROM redemption
      WHERE discount_key = NEW.key AND state IN ('RESERVED', 'COMMITTED') AND currency = NEW.budget_currency AND before.used > 0;
  END IF;
  UPDATE discount_counter SET
    limit_total = NEW.limit_total,
    limit_per_customer = NEW.limit_per_customer,
    budget_minor = NEW.budget_minor,
    budget_currency = NEW.budget_currency,
    spent_minor = spent,
    -- greatest() passes over nulls, and a discount without a limit has no cap.
    cap = CASE WHEN NEW.limit_total IS NOT NULL THEN greatest(NEW.limit_total, used) END,
    budget_cap = CASE WHEN NEW.budget_minor IS NOT NULL THEN greatest(NEW.budget_minor, spent) END
  WHERE discount_key = NEW.key
    AND (limit_total, limit_per_customer, budget_minor, budget_currency) IS DISTINCT FROM (NEW.limit_total, NEW.limit_per_customer, NEW.budget_minor, NEW.budget_currency);
  IF NOT is_new AND before.limit_per_customer IS NULL AND NEW.limit_per_customer IS NOT NULL THEN
    -- Most of these rows were written before the lock was taken; only what changed since is written now.
    INSERT INTO customer_discount_counter AS counter (customer_id, discount_key, used, cap)
      SELECT coalesce(live.customer_id, kept.customer_id), NEW.key, coalesce(live.uses, 0), greatest(NEW.limit_per_customer, coalesce(live.uses, 0))
      FROM (
        SELECT customer_id, count(*) AS uses FROM redemption WHERE discount_key = NEW.key AND state IN ('RESERVED', 'COMMITTED') GROUP BY customer_id
      ) AS live
      FULL JOIN (SELECT customer_id, used, cap FROM customer_discount_counter WHERE discount_key = NEW.key) AS kept ON kept.customer_id = live.customer_id
      WHERE (kept.used, kept.cap) IS DISTINCT FROM (coalesce(live.uses, 0), greatest(NEW.limit_per_customer, coalesce(live.uses, 0)))
    ON CONFLICT (customer_id, discount_key) DO UPDATE SET used = excluded.used, cap = excluded.cap;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "discount_has_counter" AFTER INSERT ON "discount" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_discount_counter();

INSERT INTO "discount_counter" ("discount_key", "limit_total", "limit_per_customer", "budget_minor", "budget_currency", "cap", "budget_cap")
SELECT DISTINCT ON ("key") "key", "limit_total", "limit_per_customer", "budget_minor", "budget_currency", "limit_total", "budget_minor"
FROM "discount" ORDER BY "key", "since_release" DESC;
