-- The released catalog. Every row belongs to a range of releases, [since_release, until_release), and is never edited:
-- publishing closes the rows that change and inserts their successors. What a release says is therefore what it said.
-- Needs PostgreSQL 18: temporal keys (WITHOUT OVERLAPS, PERIOD) are what makes a broken history impossible to store.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TYPE "market_kind" AS ENUM ('COUNTRY', 'GROUP');
CREATE TYPE "plan_kind" AS ENUM ('BASE', 'ADD_ON');
CREATE TYPE "feature_kind" AS ENUM ('SWITCH', 'SETTING', 'CAP');
CREATE TYPE "cap_window" AS ENUM ('HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR', 'BILLING_PERIOD', 'LIFETIME', 'CONCURRENT');
CREATE TYPE "price_model" AS ENUM ('FLAT', 'PER_UNIT', 'GRADUATED', 'VOLUME', 'PACKAGE');
CREATE TYPE "discount_benefit" AS ENUM ('PERCENT', 'AMOUNT', 'FIXED_PRICE', 'FREE_PERIODS');
CREATE TYPE "discount_duration" AS ENUM ('ONCE', 'REPEATING', 'FOREVER');
CREATE TYPE "discount_activation" AS ENUM ('AUTOMATIC', 'CODE');

-- ───────────────────────────── rules that several tables share ─────────────────────────────

