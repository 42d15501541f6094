-- When a kind of data may be asked for again without the user, and how often in a row it has failed.
ALTER TABLE "account_resources" ADD COLUMN "next_try_at" TIMESTAMPTZ(3), ADD COLUMN "tries" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "connection_resources" ADD COLUMN "next_try_at" TIMESTAMPTZ(3), ADD COLUMN "tries" INTEGER NOT NULL DEFAULT 0;

-- No background call of the connection is made before this.
ALTER TABLE "connections" ADD COLUMN "held_until" TIMESTAMPTZ(3);

-- When the bank last answered a request for the whole history, and from which day on transactions are missing because it did
-- not answer in the minutes after the sign-in.
ALTER TABLE "accounts" ADD COLUMN "history_asked_at" TIMESTAMPTZ(3), ADD COLUMN "history_missing_from" DATE;
UPDATE "accounts" a SET "history_asked_at" = r."last_ok_at"
  FROM "account_resources" r WHERE r."account_id" = a."id" AND r."resource" = 'transactions';

-- What is known of a bank's answers: the most rows that came in one, when the widest range was last asked for, and which
-- connections it has failed since it last answered one.
ALTER TABLE "banks"
  ADD COLUMN "largest_answer_rows" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "account_history_checked_at" TIMESTAMPTZ(3),
  ADD COLUMN "card_history_checked_at" TIMESTAMPTZ(3),
  ADD COLUMN "breaker_connection_ids" UUID[] NOT NULL DEFAULT '{}';

-- What a Prisma schema can't say.

ALTER TABLE "account_resources"
  ADD CONSTRAINT "account_resources_tries_check" CHECK ("tries" >= 0 AND ("state" <> 'ok' OR ("next_try_at" IS NULL AND "tries" = 0)));
ALTER TABLE "connection_resources"
  ADD CONSTRAINT "connection_resources_tries_check" CHECK ("tries" >= 0 AND ("state" <> 'ok' OR ("next_try_at" IS NULL AND "tries" = 0)));
