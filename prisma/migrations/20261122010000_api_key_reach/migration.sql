-- What a key reaches, who made it (null = an operator), and who owns what is made with it. Null = no restriction; an empty list would be mistaken for one.

ALTER TABLE "api_key"
  ADD COLUMN "owner_id" text COLLATE "C",
  ADD COLUMN "created_by" text COLLATE "C",
  ADD COLUMN "permissions" text[],
  ADD COLUMN "markets" text[],
  ADD COLUMN "products" text[],
  ADD COLUMN "customer_prefix" text COLLATE "C",
  ADD COLUMN "origins" text[];
-- A key that is there owns what was made with it, and so will its successors.
UPDATE "api_key" SET "owner_id" = "id";
ALTER TABLE "api_key"
  ALTER COLUMN "owner_id" SET NOT NULL,
  ADD CONSTRAINT "api_key_has_owner" FOREIGN KEY ("owner_id") REFERENCES "api_key" ("id"),
  ADD CONSTRAINT "api_key_restricts_to_something" CHECK (
    cardinality("permissions") > 0 AND array_position("permissions", NULL) IS NULL
    AND cardinality("markets") > 0 AND array_position("markets", NULL) IS NULL
    AND cardinality("products") > 0 AND array_position("products", NULL) IS NULL
    AND cardinality("origins") > 0 AND array_position("origins", NULL) IS NULL
    AND length("customer_prefix") > 0
  );
COMMENT ON CONSTRAINT "api_key_has_owner" ON "api_key" IS 'The first key of a chain of rotations stands for all of them: quotes and idempotency keys belong to it.';
COMMENT ON CONSTRAINT "api_key_restricts_to_something" ON "api_key" IS 'An empty restriction reads as none to one reader and as all to another.';
CREATE INDEX "api_key_by_owner" ON "api_key" ("owner_id");
CREATE INDEX "api_key_newest_first" ON "api_key" ("created_at", "id");

-- Gateways keep the keys that they saw in memory. They are told of changes, whoever makes them; noting the last use is none.
CREATE FUNCTION tell_of_api_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('api_key', coalesce(NEW.id, OLD.id));
  RETURN NULL;
END $$;
CREATE TRIGGER "api_key_is_told_of" AFTER UPDATE OF "role", "hash", "owner_id", "expires_at", "revoked_at", "permissions", "markets", "products", "customer_prefix", "origins" OR DELETE
  ON "api_key" FOR EACH ROW EXECUTE FUNCTION tell_of_api_key();
