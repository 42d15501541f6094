-- Why a row's day isn't the bank's own, and amounts as they were sent where a float's noise was taken off.
ALTER TABLE "transactions" ADD COLUMN "date_doubt" TEXT, ADD COLUMN "amounts_as_sent" JSONB;
ALTER TABLE "pending_transactions" ADD COLUMN "date_doubt" TEXT, ADD COLUMN "amounts_as_sent" JSONB;
ALTER TABLE "balance_readings" ADD COLUMN "amounts_as_sent" JSONB;

-- What a Prisma schema can't say.

ALTER TABLE "transactions" ADD CONSTRAINT "transactions_date_doubt_check" CHECK ("date_doubt" IN ('impossible', 'unreadable', 'missing'));
ALTER TABLE "pending_transactions" ADD CONSTRAINT "pending_transactions_date_doubt_check" CHECK ("date_doubt" IN ('impossible', 'unreadable', 'missing'));
CREATE INDEX "transactions_undated_idx" ON "transactions" ("account_id") WHERE "date_doubt" IN ('unreadable', 'missing');

-- A time of day belongs to the day that the clock at the bank shows. Until now it was the day as written, which for a bank
-- that writes UTC is another one near midnight; and a time without a zone was read as UTC, not as the bank's own clock.
WITH zones (country, zone) AS (VALUES
  ('uk', 'Europe/London'), ('gb', 'Europe/London'), ('ie', 'Europe/Dublin'), ('at', 'Europe/Vienna'),
  ('be', 'Europe/Brussels'), ('bg', 'Europe/Sofia'), ('ch', 'Europe/Zurich'), ('cy', 'Asia/Nicosia'),
  ('cz', 'Europe/Prague'), ('de', 'Europe/Berlin'), ('dk', 'Europe/Copenhagen'), ('ee', 'Europe/Tallinn'),
  ('es', 'Europe/Madrid'), ('fi', 'Europe/Helsinki'), ('fr', 'Europe/Paris'), ('gr', 'Europe/Athens'),
  ('hr', 'Europe/Zagreb'), ('hu', 'Europe/Budapest'), ('is', 'Atlantic/Reykjavik'), ('it', 'Europe/Rome'),
  ('li', 'Europe/Vaduz'), ('lt', 'Europe/Vilnius'), ('lu', 'Europe/Luxembourg'), ('lv', 'Europe/Riga'),
  ('mt', 'Europe/Malta'), ('nl', 'Europe/Amsterdam'), ('no', 'Europe/Oslo'), ('pl', 'Europe/Warsaw'),
  ('pt', 'Europe/Lisbon'), ('ro', 'Europe/Bucharest'), ('se', 'Europe/Stockholm'), ('si', 'Europe/Ljubljana'),
  ('sk', 'Europe/Bratislava'), ('au', 'Australia/Sydney'), ('us', 'America/New_York')
), timed AS (
  SELECT t."id", t."booked_on", t."booked_at", coalesce(z.zone, 'UTC') AS zone,
    CASE WHEN t."timestamp_text" ~* '(Z|[+-]\d{2}(:?\d{2})?)\s*$' THEN t."booked_at"
      ELSE (t."booked_at" AT TIME ZONE 'UTC') AT TIME ZONE coalesce(z.zone, 'UTC') END AS at
  FROM "transactions" t JOIN "accounts" a ON a."id" = t."account_id" JOIN "connections" c ON c."id" = a."connection_id"
  JOIN "banks" b ON b."id" = c."bank_id" LEFT JOIN zones z ON z.country = lower(b."country")
  WHERE t."booked_at" IS NOT NULL
)
UPDATE "transactions" t SET "booked_on" = (timed.at AT TIME ZONE timed.zone)::date,
  "booked_at" = CASE WHEN date_trunc('second', timed.at AT TIME ZONE timed.zone)::time = '00:00' THEN NULL ELSE timed.at END
