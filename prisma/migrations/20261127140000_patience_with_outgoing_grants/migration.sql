-- AlterTable
ALTER TABLE "connection_tokens" ADD COLUMN     "revoke_failed_at" TIMESTAMPTZ(3),
ADD COLUMN     "revoke_after" TIMESTAMPTZ(3);

-- What a Prisma schema can't say.

ALTER TABLE "connection_tokens" ADD CONSTRAINT "connection_tokens_revoke_check" CHECK (
  ("revoke_failed_at" IS NULL) = ("revoke_after" IS NULL) AND ("revoke_failed_at" IS NULL OR "role" = 'outgoing')
);
