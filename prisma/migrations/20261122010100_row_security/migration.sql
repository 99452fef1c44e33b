-- A second wall around what is kept of customers. The gateway decides in its code who may read which rows; what it reads for a
-- caller who reaches only some customers, it reads as this role, which owns nothing and sees only the rows that the
-- transaction's settings name. Without settings it sees none.

DO $$ BEGIN
  CREATE ROLE catalog_rows NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- Roles belong to the server, not to a database: another one made it.
END $$;
DO $$ BEGIN
  IF NOT pg_has_role(current_user, 'catalog_rows', 'SET') THEN
    GRANT catalog_rows TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
  END IF;
END $$;

-- "one": the customer's id; "prefix": how the ids begin. A setting that was set once is empty later, not null.
CREATE FUNCTION is_within_reach(customer_id text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(CASE current_setting('catalog.reach', true)
    WHEN 'one' THEN customer_id = nullif(current_setting('catalog.customer', true), '')
    WHEN 'prefix' THEN starts_with(customer_id, nullif(current_setting('catalog.customer', true), ''))
  END, false)
$$;

ALTER TABLE "quote" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "redemption" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "customer_discount_counter" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "idempotency_key" ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON "quote", "redemption" TO catalog_rows;
CREATE POLICY "redemption_within_reach" ON "redemption" FOR SELECT TO catalog_rows USING (is_within_reach("customer_id"));
-- A quote for nobody in particular belongs to whoever made it.
CREATE POLICY "quote_within_reach" ON "quote" FOR SELECT TO catalog_rows USING (
  is_within_reach("customer_id") OR ("customer_id" IS NULL AND "credential_id" = nullif(current_setting('catalog.credential', true), ''))
);
