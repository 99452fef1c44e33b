-- Rate limits: what each caller has asked for lately, over all gateways. A gateway limits by what it has in memory, adds what flowed
-- in to these rows a few times a second, and learns from them what flowed in elsewhere.

-- Unlogged, so that none of it is written to the log of the database: after a crash the table is empty, which gives every caller
-- its burst once more. Half of each page is free, so that a row is rewritten within its page.
CREATE UNLOGGED TABLE "rate_limit_bucket" (
  "caller" text COLLATE "C" NOT NULL,
  -- When all that flowed in has flowed out again, if nothing more flows in.
  "empty_at" timestamptz NOT NULL,
  CONSTRAINT "rate_limit_bucket_pkey" PRIMARY KEY ("caller"),
  CONSTRAINT "rate_limit_bucket_caller_is_short" CHECK (length("caller") BETWEEN 1 AND 200)
) WITH (fillfactor = 50);
COMMENT ON CONSTRAINT "rate_limit_bucket_caller_is_short" ON "rate_limit_bucket" IS 'Addresses come from outside: no caller makes a row of any size.';
