-- Rows from before have an empty hash, which no row of the bank's has: the next sync sees them as changed.
ALTER TABLE "transactions" ADD COLUMN "content_hash" TEXT NOT NULL DEFAULT '';
ALTER TABLE "transactions" ALTER COLUMN "content_hash" DROP DEFAULT;

-- CreateTable
CREATE TABLE "connection_resources" (
    "connection_id" UUID NOT NULL,
    "resource" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "code" TEXT,
    "last_ok_at" TIMESTAMPTZ(3),
    "last_tried_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_resources_pkey" PRIMARY KEY ("connection_id","resource")
);

-- AddForeignKey
ALTER TABLE "connection_resources" ADD CONSTRAINT "connection_resources_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema can't say.

ALTER TABLE "connection_resources"
  ADD CONSTRAINT "connection_resources_name_check" CHECK ("resource" IN ('accounts', 'cards', 'info')),
  ADD CONSTRAINT "connection_resources_state_check" CHECK ("state" IN ('ok', 'unsupported', 'refused', 'needs_sign_in', 'failing', 'waiting')),
  ADD CONSTRAINT "connection_resources_ok_check" CHECK ("state" <> 'ok' OR ("last_ok_at" IS NOT NULL AND "code" IS NULL));
ALTER TABLE "account_resources"
  ADD CONSTRAINT "account_resources_name_check" CHECK ("resource" IN ('balance', 'transactions', 'pending', 'direct_debits', 'standing_orders')),
  ADD CONSTRAINT "account_resources_state_check" CHECK ("state" IN ('ok', 'unsupported', 'refused', 'needs_sign_in', 'failing', 'waiting')),
  ADD CONSTRAINT "account_resources_ok_check" CHECK ("state" <> 'ok' OR ("last_ok_at" IS NOT NULL AND "code" IS NULL));
