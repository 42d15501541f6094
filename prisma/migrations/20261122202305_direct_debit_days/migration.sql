-- A bank's midnight in summer time is the evening before in UTC: what counts is the day as it was written.
ALTER TABLE "direct_debits" ADD COLUMN "previous_paid_on" DATE;
UPDATE "direct_debits" SET "previous_paid_on" = ("previous_paid_at" AT TIME ZONE 'Europe/London')::date;
ALTER TABLE "direct_debits" DROP COLUMN "previous_paid_at";
