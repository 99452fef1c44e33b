-- The tax rate of a market, and the policies of the catalog. Both are released like everything else: a quote computed again at
-- its release finds the rate and the policy that it was computed with.

-- Percent of the net price. Null: not given here, the nearest market above that gives one counts. 0 says that there is no tax.
ALTER TABLE "market" ADD COLUMN "tax_rate" numeric(7, 4);
ALTER TABLE "market" ADD CONSTRAINT "market_tax_rate_is_a_percentage" CHECK ("tax_rate" >= 0 AND "tax_rate" <= 100);
COMMENT ON CONSTRAINT "market_tax_rate_is_a_percentage" ON "market" IS 'A rate is 0 to 100 percent of the net price; anything else is a slip of the pen that every quote there would repeat.';

CREATE TYPE "discount_choice" AS ENUM ('BEST_FOR_CUSTOMER', 'IN_PRIORITY_ORDER');
CREATE TYPE "discount_application" AS ENUM ('PERCENT_FIRST', 'AMOUNT_FIRST');

-- How the catalog as a whole goes about something. One row so far, of discounts; a release without it means the default.
CREATE TABLE "policy" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "choice" "discount_choice" NOT NULL,
  "application" "discount_application" NOT NULL,
  CONSTRAINT "policy_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "policy_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "policy_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "policy_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "policy_is_of_discounts" CHECK ("key" = 'discounts')
);
COMMENT ON CONSTRAINT "policy_one_version" ON "policy" IS 'At any release a policy has one version; also refuses a second open one.';
COMMENT ON CONSTRAINT "policy_is_of_discounts" ON "policy" IS 'The columns say how discounts are chosen and applied; under another key they would be without effect.';

CREATE TRIGGER "policy_history_is_immutable" BEFORE UPDATE OR DELETE ON "policy" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();
CREATE TRIGGER "policy_is_not_truncated" BEFORE TRUNCATE ON "policy" FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();

-- Quotes ask for the automatic discounts of a release; without this they would walk through all versions that there ever were.
CREATE INDEX "discount_automatic" ON "discount" ((coalesce("until_release", 9223372036854775807))) WHERE "activation" = 'AUTOMATIC';