-- Catalog keys appear in URLs, files and cursors, and sort the same in SQL and in code: lower-case ASCII words joined by hyphens.
CREATE FUNCTION is_catalog_key(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN value ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(value) <= 80;

-- Translations are {"de": "Musik", "pt-BR": "Música"}: language tags to texts, nothing else.
CREATE FUNCTION is_translations(value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN jsonb_typeof(value) = 'object'
    -- strict: a lax path would look into lists, and take a list of texts for a text.
    AND NOT jsonb_path_exists(value, 'strict $.* ? (@.type() != "string" || @ == "")')
    AND NOT jsonb_path_exists(value, '$.keyvalue() ? (!(@.key like_regex "^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$"))');

-- Amounts by currency are {"EUR": "500"}: minor units as text, because JSON numbers lose digits in most readers.
CREATE FUNCTION is_amounts(value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN jsonb_typeof(value) = 'object' AND value <> '{}'::jsonb
    AND NOT jsonb_path_exists(value, 'strict $.* ? (@.type() != "string")')
    AND (SELECT bool_and(CASE WHEN minor ~ '^[0-9]{1,16}$' THEN minor::numeric <= 9007199254740991 ELSE false END) FROM jsonb_each_text(value) AS amount (currency, minor))
    AND NOT jsonb_path_exists(value, '$.keyvalue() ? (!(@.key like_regex "^[A-Z]{3}$"))');

-- Tiers are [{"upTo": "100", "unitRate": "0.1", "flatFeeMinor": "0"}, …, {"upTo": null, …}]. A tier carries only its
-- upper end and the last has none, so that gaps and overlaps cannot be written down; here the ends are held to rise.
CREATE FUNCTION is_tiers(value jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  tier jsonb;
  position integer := 0;
  size integer;
  previous numeric := 0;
BEGIN
  IF jsonb_typeof(value) <> 'array' THEN RETURN false; END IF;
  size := jsonb_array_length(value);
  IF size = 0 THEN RETURN false; END IF;
  FOR tier IN SELECT * FROM jsonb_array_elements(value) LOOP
    position := position + 1;
    IF jsonb_typeof(tier) <> 'object' OR NOT tier ? 'upTo' OR jsonb_path_exists(tier, 'strict $.* ? (@.type() != "string" && @.type() != "null")') THEN RETURN false; END IF;
    IF coalesce(tier ->> 'unitRate', '') !~ '^[0-9]{1,8}(\.[0-9]{1,12})?$' THEN RETURN false; END IF;
    IF coalesce(tier ->> 'flatFeeMinor', '') !~ '^[0-9]{1,16}$' OR (tier ->> 'flatFeeMinor')::numeric > 9007199254740991 THEN RETURN false; END IF;
    IF position = size THEN
      IF tier ->> 'upTo' IS NOT NULL THEN RETURN false; END IF;
    ELSE
      IF coalesce(tier ->> 'upTo', '') !~ '^[0-9]{1,14}(\.[0-9]{1,6})?$' THEN RETURN false; END IF;
      IF (tier ->> 'upTo')::numeric <= previous THEN RETURN false; END IF;
      previous := (tier ->> 'upTo')::numeric;
    END IF;
  END LOOP;
  RETURN true;
END $$;

-- Money is whole minor units that every client's double can hold exactly.
CREATE FUNCTION is_money(value bigint) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN value BETWEEN 0 AND 9007199254740991;

-- The one change that a released row may see is its end. Anything else would rewrite what a release said.
CREATE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- What may differ: the end itself, and the generated columns, which a BEFORE trigger sees empty in NEW.
  free text[] := ARRAY['until_release', 'release_range', 'slot', 'effective_period'];
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.until_release IS NULL AND NEW.until_release IS NOT NULL AND (to_jsonb(NEW) - free) = (to_jsonb(OLD) - free) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'released rows of % are never edited or deleted; publish a successor instead', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_history_is_immutable', TABLE = TG_TABLE_NAME;
END $$;

CREATE FUNCTION refuse_rewriting_releases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'releases are never edited or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'release_is_immutable', TABLE = 'release';
END $$;

-- ───────────────────────────── releases ─────────────────────────────

CREATE TABLE "release" (
  "number" bigint NOT NULL,
  "published_at" timestamptz(3) NOT NULL,
  "author" text NOT NULL,
  "note" text NOT NULL DEFAULT '',
  CONSTRAINT "release_pkey" PRIMARY KEY ("number"),
  CONSTRAINT "release_numbers_start_at_one" CHECK ("number" > 0),
  CONSTRAINT "release_published_once_per_instant" UNIQUE ("published_at")
);
COMMENT ON CONSTRAINT "release_published_once_per_instant" ON "release" IS 'Which release was current at an instant has one answer.';
CREATE TRIGGER "release_is_immutable" BEFORE UPDATE OR DELETE ON "release" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_releases();
CREATE TRIGGER "release_is_not_truncated" BEFORE TRUNCATE ON "release" FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_releases();

-- The head: the number of the current release. Publishers lock this one row, so releases come one after another.
CREATE TABLE "catalog_head" (
  "id" boolean NOT NULL DEFAULT true,
  "release" bigint NOT NULL DEFAULT 0,
  CONSTRAINT "catalog_head_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "catalog_head_is_one_row" CHECK ("id")
);
COMMENT ON CONSTRAINT "catalog_head_is_one_row" ON "catalog_head" IS 'A second head would be a second truth.';
INSERT INTO "catalog_head" DEFAULT VALUES;

-- ───────────────────────────── markets ─────────────────────────────

CREATE TABLE "market" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "kind" "market_kind" NOT NULL,
  "country_code" text COLLATE "C",
  "parent_key" text COLLATE "C",
  "currency" text COLLATE "C" NOT NULL,
  "time_zone" text NOT NULL,
  "name" text NOT NULL,
  "name_translations" jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT "market_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "market_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "market_one_per_country" UNIQUE ("country_code", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "market_has_parent" FOREIGN KEY ("parent_key", PERIOD "release_range") REFERENCES "market" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "market_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "market_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "market_key_is_well_formed" CHECK (is_catalog_key("key")),
  CONSTRAINT "market_is_not_its_own_parent" CHECK ("parent_key" <> "key"),
  CONSTRAINT "market_country_has_code" CHECK (("kind" = 'COUNTRY') = ("country_code" IS NOT NULL)),
  CONSTRAINT "market_country_code_is_well_formed" CHECK ("country_code" ~ '^[A-Z]{2}$'),
  CONSTRAINT "market_currency_is_well_formed" CHECK ("currency" ~ '^[A-Z]{3}$'),
  CONSTRAINT "market_name_translations_are_texts" CHECK (is_translations("name_translations"))
);
COMMENT ON CONSTRAINT "market_one_version" ON "market" IS 'At any release a market has one version; also refuses a second open one.';
COMMENT ON CONSTRAINT "market_one_per_country" ON "market" IS 'A country is sold to through one market, or its price would depend on which market was asked.';
COMMENT ON CONSTRAINT "market_has_parent" ON "market" IS 'At every release of the market its parent exists. Deferred: both may be replaced in one release.';
COMMENT ON CONSTRAINT "market_country_has_code" ON "market" IS 'A country has an ISO code, a group has none.';

-- ───────────────────────────── products, plans ─────────────────────────────

CREATE TABLE "product" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "name" text NOT NULL,
  "name_translations" jsonb NOT NULL DEFAULT '{}',
  "description" text NOT NULL DEFAULT '',
  "description_translations" jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT "product_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "product_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "product_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "product_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "product_key_is_well_formed" CHECK (is_catalog_key("key")),
  CONSTRAINT "product_name_translations_are_texts" CHECK (is_translations("name_translations")),
  CONSTRAINT "product_description_translations_are_texts" CHECK (is_translations("description_translations"))
);
COMMENT ON CONSTRAINT "product_one_version" ON "product" IS 'At any release a product has one version; also refuses a second open one.';

CREATE TABLE "plan" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "product_key" text COLLATE "C" NOT NULL,
  "kind" "plan_kind" NOT NULL,
  "rank" integer NOT NULL,
  "name" text NOT NULL,
  "name_translations" jsonb NOT NULL DEFAULT '{}',
  "description" text NOT NULL DEFAULT '',
  "description_translations" jsonb NOT NULL DEFAULT '{}',
  "internal_note" text,
  CONSTRAINT "plan_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "plan_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "plan_one_per_rank" UNIQUE ("product_key", "rank", "release_range" WITHOUT OVERLAPS) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_has_product" FOREIGN KEY ("product_key", PERIOD "release_range") REFERENCES "product" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_key_is_well_formed" CHECK (is_catalog_key("key")),
  CONSTRAINT "plan_rank_is_not_negative" CHECK ("rank" >= 0),
  CONSTRAINT "plan_name_translations_are_texts" CHECK (is_translations("name_translations")),
  CONSTRAINT "plan_description_translations_are_texts" CHECK (is_translations("description_translations"))
);
COMMENT ON CONSTRAINT "plan_one_version" ON "plan" IS 'At any release a plan has one version; also refuses a second open one.';
COMMENT ON CONSTRAINT "plan_one_per_rank" ON "plan" IS 'Upgrade and downgrade compare ranks: two plans of a product with one rank would have no order. Deferred: ranks may be swapped in one release.';
COMMENT ON CONSTRAINT "plan_has_product" ON "plan" IS 'At every release of the plan its product exists.';

-- Which add-ons can be bought on top of a plan.
CREATE TABLE "plan_add_on" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "plan_key" text COLLATE "C" NOT NULL,
  "add_on_key" text COLLATE "C" NOT NULL,
  CONSTRAINT "plan_add_on_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "plan_add_on_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "plan_add_on_has_plan" FOREIGN KEY ("plan_key", PERIOD "release_range") REFERENCES "plan" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_add_on_has_add_on" FOREIGN KEY ("add_on_key", PERIOD "release_range") REFERENCES "plan" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_add_on_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_add_on_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "plan_add_on_key_is_derived" CHECK ("key" = "plan_key" || '/' || "add_on_key"),
  CONSTRAINT "plan_add_on_is_another_plan" CHECK ("plan_key" <> "add_on_key")
);
COMMENT ON CONSTRAINT "plan_add_on_has_plan" ON "plan_add_on" IS 'At every release of the offer the plan exists.';
COMMENT ON CONSTRAINT "plan_add_on_has_add_on" ON "plan_add_on" IS 'At every release of the offer the add-on exists.';
COMMENT ON CONSTRAINT "plan_add_on_key_is_derived" ON "plan_add_on" IS 'The pair is the key, so a pair cannot be offered twice.';

-- ───────────────────────────── features, entitlements ─────────────────────────────

CREATE TABLE "feature" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "kind" "feature_kind" NOT NULL,
  "category" text COLLATE "C" NOT NULL,
  "position" integer NOT NULL,
  "unit" text,
  "cap_window" "cap_window",
  "allowed_values" text[],
  "name" text NOT NULL,
  "name_translations" jsonb NOT NULL DEFAULT '{}',
  "description" text NOT NULL DEFAULT '',
  "description_translations" jsonb NOT NULL DEFAULT '{}',
  "internal_note" text,
  CONSTRAINT "feature_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "feature_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "feature_one_kind" UNIQUE ("key", "kind", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "feature_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "feature_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "feature_key_is_well_formed" CHECK (is_catalog_key("key")),
  CONSTRAINT "feature_category_is_well_formed" CHECK (is_catalog_key("category")),
  CONSTRAINT "feature_cap_has_unit" CHECK (("kind" = 'CAP') = ("unit" IS NOT NULL)),
  CONSTRAINT "feature_cap_has_window" CHECK (("kind" = 'CAP') = ("cap_window" IS NOT NULL)),
  CONSTRAINT "feature_setting_has_values" CHECK (("kind" = 'SETTING') = ("allowed_values" IS NOT NULL AND cardinality("allowed_values") > 0)),
  CONSTRAINT "feature_name_translations_are_texts" CHECK (is_translations("name_translations")),
  CONSTRAINT "feature_description_translations_are_texts" CHECK (is_translations("description_translations"))
);
COMMENT ON CONSTRAINT "feature_one_version" ON "feature" IS 'At any release a feature has one version; also refuses a second open one.';
COMMENT ON CONSTRAINT "feature_one_kind" ON "feature" IS 'Lets an entitlement reference the kind together with the key, so that a switch can never be given an amount.';
COMMENT ON CONSTRAINT "feature_cap_has_unit" ON "feature" IS 'An amount without a unit cannot be counted.';
COMMENT ON CONSTRAINT "feature_cap_has_window" ON "feature" IS 'An amount without a window is never refilled.';
COMMENT ON CONSTRAINT "feature_setting_has_values" ON "feature" IS 'A setting is one of its allowed values.';

CREATE TABLE "entitlement" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "plan_key" text COLLATE "C" NOT NULL,
  "feature_key" text COLLATE "C" NOT NULL,
  "feature_kind" "feature_kind" NOT NULL,
  "market_key" text COLLATE "C",
  "enabled" boolean,
  "setting" text,
  "cap_amount" numeric(20, 6),
  "cap_unlimited" boolean,
  "existing_follow" boolean NOT NULL,
  CONSTRAINT "entitlement_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "entitlement_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "entitlement_has_plan" FOREIGN KEY ("plan_key", PERIOD "release_range") REFERENCES "plan" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "entitlement_has_feature" FOREIGN KEY ("feature_key", "feature_kind", PERIOD "release_range") REFERENCES "feature" ("key", "kind", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "entitlement_has_market" FOREIGN KEY ("market_key", PERIOD "release_range") REFERENCES "market" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "entitlement_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "entitlement_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "entitlement_key_is_derived" CHECK ("key" = "plan_key" || '/' || "feature_key" || '/' || coalesce("market_key", '*')),
  CONSTRAINT "entitlement_switch_says_on_or_off" CHECK (("feature_kind" = 'SWITCH') = ("enabled" IS NOT NULL)),
  CONSTRAINT "entitlement_setting_says_value" CHECK (("feature_kind" = 'SETTING') = ("setting" IS NOT NULL)),
  CONSTRAINT "entitlement_cap_says_amount_or_unlimited" CHECK (
    ("feature_kind" = 'CAP') = ("cap_unlimited" IS NOT NULL) AND ("cap_amount" IS NOT NULL) = ("cap_unlimited" IS NOT DISTINCT FROM false)),
  CONSTRAINT "entitlement_cap_is_not_negative" CHECK ("cap_amount" >= 0)
);
COMMENT ON CONSTRAINT "entitlement_one_version" ON "entitlement" IS 'At any release a plan gives a feature once everywhere and once per market.';
COMMENT ON CONSTRAINT "entitlement_has_plan" ON "entitlement" IS 'At every release of the entitlement its plan exists.';
COMMENT ON CONSTRAINT "entitlement_has_feature" ON "entitlement" IS 'At every release of the entitlement its feature exists and is of the kind that the value is for.';
COMMENT ON CONSTRAINT "entitlement_has_market" ON "entitlement" IS 'At every release of the entitlement its market, if it names one, exists.';
COMMENT ON CONSTRAINT "entitlement_key_is_derived" ON "entitlement" IS 'Plan, feature and market are the key, so a feature cannot be given twice.';
COMMENT ON CONSTRAINT "entitlement_cap_says_amount_or_unlimited" ON "entitlement" IS 'Unlimited is said, never meant by a missing amount.';

-- ───────────────────────────── prices ─────────────────────────────

CREATE TABLE "price" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "plan_key" text COLLATE "C" NOT NULL,
  "market_key" text COLLATE "C" NOT NULL,
  "currency" text COLLATE "C" NOT NULL,
  "interval" text COLLATE "C" NOT NULL,
  "channel" text COLLATE "C",
  "segment" text COLLATE "C",
  "slot" text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
    "plan_key" || '/' || "market_key" || '/' || "currency" || '/' || "interval" || '/' || coalesce("channel", '*') || '/' || coalesce("segment", '*')) STORED,
  "effective_from" timestamptz(3) NOT NULL,
  "effective_until" timestamptz(3),
  "effective_period" tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange("effective_from", "effective_until")) STORED,
  "existing_from" timestamptz(3),
  "model" "price_model" NOT NULL,
  "tax_included" boolean NOT NULL,
  "amount_minor" bigint NOT NULL,
  "unit_rate" numeric(20, 12),
  "package_size" numeric(20, 6),
  "free_units" numeric(20, 6) NOT NULL DEFAULT 0,
  "minimum_minor" bigint,
  "maximum_minor" bigint,
  "tiers" jsonb,
  CONSTRAINT "price_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "price_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "price_one_per_slot" EXCLUDE USING gist ("slot" WITH =, "release_range" WITH &&, "effective_period" WITH &&),
  CONSTRAINT "price_has_plan" FOREIGN KEY ("plan_key", PERIOD "release_range") REFERENCES "plan" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "price_has_market" FOREIGN KEY ("market_key", PERIOD "release_range") REFERENCES "market" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "price_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "price_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "price_key_is_derived" CHECK (starts_with("key", "plan_key" || '/' || "market_key" || '/' || "currency" || '/' || "interval" || '/' || coalesce("channel", '*') || '/' || coalesce("segment", '*') || '/')),
  CONSTRAINT "price_period_is_not_empty" CHECK ("effective_until" > "effective_from"),
  CONSTRAINT "price_reaches_existing_after_new" CHECK ("existing_from" >= "effective_from"),
  CONSTRAINT "price_currency_is_well_formed" CHECK ("currency" ~ '^[A-Z]{3}$'),
  CONSTRAINT "price_interval_is_well_formed" CHECK ("interval" ~ '^(P[1-9][0-9]{0,2}[DWMY]|ONCE)$'),
  CONSTRAINT "price_channel_is_well_formed" CHECK (is_catalog_key("channel")),
  CONSTRAINT "price_segment_is_well_formed" CHECK (is_catalog_key("segment")),
  CONSTRAINT "price_amount_is_money" CHECK (is_money("amount_minor")),
  CONSTRAINT "price_minimum_is_money" CHECK (is_money("minimum_minor")),
  CONSTRAINT "price_maximum_is_money" CHECK (is_money("maximum_minor")),
  CONSTRAINT "price_minimum_is_below_maximum" CHECK ("minimum_minor" <= "maximum_minor"),
  CONSTRAINT "price_rate_is_for_units_or_packages" CHECK (("model" IN ('PER_UNIT', 'PACKAGE')) = ("unit_rate" IS NOT NULL)),
  CONSTRAINT "price_rate_is_not_negative" CHECK ("unit_rate" >= 0),
  CONSTRAINT "price_package_has_size" CHECK (("model" = 'PACKAGE') = ("package_size" IS NOT NULL)),
  CONSTRAINT "price_package_size_is_positive" CHECK ("package_size" > 0),
  CONSTRAINT "price_free_units_are_not_negative" CHECK ("free_units" >= 0),
  CONSTRAINT "price_tiers_are_for_tiered_models" CHECK (("model" IN ('GRADUATED', 'VOLUME')) = ("tiers" IS NOT NULL)),
  CONSTRAINT "price_tiers_are_sound" CHECK (is_tiers("tiers"))
);
COMMENT ON CONSTRAINT "price_one_version" ON "price" IS 'At any release a price has one version; also refuses a second open one.';
COMMENT ON CONSTRAINT "price_one_per_slot" ON "price" IS 'At no release can two prices claim the same slot (plan, market, currency, interval, channel, segment) at the same instant. Two publishers can pass the code''s check at once, so the database refuses too.';
COMMENT ON CONSTRAINT "price_has_plan" ON "price" IS 'A price can at no release point at a plan that is not there.';
COMMENT ON CONSTRAINT "price_has_market" ON "price" IS 'A price can at no release point at a market that is not there.';
COMMENT ON CONSTRAINT "price_key_is_derived" ON "price" IS 'The slot and the start are the key.';
COMMENT ON CONSTRAINT "price_reaches_existing_after_new" ON "price" IS 'A price never reaches existing subscriptions before it exists.';
COMMENT ON CONSTRAINT "price_tiers_are_sound" ON "price" IS 'Upper ends rise and the last tier is open, so every quantity has exactly one tier.';
CREATE INDEX "price_by_plan_market" ON "price" ("plan_key", "market_key");
CREATE INDEX "price_by_market" ON "price" ("market_key");

