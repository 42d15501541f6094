-- AlterTable
ALTER TABLE "connection_tokens" ADD COLUMN     "confirmed_at" TIMESTAMPTZ(3);

-- What a Prisma schema can't say.

ALTER TABLE "connection_tokens" ADD CONSTRAINT "connection_tokens_answer_check" CHECK ("confirmed_at" IS NULL OR "questioned_at" IS NULL);
