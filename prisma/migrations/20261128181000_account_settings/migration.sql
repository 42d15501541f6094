-- What a user decides about an account: its name, whether it is shown, whether it is synced, and with which one it is the same.
-- Joining is a link and moves no row, so that separating restores both accounts as they were.
ALTER TABLE "accounts"
  ADD COLUMN "own_name" TEXT,
  ADD COLUMN "hidden_at" TIMESTAMPTZ(3),
  ADD COLUMN "sync_stopped_at" TIMESTAMPTZ(3),
  ADD COLUMN "joined_into_id" UUID,
  ADD COLUMN "joined_through_id" UUID,
  ADD COLUMN "joined_at" TIMESTAMPTZ(3),
  ADD COLUMN "overlap_checked_at" TIMESTAMPTZ(3),
  ADD CONSTRAINT "accounts_joined_into_id_fkey" FOREIGN KEY ("joined_into_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "accounts_joined_through_id_fkey" FOREIGN KEY ("joined_through_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "accounts_joined_check" CHECK ("joined_into_id" <> "id" AND "joined_through_id" <> "id"),
  ADD CONSTRAINT "accounts_own_name_check" CHECK (char_length("own_name") BETWEEN 1 AND 80);
CREATE INDEX "accounts_joined_into_id_idx" ON "accounts"("joined_into_id");
CREATE INDEX "accounts_joined_through_id_idx" ON "accounts"("joined_through_id");

CREATE TABLE "account_distinctions" (
    "account_id" UUID NOT NULL,
    "other_id" UUID NOT NULL,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "account_distinctions_pkey" PRIMARY KEY ("account_id", "other_id"),
    CONSTRAINT "account_distinctions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "account_distinctions_other_id_fkey" FOREIGN KEY ("other_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "account_distinctions_order_check" CHECK ("account_id" < "other_id")
);
CREATE INDEX "account_distinctions_other_id_idx" ON "account_distinctions"("other_id");

ALTER TABLE "transactions"
  ADD COLUMN "duplicate_of_id" UUID,
  ADD CONSTRAINT "transactions_duplicate_of_id_fkey" FOREIGN KEY ("duplicate_of_id") REFERENCES "transactions"("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "transactions_duplicate_check" CHECK ("duplicate_of_id" <> "id");
CREATE INDEX "transactions_duplicate_of_id_idx" ON "transactions"("duplicate_of_id") WHERE "duplicate_of_id" IS NOT NULL;

ALTER TABLE "pairing_questions"
  ADD COLUMN "reason" TEXT NOT NULL DEFAULT 'ambiguous',
  ADD CONSTRAINT "pairing_questions_reason_check" CHECK ("reason" IN ('ambiguous', 'number_changed', 'same_transactions'));

-- Joined accounts are one account at the bank: the calls of all of them are counted together.
CREATE OR REPLACE FUNCTION "refuse_fifth_unattended_call"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  per_endpoint BOOLEAN;
  used INTEGER;
  root UUID;
  joined UUID[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('unattended ' || NEW."connection_id"::text, 0));
  IF NEW."account_id" IS NOT NULL THEN
    SELECT coalesce(a."joined_into_id", a."id") INTO root FROM "accounts" a WHERE a."id" = NEW."account_id";
    root := coalesce(root, NEW."account_id");
    PERFORM pg_advisory_xact_lock(hashtextextended('unattended account ' || root::text, 0));
    SELECT array_agg(a."id") INTO joined FROM "accounts" a WHERE a."joined_into_id" = root;
    joined := coalesce(joined, '{}') || root || NEW."account_id";
  END IF;
  SELECT coalesce(bool_or(b."limits_per_endpoint"), false) INTO per_endpoint FROM "banks" b WHERE b."id" = NEW."bank_id";
  SELECT count(*) INTO used FROM "truelayer_calls" c
    WHERE c."is_counted" AND c."started_at" > NEW."started_at" - interval '24 hours'
      AND (NOT per_endpoint OR c."endpoint" = NEW."endpoint")
      AND ((c."connection_id" = NEW."connection_id" AND c."account_id" IS NULL) OR c."account_id" = ANY(joined));
  IF NEW."account_id" IS NULL AND NOT per_endpoint THEN
    used := used + coalesce((SELECT max(calls) FROM (
      SELECT count(*) AS calls FROM "truelayer_calls" c
      WHERE c."connection_id" = NEW."connection_id" AND c."is_counted" AND c."account_id" IS NOT NULL
        AND c."started_at" > NEW."started_at" - interval '24 hours'
      GROUP BY c."account_id") AS per_account), 0);
  END IF;
  IF used >= 4 THEN
    RAISE EXCEPTION 'four unattended calls in 24 hours are used up' USING ERRCODE = 'LW004';
  END IF;
  RETURN NEW;
END $$;