-- ───────────────────────────── discounts, codes ─────────────────────────────

CREATE TABLE "discount" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "name" text NOT NULL,
  "name_translations" jsonb NOT NULL DEFAULT '{}',
  "description" text NOT NULL DEFAULT '',
  "description_translations" jsonb NOT NULL DEFAULT '{}',
  "benefit" "discount_benefit" NOT NULL,
  "percent" numeric(7, 4),
  "amounts" jsonb,
  "duration" "discount_duration" NOT NULL,
  "periods" integer,
  "activation" "discount_activation" NOT NULL,
  "secret_codes" boolean NOT NULL DEFAULT false,
  "intervals" text[] NOT NULL DEFAULT '{}',
  "segments" text[] NOT NULL DEFAULT '{}',
  "channels" text[] NOT NULL DEFAULT '{}',
  "minimum_quantity" integer,
  "new_customers_only" boolean NOT NULL DEFAULT false,
  "stacking_group" text COLLATE "C",
  "priority" integer NOT NULL DEFAULT 0,
  "exclusive" boolean NOT NULL DEFAULT false,
  "limit_total" bigint,
  "limit_per_customer" integer,
  "budget_minor" bigint,
  "budget_currency" text COLLATE "C",
  "effective_from" timestamptz(3) NOT NULL,
  "effective_until" timestamptz(3),
  "internal_note" text,
  CONSTRAINT "discount_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "discount_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "discount_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_key_is_well_formed" CHECK (is_catalog_key("key")),
  CONSTRAINT "discount_percent_says_how_much" CHECK (("benefit" = 'PERCENT') = ("percent" IS NOT NULL)),
  CONSTRAINT "discount_percent_is_a_share" CHECK ("percent" > 0 AND "percent" <= 100),
  CONSTRAINT "discount_amounts_say_how_much" CHECK (("benefit" IN ('AMOUNT', 'FIXED_PRICE')) = ("amounts" IS NOT NULL)),
  CONSTRAINT "discount_amounts_are_money" CHECK (is_amounts("amounts")),
  CONSTRAINT "discount_repeats_for_periods" CHECK (("duration" = 'REPEATING') = ("periods" IS NOT NULL)),
  CONSTRAINT "discount_periods_are_positive" CHECK ("periods" > 0),
  CONSTRAINT "discount_free_periods_are_counted" CHECK ("benefit" <> 'FREE_PERIODS' OR "duration" = 'REPEATING'),
  CONSTRAINT "discount_minimum_quantity_is_positive" CHECK ("minimum_quantity" > 0),
  CONSTRAINT "discount_stacking_group_is_well_formed" CHECK (is_catalog_key("stacking_group")),
  CONSTRAINT "discount_limits_are_positive" CHECK ("limit_total" > 0 AND "limit_per_customer" > 0 AND "budget_minor" > 0),
  CONSTRAINT "discount_budget_is_money" CHECK (is_money("budget_minor") AND ("budget_minor" IS NULL) = ("budget_currency" IS NULL)),
  CONSTRAINT "discount_budget_currency_is_well_formed" CHECK ("budget_currency" ~ '^[A-Z]{3}$'),
  CONSTRAINT "discount_period_is_not_empty" CHECK ("effective_until" > "effective_from"),
  CONSTRAINT "discount_name_translations_are_texts" CHECK (is_translations("name_translations")),
  CONSTRAINT "discount_description_translations_are_texts" CHECK (is_translations("description_translations"))
);
COMMENT ON CONSTRAINT "discount_one_version" ON "discount" IS 'At any release a discount has one version; also refuses a second open one.';
COMMENT ON CONSTRAINT "discount_free_periods_are_counted" ON "discount" IS 'Free periods are counted; free forever is a free plan.';
COMMENT ON CONSTRAINT "discount_budget_is_money" ON "discount" IS 'A budget is an amount of one currency.';

