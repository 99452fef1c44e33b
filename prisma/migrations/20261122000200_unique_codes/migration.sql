-- Unique codes: live data, in batches. A code can be used once; what is kept of it is a keyed hash, which nobody can type.

CREATE FUNCTION refuse_rewriting_unique_codes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'unique codes are never edited; make another batch' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'unique_code_is_immutable', TABLE = 'unique_code';
END $$;

-- What a batch promises stands when it is made. Later it becomes ready, once, and may be revoked, once.
CREATE FUNCTION refuse_rewriting_unique_code_batches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'ready_at' - 'revoked_at' IS DISTINCT FROM to_jsonb(OLD) - 'ready_at' - 'revoked_at'
    OR (OLD."ready_at" IS NOT NULL AND NEW."ready_at" IS DISTINCT FROM OLD."ready_at")
    OR (OLD."revoked_at" IS NOT NULL AND NEW."revoked_at" IS DISTINCT FROM OLD."revoked_at") THEN
    RAISE EXCEPTION 'a batch becomes ready once and is revoked once; nothing else of it changes'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'unique_code_batch_is_immutable', TABLE = 'unique_code_batch';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE "unique_code_batch" (
  "id" integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  "discount_key" text COLLATE "C" NOT NULL,
  "prefix" text COLLATE "C" NOT NULL,
  "count" integer NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  "created_by" text NOT NULL,
  "note" text NOT NULL,
  "expires_at" timestamptz(3),
  "ready_at" timestamptz(3),
  "revoked_at" timestamptz(3),
  CONSTRAINT "unique_code_batch_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "unique_code_batch_discount_key_is_well_formed" CHECK (is_catalog_key("discount_key")),
  CONSTRAINT "unique_code_batch_prefix_is_well_formed" CHECK ("prefix" ~ '^[A-Z0-9]{0,10}$'),
  CONSTRAINT "unique_code_batch_is_not_empty" CHECK ("count" > 0),
  CONSTRAINT "unique_code_batch_expires_after_it_was_made" CHECK ("expires_at" > "created_at")
);
COMMENT ON CONSTRAINT "unique_code_batch_discount_key_is_well_formed" ON "unique_code_batch" IS 'A batch outlives releases, so it names its discount by key. Whether the discount is there is asked when a code is used.';
COMMENT ON CONSTRAINT "unique_code_batch_prefix_is_well_formed" ON "unique_code_batch" IS 'The check characters of a code find every two errors in up to 30 characters: 10 of the prefix and 20 that follow.';
COMMENT ON CONSTRAINT "unique_code_batch_is_not_empty" ON "unique_code_batch" IS 'A batch of nothing is a slip of whoever ordered it.';
COMMENT ON CONSTRAINT "unique_code_batch_expires_after_it_was_made" ON "unique_code_batch" IS 'Codes that were never good would be handed out all the same.';
CREATE TRIGGER "unique_code_batch_is_immutable" BEFORE UPDATE ON "unique_code_batch" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_unique_code_batches();

-- There are millions of these: nothing is in a row but what finds it and what it belongs to.
CREATE TABLE "unique_code" (
  "batch_id" integer NOT NULL,
  "id" text COLLATE "C" NOT NULL,
  CONSTRAINT "unique_code_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "unique_code_has_batch" FOREIGN KEY ("batch_id") REFERENCES "unique_code_batch" ("id"),
  CONSTRAINT "unique_code_is_hashed" CHECK ("id" ~ '^[0-9a-v]{26}$')
);
COMMENT ON CONSTRAINT "unique_code_has_batch" ON "unique_code" IS 'The batch says what a code claims, and until when.';
COMMENT ON CONSTRAINT "unique_code_is_hashed" ON "unique_code" IS 'Codes are kept as 128 bits of their HMAC-SHA-256 only; a clear code, which is in capitals, would not fit.';
CREATE TRIGGER "unique_code_is_immutable" BEFORE UPDATE ON "unique_code" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_unique_codes();
