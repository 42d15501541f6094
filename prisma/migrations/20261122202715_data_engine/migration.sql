-- DropIndex
DROP INDEX "pending_transactions_account_id_position_key";

-- AlterTable
ALTER TABLE "banks" ADD COLUMN     "rows_per_answer" INTEGER;

-- AlterTable
-- The days that are covered, holes and all; the first and the last of them follow.
ALTER TABLE "accounts" ADD COLUMN "covered" datemultirange NOT NULL DEFAULT '{}'::datemultirange;
UPDATE "accounts" SET "covered" = datemultirange(daterange("covered_from", "covered_to", '[]')) WHERE "covered_from" IS NOT NULL;
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_covered_check";
ALTER TABLE "accounts" DROP COLUMN "covered_from", DROP COLUMN "covered_to";
ALTER TABLE "accounts"
  ADD COLUMN "covered_from" DATE GENERATED ALWAYS AS (lower("covered")) STORED,
  ADD COLUMN "covered_to" DATE GENERATED ALWAYS AS (upper("covered") - 1) STORED;

-- AlterTable
ALTER TABLE "pending_transactions" ADD COLUMN "first_seen_at" TIMESTAMPTZ(3);
UPDATE "pending_transactions" SET "first_seen_at" = "seen_at";
ALTER TABLE "pending_transactions" ALTER COLUMN "first_seen_at" SET NOT NULL;

-- CreateTable
CREATE TABLE "transaction_edits" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "transaction_id" UUID,
    "pending_id" UUID,
    "note" TEXT,
    "category" TEXT,
    "merchant_name" TEXT,
    "is_transfer" BOOLEAN,
    "pending_made_on" DATE,
    "pending_effect" DECIMAL,
    "pending_currency" TEXT,
    "pending_description" TEXT,
    "pending_first_seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transaction_edits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "merchant_rules" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "merchant_key" TEXT NOT NULL,
    "merchant_name" TEXT,
    "category" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "merchant_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recurring_payments" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "series_key" TEXT NOT NULL,
    "merchant_name" TEXT NOT NULL,
    "cadence" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "is_amount_steady" BOOLEAN NOT NULL,
    "currency" TEXT NOT NULL,
    "occurrences" INTEGER NOT NULL,
    "first_on" DATE NOT NULL,
    "last_on" DATE NOT NULL,
    "next_on" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "dismissed_at" TIMESTAMPTZ(3),

    CONSTRAINT "recurring_payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transfers" (
    "transaction_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "other_transaction_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transfers_pkey" PRIMARY KEY ("transaction_id")
);

-- CreateTable
CREATE TABLE "sync_tasks" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "account_id" UUID,
    "run_id" UUID NOT NULL,
    "resource" TEXT NOT NULL,
    "window_from" DATE,
    "window_to" DATE,
    "status" TEXT NOT NULL,
    "code" TEXT,
    "secret_hash" BYTEA NOT NULL,
    "truelayer_task_id" TEXT,
    "results_uri" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "hinted_at" TIMESTAMPTZ(3),
    "polls" INTEGER NOT NULL DEFAULT 0,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "sync_tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bank_answers" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "account_id" UUID,
    "resource" TEXT NOT NULL,
    "window_from" DATE,
    "window_to" DATE,
    "is_complete" BOOLEAN NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "byte_count" INTEGER NOT NULL,
    "body_sealed" BYTEA NOT NULL,

    CONSTRAINT "bank_answers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pairing_questions" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "candidate_ids" UUID[],
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "answer_id" UUID,

    CONSTRAINT "pairing_questions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "transaction_edits_transaction_id_key" ON "transaction_edits"("transaction_id");

-- CreateIndex
CREATE UNIQUE INDEX "transaction_edits_pending_id_key" ON "transaction_edits"("pending_id");

-- CreateIndex
CREATE INDEX "transaction_edits_account_id_idx" ON "transaction_edits"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "merchant_rules_user_id_merchant_key_key" ON "merchant_rules"("user_id", "merchant_key");

-- CreateIndex
CREATE UNIQUE INDEX "recurring_payments_account_id_series_key_key" ON "recurring_payments"("account_id", "series_key");

-- CreateIndex
CREATE UNIQUE INDEX "transfers_other_transaction_id_key" ON "transfers"("other_transaction_id");

-- CreateIndex
CREATE INDEX "transfers_account_id_idx" ON "transfers"("account_id");