CREATE TABLE "discount_plan" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "discount_key" text COLLATE "C" NOT NULL,
  "plan_key" text COLLATE "C" NOT NULL,
  CONSTRAINT "discount_plan_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "discount_plan_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "discount_plan_has_discount" FOREIGN KEY ("discount_key", PERIOD "release_range") REFERENCES "discount" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_plan_has_plan" FOREIGN KEY ("plan_key", PERIOD "release_range") REFERENCES "plan" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_plan_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_plan_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_plan_key_is_derived" CHECK ("key" = "discount_key" || '/' || "plan_key")
);
COMMENT ON CONSTRAINT "discount_plan_has_plan" ON "discount_plan" IS 'A condition on a plan that is gone would silently widen or end the discount.';

CREATE TABLE "discount_market" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "discount_key" text COLLATE "C" NOT NULL,
  "market_key" text COLLATE "C" NOT NULL,
  CONSTRAINT "discount_market_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "discount_market_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "discount_market_has_discount" FOREIGN KEY ("discount_key", PERIOD "release_range") REFERENCES "discount" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_market_has_market" FOREIGN KEY ("market_key", PERIOD "release_range") REFERENCES "market" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_market_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_market_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "discount_market_key_is_derived" CHECK ("key" = "discount_key" || '/' || "market_key")
);
COMMENT ON CONSTRAINT "discount_market_has_market" ON "discount_market" IS 'A condition on a market that is gone would silently widen or end the discount.';

