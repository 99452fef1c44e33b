-- What gateways ask that hold the catalog in memory: what a release brought and what it ended, and when something next begins or ends.

CREATE INDEX "market_since_release" ON "market" ("since_release");
CREATE INDEX "market_until_release" ON "market" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "product_since_release" ON "product" ("since_release");
CREATE INDEX "product_until_release" ON "product" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "plan_since_release" ON "plan" ("since_release");
CREATE INDEX "plan_until_release" ON "plan" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "plan_add_on_since_release" ON "plan_add_on" ("since_release");
CREATE INDEX "plan_add_on_until_release" ON "plan_add_on" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "feature_since_release" ON "feature" ("since_release");
CREATE INDEX "feature_until_release" ON "feature" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "entitlement_since_release" ON "entitlement" ("since_release");
CREATE INDEX "entitlement_until_release" ON "entitlement" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "price_since_release" ON "price" ("since_release");
CREATE INDEX "price_until_release" ON "price" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "discount_since_release" ON "discount" ("since_release");
CREATE INDEX "discount_until_release" ON "discount" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "discount_plan_since_release" ON "discount_plan" ("since_release");
CREATE INDEX "discount_plan_until_release" ON "discount_plan" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "discount_market_since_release" ON "discount_market" ("since_release");
CREATE INDEX "discount_market_until_release" ON "discount_market" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "code_since_release" ON "code" ("since_release");
CREATE INDEX "code_until_release" ON "code" ("until_release") WHERE "until_release" IS NOT NULL;
CREATE INDEX "policy_since_release" ON "policy" ("since_release");
CREATE INDEX "policy_until_release" ON "policy" ("until_release") WHERE "until_release" IS NOT NULL;

-- Of discounts there are few enough to look at all.
CREATE INDEX "price_by_effective_from" ON "price" ("effective_from");
CREATE INDEX "price_by_effective_until" ON "price" ("effective_until") WHERE "effective_until" IS NOT NULL;
CREATE INDEX "price_by_existing_from" ON "price" ("existing_from") WHERE "existing_from" IS NOT NULL;

-- Names are ordered the same everywhere, by code points: in memory, and on every server whatever its own order of texts is.
ALTER TABLE "market" ALTER COLUMN "name" TYPE text COLLATE "C";
ALTER TABLE "product" ALTER COLUMN "name" TYPE text COLLATE "C";
ALTER TABLE "plan" ALTER COLUMN "name" TYPE text COLLATE "C";
ALTER TABLE "feature" ALTER COLUMN "name" TYPE text COLLATE "C";
ALTER TABLE "discount" ALTER COLUMN "name" TYPE text COLLATE "C";