-- CreateIndex
CREATE INDEX "sync_tasks_connection_id_status_idx" ON "sync_tasks"("connection_id", "status");

-- CreateIndex
CREATE INDEX "sync_tasks_expires_at_idx" ON "sync_tasks"("expires_at");

-- CreateIndex
CREATE INDEX "bank_answers_account_id_received_at_idx" ON "bank_answers"("account_id", "received_at");

-- CreateIndex
CREATE INDEX "bank_answers_connection_id_received_at_idx" ON "bank_answers"("connection_id", "received_at");

-- CreateIndex
CREATE INDEX "bank_answers_received_at_idx" ON "bank_answers"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "pairing_questions_account_id_key" ON "pairing_questions"("account_id");

-- CreateIndex
CREATE INDEX "pairing_questions_connection_id_idx" ON "pairing_questions"("connection_id");

-- CreateIndex
CREATE INDEX "pending_transactions_account_id_position_idx" ON "pending_transactions"("account_id", "position");

-- CreateIndex
CREATE INDEX "truelayer_calls_bank_id_started_at_idx" ON "truelayer_calls"("bank_id", "started_at" DESC);

-- AddForeignKey
ALTER TABLE "transaction_edits" ADD CONSTRAINT "transaction_edits_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transaction_edits" ADD CONSTRAINT "transaction_edits_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "transactions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transaction_edits" ADD CONSTRAINT "transaction_edits_pending_id_fkey" FOREIGN KEY ("pending_id") REFERENCES "pending_transactions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merchant_rules" ADD CONSTRAINT "merchant_rules_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recurring_payments" ADD CONSTRAINT "recurring_payments_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "transactions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_tasks" ADD CONSTRAINT "sync_tasks_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bank_answers" ADD CONSTRAINT "bank_answers_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pairing_questions" ADD CONSTRAINT "pairing_questions_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "set_aside_rows" ADD CONSTRAINT "set_aside_rows_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema can't say.

ALTER TABLE "bank_answers" ALTER COLUMN "body_sealed" TYPE "sealed";

ALTER TABLE "sync_tasks"
  ADD CONSTRAINT "sync_tasks_status_check" CHECK ("status" IN ('asking', 'queued', 'stored', 'failed', 'expired')),
  ADD CONSTRAINT "sync_tasks_queued_check" CHECK ("status" <> 'queued' OR "results_uri" IS NOT NULL),
  ADD CONSTRAINT "sync_tasks_finished_check" CHECK (("status" IN ('stored', 'failed', 'expired')) = ("finished_at" IS NOT NULL)),
  ADD CONSTRAINT "sync_tasks_secret_check" CHECK (octet_length("secret_hash") = 32),
  ADD CONSTRAINT "sync_tasks_resource_check" CHECK ("resource" IN ('accounts', 'cards', 'balance', 'transactions', 'pending', 'direct_debits', 'standing_orders'));
-- One connection's calls go one after another, the asynchronous ones too.
CREATE UNIQUE INDEX "sync_tasks_one_at_a_time" ON "sync_tasks" ("connection_id") WHERE "status" IN ('asking', 'queued');

ALTER TABLE "transaction_edits"
  ADD CONSTRAINT "transaction_edits_subject_check" CHECK (("transaction_id" IS NULL OR "pending_id" IS NULL) AND ("transaction_id" IS NOT NULL OR "pending_made_on" IS NOT NULL)),
  ADD CONSTRAINT "transaction_edits_something_check" CHECK (num_nonnulls("note", "category", "merchant_name", "is_transfer") > 0);
CREATE INDEX "transaction_edits_waiting_idx" ON "transaction_edits" ("account_id") WHERE "transaction_id" IS NULL AND "pending_id" IS NULL;

ALTER TABLE "merchant_rules" ADD CONSTRAINT "merchant_rules_something_check" CHECK (num_nonnulls("merchant_name", "category") > 0);
ALTER TABLE "recurring_payments"
  ADD CONSTRAINT "recurring_payments_cadence_check" CHECK ("cadence" IN ('weekly', 'fortnightly', 'four_weekly', 'monthly', 'quarterly', 'yearly')),
  ADD CONSTRAINT "recurring_payments_days_check" CHECK ("first_on" < "last_on" AND "next_on" > "last_on");
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_other_check" CHECK ("transaction_id" <> "other_transaction_id");

-- Connections whose health only time changes.
CREATE INDEX "connections_stale_idx" ON "connections" ("last_synced_at") WHERE "status" = 'active';
