-- The four a day are an account's: it keeps its count when a new connection takes it over from an old one.
CREATE OR REPLACE FUNCTION "refuse_fifth_unattended_call"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  per_endpoint BOOLEAN;
  used INTEGER;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('unattended ' || NEW."connection_id"::text, 0));
  IF NEW."account_id" IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('unattended account ' || NEW."account_id"::text, 0));
  END IF;
  SELECT coalesce(bool_or(b."limits_per_endpoint"), false) INTO per_endpoint FROM "banks" b WHERE b."id" = NEW."bank_id";
  SELECT count(*) INTO used FROM "truelayer_calls" c
    WHERE c."is_counted" AND c."started_at" > NEW."started_at" - interval '24 hours'
      AND (NOT per_endpoint OR c."endpoint" = NEW."endpoint")
      AND ((c."connection_id" = NEW."connection_id" AND c."account_id" IS NULL) OR c."account_id" = NEW."account_id");
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
CREATE INDEX "truelayer_calls_account_counted_idx" ON "truelayer_calls" ("account_id", "started_at") WHERE "is_counted";
