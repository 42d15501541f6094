-- What TrueLayer wrote about a refusal, bounded and without what may be a secret or a person's: for admins and TrueLayer's support.
ALTER TABLE "attempts" ADD COLUMN "refusal_description" TEXT;

-- What a Prisma schema can't say.

ALTER TABLE "attempts" ADD CONSTRAINT "attempts_refusal_description_check" CHECK (length("refusal_description") <= 300);