FROM timed WHERE timed."id" = t."id" AND (t."booked_on" <> (timed.at AT TIME ZONE timed.zone)::date
  OR t."booked_at" <> timed.at OR date_trunc('second', timed.at AT TIME ZONE timed.zone)::time = '00:00');

-- The noise of a float, as lib/truelayer/currency-digits.ts knows it.
CREATE FUNCTION pg_temp.without_noise(amount numeric, currency text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN amount IS NULL OR scale(amount) <= digits THEN amount
    WHEN scale(amount) > longest OR (scale(amount) > digits + 3 AND round(amount, digits) <> 0 AND abs(amount - round(amount, digits)) < power(10::numeric, -digits - 3))
      THEN round(amount, digits)
    ELSE amount END
  FROM (SELECT
    CASE
      WHEN currency IN ('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XOF','XPF') THEN 0
      WHEN currency IN ('BHD','IQD','JOD','KWD','LYD','OMR','TND') THEN 3
      WHEN currency IN ('CLF','UYW') THEN 4
      WHEN currency IN ('AUD','BGN','CAD','CHF','CZK','DKK','EUR','GBP','HUF','NOK','NZD','PLN','RON','SEK','USD','ZAR') THEN 2
      ELSE 8 END AS digits,
    CASE WHEN currency IN ('XAU','XAG','XPT','XPD','XXX') OR currency IS NULL THEN 18 ELSE 8 END AS longest) AS of_currency
$$;

UPDATE "transactions" SET
  "amounts_as_sent" = jsonb_strip_nulls(jsonb_build_object(
    'amount', CASE WHEN "amount" <> pg_temp.without_noise("amount", "currency") THEN "amount"::text END,
    'runningBalance', CASE WHEN "running_balance" <> pg_temp.without_noise("running_balance", "currency") THEN "running_balance"::text END)),
  "amount" = pg_temp.without_noise("amount", "currency"), "effect" = pg_temp.without_noise("effect", "currency"),
  "running_balance" = pg_temp.without_noise("running_balance", "currency")
WHERE "amount" <> pg_temp.without_noise("amount", "currency")
  OR "running_balance" <> pg_temp.without_noise("running_balance", "currency");
UPDATE "pending_transactions" SET
  "amounts_as_sent" = jsonb_build_object('amount', "amount"::text),
  "amount" = pg_temp.without_noise("amount", "currency"), "effect" = pg_temp.without_noise("effect", "currency")
WHERE "amount" <> pg_temp.without_noise("amount", "currency");
UPDATE "balance_readings" SET
  "amounts_as_sent" = jsonb_strip_nulls(jsonb_build_object(
    'current', CASE WHEN "current" <> pg_temp.without_noise("current", "currency") THEN "current"::text END,
    'available', CASE WHEN "available" <> pg_temp.without_noise("available", "currency") THEN "available"::text END)),
  "current" = pg_temp.without_noise("current", "currency"), "available" = pg_temp.without_noise("available", "currency")
WHERE "current" <> pg_temp.without_noise("current", "currency")
  OR "available" <> pg_temp.without_noise("available", "currency");
UPDATE "accounts" SET
  "current_balance" = pg_temp.without_noise("current_balance", coalesce("balance_currency", "currency")),
  "available_balance" = pg_temp.without_noise("available_balance", coalesce("balance_currency", "currency"))
WHERE "current_balance" <> pg_temp.without_noise("current_balance", coalesce("balance_currency", "currency"))
  OR "available_balance" <> pg_temp.without_noise("available_balance", coalesce("balance_currency", "currency"));
UPDATE "direct_debits" SET "previous_paid_amount" = pg_temp.without_noise("previous_paid_amount", "currency")
WHERE "previous_paid_amount" <> pg_temp.without_noise("previous_paid_amount", "currency");
UPDATE "standing_orders" SET "next_amount" = pg_temp.without_noise("next_amount", "currency"),
  "first_amount" = pg_temp.without_noise("first_amount", "currency"),
  "final_amount" = pg_temp.without_noise("final_amount", "currency");
