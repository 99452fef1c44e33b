-- Stored quotes: live data, never edited. What was promised is the document, byte for byte, and its signature.

CREATE FUNCTION refuse_rewriting_quotes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'quotes are never edited; store another one' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'quote_is_immutable', TABLE = 'quote';
END $$;

CREATE TABLE "quote" (
  "id" text COLLATE "C" NOT NULL,
  "customer_id" text COLLATE "C",
  "credential_id" text COLLATE "C" NOT NULL,
  "binding" boolean NOT NULL,
  "release" bigint NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  "expires_at" timestamptz(3) NOT NULL,
  "document" text NOT NULL,
  "signature" text NOT NULL,
  CONSTRAINT "quote_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "quote_has_release" FOREIGN KEY ("release") REFERENCES "release" ("number"),
  CONSTRAINT "quote_expires_after_it_was_made" CHECK ("expires_at" > "created_at"),
  CONSTRAINT "quote_binds_a_customer" CHECK (NOT "binding" OR "customer_id" IS NOT NULL)
);
COMMENT ON CONSTRAINT "quote_has_release" ON "quote" IS 'A quote is replayed at the release that it was made at.';
COMMENT ON CONSTRAINT "quote_binds_a_customer" ON "quote" IS 'What is redeemed is counted for somebody.';
CREATE INDEX "quote_by_customer" ON "quote" ("customer_id", "created_at");
-- What its foreign key looks up when nobody may delete a release: nothing. Old quotes are removed by when they expired.
CREATE INDEX "quote_by_expiry" ON "quote" ("expires_at");
CREATE TRIGGER "quote_is_immutable" BEFORE UPDATE ON "quote" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_quotes();
