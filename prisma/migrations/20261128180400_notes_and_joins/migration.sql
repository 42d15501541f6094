-- What a transaction was when the user wrote on it: kept for booked ones too, and never lost with the row.
ALTER TABLE "transaction_edits" DROP CONSTRAINT "transaction_edits_subject_check";
ALTER TABLE "transaction_edits" RENAME COLUMN "pending_made_on" TO "snapshot_day";
ALTER TABLE "transaction_edits" RENAME COLUMN "pending_effect" TO "snapshot_effect";
ALTER TABLE "transaction_edits" RENAME COLUMN "pending_currency" TO "snapshot_currency";
ALTER TABLE "transaction_edits" RENAME COLUMN "pending_description" TO "snapshot_description";
ALTER TABLE "transaction_edits" RENAME COLUMN "pending_first_seen_at" TO "snapshot_first_seen_at";
ALTER TABLE "transaction_edits"
  ADD COLUMN "snapshot_merchant_name" TEXT,
  ADD COLUMN "snapshot_coding" TEXT NOT NULL DEFAULT 'UNKNOWN',
  ADD COLUMN "snapshot_classification" TEXT[] DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "rival" TEXT,
  ADD COLUMN "is_detached" BOOLEAN NOT NULL DEFAULT false;

UPDATE "transaction_edits" e SET "snapshot_day" = t."booked_on", "snapshot_effect" = t."effect", "snapshot_currency" = t."currency",
  "snapshot_description" = t."description", "snapshot_merchant_name" = t."merchant_name", "snapshot_coding" = t."category",
  "snapshot_classification" = t."classification", "snapshot_first_seen_at" = t."first_seen_at"
FROM "transactions" t WHERE t."id" = e."transaction_id";

-- Deleting a transaction leaves the user's words; deleting the account removes them.
ALTER TABLE "transaction_edits" DROP CONSTRAINT "transaction_edits_transaction_id_fkey";
ALTER TABLE "transaction_edits" ADD CONSTRAINT "transaction_edits_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "transactions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "transaction_joins" (
    "hidden_id" UUID NOT NULL,
    "shown_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "added_words" JSONB,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transaction_joins_pkey" PRIMARY KEY ("hidden_id","shown_id")
);

-- CreateIndex
CREATE INDEX "transaction_joins_shown_id_idx" ON "transaction_joins"("shown_id");

-- CreateIndex
CREATE INDEX "transaction_joins_account_id_idx" ON "transaction_joins"("account_id");

-- AddForeignKey
ALTER TABLE "transaction_joins" ADD CONSTRAINT "transaction_joins_hidden_id_fkey" FOREIGN KEY ("hidden_id") REFERENCES "transactions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transaction_joins" ADD CONSTRAINT "transaction_joins_shown_id_fkey" FOREIGN KEY ("shown_id") REFERENCES "transactions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transaction_joins" ADD CONSTRAINT "transaction_joins_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema can't say.

ALTER TABLE "transaction_edits" ADD CONSTRAINT "transaction_edits_subject_check" CHECK ("transaction_id" IS NULL OR "pending_id" IS NULL);
ALTER TABLE "transaction_edits" ADD CONSTRAINT "transaction_edits_rival_check" CHECK ("rival" IN ('same_merchant', 'same_amount'));
ALTER TABLE "transaction_joins" ADD CONSTRAINT "transaction_joins_self_check" CHECK ("hidden_id" <> "shown_id");