CREATE TABLE "code" (
  "key" text COLLATE "C" NOT NULL,
  "since_release" bigint NOT NULL,
  "until_release" bigint,
  "release_range" int8range NOT NULL GENERATED ALWAYS AS (int8range("since_release", "until_release")) STORED,
  "word" text COLLATE "C" NOT NULL,
  "discount_key" text COLLATE "C" NOT NULL,
  CONSTRAINT "code_pkey" PRIMARY KEY ("key", "since_release"),
  CONSTRAINT "code_one_version" UNIQUE ("key", "release_range" WITHOUT OVERLAPS),
  CONSTRAINT "code_has_discount" FOREIGN KEY ("discount_key", PERIOD "release_range") REFERENCES "discount" ("key", PERIOD "release_range") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "code_has_since_release" FOREIGN KEY ("since_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "code_has_until_release" FOREIGN KEY ("until_release") REFERENCES "release" ("number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "code_key_is_canonical" CHECK ("key" ~ '^[A-Z0-9]{3,40}$' AND "key" = upper(regexp_replace("word", '[^A-Za-z0-9]', '', 'g')))
);
COMMENT ON CONSTRAINT "code_one_version" ON "code" IS 'At any release a word claims one discount.';
COMMENT ON CONSTRAINT "code_has_discount" ON "code" IS 'At every release of the code its discount exists.';
COMMENT ON CONSTRAINT "code_key_is_canonical" ON "code" IS 'Words that differ only in case or hyphens are one word.';

-- What the API looks up by owner.
CREATE INDEX "plan_by_product" ON "plan" ("product_key");
CREATE INDEX "plan_add_on_by_plan" ON "plan_add_on" ("plan_key");
CREATE INDEX "plan_add_on_by_add_on" ON "plan_add_on" ("add_on_key");
CREATE INDEX "market_by_parent" ON "market" ("parent_key");
CREATE INDEX "entitlement_by_plan" ON "entitlement" ("plan_key");
CREATE INDEX "entitlement_by_feature" ON "entitlement" ("feature_key");
CREATE INDEX "discount_plan_by_discount" ON "discount_plan" ("discount_key");
CREATE INDEX "discount_market_by_discount" ON "discount_market" ("discount_key");
CREATE INDEX "code_by_discount" ON "code" ("discount_key");

DO $$
DECLARE versioned text;
BEGIN
  FOREACH versioned IN ARRAY ARRAY['market', 'product', 'plan', 'plan_add_on', 'feature', 'entitlement', 'price', 'discount', 'discount_plan', 'discount_market', 'code'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history()', versioned || '_history_is_immutable', versioned);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history()', versioned || '_is_not_truncated', versioned);
  END LOOP;
END $$;

-- ───────────────────────────── live data ─────────────────────────────

CREATE TABLE "api_key" (
  "id" text COLLATE "C" NOT NULL,
  "name" text NOT NULL,
  "role" text NOT NULL,
  "hash" bytea NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  "expires_at" timestamptz(3),
  "revoked_at" timestamptz(3),
  "last_used_at" timestamptz(3),
  CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "api_key_hash_is_sha256" CHECK (octet_length("hash") = 32)
);
COMMENT ON CONSTRAINT "api_key_hash_is_sha256" ON "api_key" IS 'Keys are kept as HMAC-SHA-256 only; a clear key would not fit.';
