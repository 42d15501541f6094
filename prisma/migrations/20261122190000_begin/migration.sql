-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('user', 'admin');

-- CreateEnum
CREATE TYPE "flow" AS ENUM ('dialog', 'bank_selection', 'direct');

-- CreateEnum
CREATE TYPE "attempt_purpose" AS ENUM ('connect', 'reauthenticate', 'extend', 'change');

-- CreateEnum
CREATE TYPE "attempt_status" AS ENUM ('started', 'redirected', 'claimed', 'linked', 'cancelled', 'failed', 'expired');

-- CreateEnum
CREATE TYPE "connection_status" AS ENUM ('pending', 'active', 'degraded', 'needs_reconfirmation', 'needs_reauthentication', 'expired', 'revoking', 'revoked', 'failed');

-- CreateEnum
CREATE TYPE "token_role" AS ENUM ('current', 'incoming', 'outgoing');

-- CreateEnum
CREATE TYPE "account_kind" AS ENUM ('account', 'card');

-- CreateEnum
CREATE TYPE "sync_trigger" AS ENUM ('first', 'scheduled', 'person', 'admin');

-- CreateEnum
CREATE TYPE "sync_outcome" AS ENUM ('running', 'complete', 'partial', 'failed');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "email_verified_at" TIMESTAMPTZ(3),
    "role" "role" NOT NULL DEFAULT 'user',
    "wants_reminders" BOOLEAN NOT NULL DEFAULT true,
    "leaving_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_accounts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,

    CONSTRAINT "sign_in_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_links" (
    "email" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_links_pkey" PRIMARY KEY ("email","token_hash")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key_hash" BYTEA NOT NULL,
    "count" INTEGER NOT NULL,
    "resets_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key_hash")
);

-- CreateTable
CREATE TABLE "sealed_settings" (
    "name" TEXT NOT NULL,
    "value_sealed" BYTEA NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sealed_settings_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "banks" (
    "id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "logo_url" TEXT,
    "permissions" TEXT[],
    "is_listed" BOOLEAN NOT NULL DEFAULT true,
    "recommended_status" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "availability_percent" DECIMAL(5,2),
    "health_checked_at" TIMESTAMPTZ(3),
    "account_history_days" INTEGER,
    "card_history_days" INTEGER,
    "supports_async" BOOLEAN,
    "limits_per_endpoint" BOOLEAN NOT NULL DEFAULT false,
    "breaker_open_until" TIMESTAMPTZ(3),
    "breaker_code" TEXT,
    "breaker_failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "banks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bank_logos" (
    "bank_id" TEXT NOT NULL,
    "source_url" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "fetched_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bank_logos_pkey" PRIMARY KEY ("bank_id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "bank_id" TEXT,
    "connection_id" UUID,
    "purpose" "attempt_purpose" NOT NULL,
    "flow" "flow" NOT NULL,
    "permissions" TEXT[],
    "status" "attempt_status" NOT NULL DEFAULT 'started',
    "outcome_code" TEXT,
    "state_hash" BYTEA NOT NULL,
    "browser_hash" BYTEA NOT NULL,
    "verifier_sealed" BYTEA,
    "code_sealed" BYTEA,
    "redirect_uri" TEXT NOT NULL,
    "tracking_id" TEXT,
    "device" TEXT NOT NULL,
    "is_app_return" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "redirected_at" TIMESTAMPTZ(3),
    "returned_at" TIMESTAMPTZ(3),
    "tokens_at" TIMESTAMPTZ(3),
    "first_data_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_receipts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "attempt_id" UUID,
    "connection_id" UUID,
    "bank_id" TEXT,
    "bank_name" TEXT,
    "kind" TEXT NOT NULL,
    "wording_version" TEXT NOT NULL,
    "wording" JSONB NOT NULL,
    "purpose_text" TEXT NOT NULL,
    "permissions" TEXT[],
    "declined" TEXT[],
    "agreed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_receipts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "bank_id" TEXT NOT NULL,
    "bank_name" TEXT NOT NULL,
    "status" "connection_status" NOT NULL,
    "status_reason" TEXT,
    "status_changed_at" TIMESTAMPTZ(3) NOT NULL,
    "credentials_id" TEXT,
    "consent_status" TEXT,
    "consent_created_at" TIMESTAMPTZ(3),
    "consent_expires_at" TIMESTAMPTZ(3),
    "consent_checked_at" TIMESTAMPTZ(3),
    "authenticated_at" TIMESTAMPTZ(3),
    "connected_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "revoking_since" TIMESTAMPTZ(3),
    "grant_refused_at" TIMESTAMPTZ(3),
    "grant_refused_code" TEXT,
    "last_synced_at" TIMESTAMPTZ(3),
    "last_error_code" TEXT,
    "last_error_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "first_data_at" TIMESTAMPTZ(3),
    "next_sync_at" TIMESTAMPTZ(3),
    "sync_lease_id" UUID,
    "sync_lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_tokens" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "role" "token_role" NOT NULL DEFAULT 'current',
    "credentials_id" TEXT,
    "access_token_sealed" BYTEA NOT NULL,
    "refresh_token_sealed" BYTEA,
    "access_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "refreshed_at" TIMESTAMPTZ(3) NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "lease_id" UUID,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "connection_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_permissions" (
    "connection_id" UUID NOT NULL,
    "permission" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_permissions_pkey" PRIMARY KEY ("connection_id","permission")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" "account_kind" NOT NULL,
    "truelayer_id" TEXT NOT NULL,
    "type" TEXT,
    "display_name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "number_hint" TEXT,
    "number_sealed" BYTEA,
    "number_hash" BYTEA,
    "card_network" TEXT,
    "card_type" TEXT,
    "position" INTEGER NOT NULL DEFAULT 0,
    "current_balance" DECIMAL,
    "available_balance" DECIMAL,
    "overdraft" DECIMAL,
    "credit_limit" DECIMAL,
    "balance_currency" TEXT,
    "balance_at" TIMESTAMPTZ(3),
    "covered_from" DATE,
    "covered_to" DATE,
    "history_limit_code" TEXT,
    "pending_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_listed_at" TIMESTAMPTZ(3) NOT NULL,
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_resources" (
    "account_id" UUID NOT NULL,
    "resource" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "code" TEXT,
    "last_ok_at" TIMESTAMPTZ(3),
    "last_tried_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_resources_pkey" PRIMARY KEY ("account_id","resource")
);

-- CreateTable
CREATE TABLE "balance_readings" (
    "account_id" UUID NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    "current" DECIMAL NOT NULL,
    "available" DECIMAL,
    "overdraft" DECIMAL,
    "credit_limit" DECIMAL,
    "last_statement_balance" DECIMAL,
    "last_statement_on" DATE,
    "payment_due" DECIMAL,
    "payment_due_on" DATE,
    "currency" TEXT NOT NULL,
    "bank_updated_at" TIMESTAMPTZ(3),

    CONSTRAINT "balance_readings_pkey" PRIMARY KEY ("account_id","read_at")
);

-- CreateTable
CREATE TABLE "transactions" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "identity_key" TEXT NOT NULL,
    "truelayer_id" TEXT NOT NULL,
    "normalised_id" TEXT,
    "provider_transaction_id" TEXT,
    "booked_on" DATE NOT NULL,
    "booked_at" TIMESTAMPTZ(3),
    "timestamp_text" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "effect" DECIMAL NOT NULL,
    "currency" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "classification" TEXT[],
    "merchant_name" TEXT,
    "merchant_source" TEXT,
    "running_balance" DECIMAL,
    "is_sign_mismatch" BOOLEAN NOT NULL DEFAULT false,
    "meta" JSONB,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "vanished_at" TIMESTAMPTZ(3),

    CONSTRAINT "transactions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pending_transactions" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "truelayer_id" TEXT,
    "made_on" DATE NOT NULL,
    "timestamp_text" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "effect" DECIMAL NOT NULL,
    "currency" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "classification" TEXT[],
    "merchant_name" TEXT,
    "meta" JSONB,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pending_transactions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "direct_debits" (
    "account_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT,
    "reference" TEXT,
    "previous_paid_at" TIMESTAMPTZ(3),
    "previous_paid_amount" DECIMAL,
    "currency" TEXT,
    "meta" JSONB,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "direct_debits_pkey" PRIMARY KEY ("account_id","position")
);

-- CreateTable
CREATE TABLE "standing_orders" (
    "account_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "frequency" TEXT NOT NULL,
    "status" TEXT,
    "payee" TEXT,
    "reference" TEXT,
    "currency" TEXT,
    "next_on" DATE,
    "next_amount" DECIMAL,
    "first_on" DATE,
    "first_amount" DECIMAL,
    "final_on" DATE,
    "final_amount" DECIMAL,
    "meta" JSONB,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "standing_orders_pkey" PRIMARY KEY ("account_id","position")
);

-- CreateTable
CREATE TABLE "holder_details" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "details_sealed" BYTEA NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "holder_details_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_runs" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "trigger" "sync_trigger" NOT NULL,
    "is_attended" BOOLEAN NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" "sync_outcome" NOT NULL DEFAULT 'running',
    "code" TEXT,
    "rows_stored" INTEGER NOT NULL DEFAULT 0,
    "rows_set_aside" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "sync_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "truelayer_calls" (
    "id" UUID NOT NULL,
    "connection_id" UUID,
    "account_id" UUID,
    "bank_id" TEXT,
    "run_id" UUID,
    "endpoint" TEXT NOT NULL,
    "is_attended" BOOLEAN NOT NULL,
    "is_counted" BOOLEAN NOT NULL,
    "is_async" BOOLEAN NOT NULL DEFAULT false,
    "attempt_number" INTEGER NOT NULL DEFAULT 1,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "http_status" INTEGER,
    "code" TEXT,
    "duration_ms" INTEGER,
    "correlation_id" UUID NOT NULL,
    "truelayer_correlation_id" TEXT,

    CONSTRAINT "truelayer_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "set_aside_rows" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "account_id" UUID,
    "endpoint" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "path" TEXT,
    "row_hash" BYTEA NOT NULL,
    "row_sealed" BYTEA NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "set_aside_rows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_label" TEXT,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT,
    "connection_id" UUID,
    "person_id" UUID,
    "before" JSONB,
    "after" JSONB,
    "reason" TEXT,
    "request_id" TEXT,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sign_in_accounts_user_id_idx" ON "sign_in_accounts"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "sign_in_accounts_provider_provider_account_id_key" ON "sign_in_accounts"("provider", "provider_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_hash_key" ON "sessions"("token_hash");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "sign_in_links_expires_at_idx" ON "sign_in_links"("expires_at");

-- CreateIndex
CREATE INDEX "rate_limits_resets_at_idx" ON "rate_limits"("resets_at");

-- CreateIndex
CREATE INDEX "banks_is_listed_country_idx" ON "banks"("is_listed", "country");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_reference_key" ON "attempts"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_state_hash_key" ON "attempts"("state_hash");

-- CreateIndex
CREATE INDEX "attempts_user_id_created_at_idx" ON "attempts"("user_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "attempts_connection_id_idx" ON "attempts"("connection_id");

-- CreateIndex
CREATE INDEX "attempts_status_expires_at_idx" ON "attempts"("status", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "consent_receipts_attempt_id_key" ON "consent_receipts"("attempt_id");

-- CreateIndex
CREATE INDEX "consent_receipts_user_id_agreed_at_idx" ON "consent_receipts"("user_id", "agreed_at" DESC);

-- CreateIndex
CREATE INDEX "consent_receipts_connection_id_agreed_at_idx" ON "consent_receipts"("connection_id", "agreed_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "connections_credentials_id_key" ON "connections"("credentials_id");

-- CreateIndex
CREATE INDEX "connections_user_id_connected_at_idx" ON "connections"("user_id", "connected_at" DESC);

-- CreateIndex
CREATE INDEX "connections_bank_id_idx" ON "connections"("bank_id");

-- CreateIndex
CREATE INDEX "connections_next_sync_at_idx" ON "connections"("next_sync_at");

-- CreateIndex
CREATE INDEX "connections_consent_expires_at_idx" ON "connections"("consent_expires_at");

-- CreateIndex
CREATE INDEX "connections_status_id_idx" ON "connections"("status", "id");

-- CreateIndex
CREATE INDEX "connection_tokens_role_refreshed_at_idx" ON "connection_tokens"("role", "refreshed_at");

-- CreateIndex
CREATE UNIQUE INDEX "connection_tokens_connection_id_role_key" ON "connection_tokens"("connection_id", "role");

-- CreateIndex
CREATE INDEX "accounts_user_id_position_idx" ON "accounts"("user_id", "position");

-- CreateIndex
CREATE INDEX "accounts_connection_id_number_hash_idx" ON "accounts"("connection_id", "number_hash");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_connection_id_kind_truelayer_id_key" ON "accounts"("connection_id", "kind", "truelayer_id");

-- CreateIndex
CREATE INDEX "transactions_account_id_booked_on_position_id_idx" ON "transactions"("account_id", "booked_on" DESC, "position", "id");

-- CreateIndex
CREATE UNIQUE INDEX "transactions_account_id_identity_key_key" ON "transactions"("account_id", "identity_key");

-- CreateIndex
CREATE UNIQUE INDEX "pending_transactions_account_id_position_key" ON "pending_transactions"("account_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "holder_details_connection_id_position_key" ON "holder_details"("connection_id", "position");

-- CreateIndex
CREATE INDEX "sync_runs_connection_id_started_at_idx" ON "sync_runs"("connection_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "truelayer_calls_connection_id_started_at_idx" ON "truelayer_calls"("connection_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "truelayer_calls_account_id_started_at_idx" ON "truelayer_calls"("account_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "truelayer_calls_started_at_idx" ON "truelayer_calls"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "set_aside_rows_connection_id_endpoint_row_hash_key" ON "set_aside_rows"("connection_id", "endpoint", "row_hash");

-- CreateIndex
CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at" DESC, "id");

-- CreateIndex
CREATE INDEX "audit_entries_connection_id_at_idx" ON "audit_entries"("connection_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_entries_person_id_at_idx" ON "audit_entries"("person_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_entries_action_at_idx" ON "audit_entries"("action", "at" DESC);

-- AddForeignKey
ALTER TABLE "sign_in_accounts" ADD CONSTRAINT "sign_in_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_receipts" ADD CONSTRAINT "consent_receipts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_receipts" ADD CONSTRAINT "consent_receipts_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_receipts" ADD CONSTRAINT "consent_receipts_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_bank_id_fkey" FOREIGN KEY ("bank_id") REFERENCES "banks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_tokens" ADD CONSTRAINT "connection_tokens_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_permissions" ADD CONSTRAINT "connection_permissions_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_resources" ADD CONSTRAINT "account_resources_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "balance_readings" ADD CONSTRAINT "balance_readings_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pending_transactions" ADD CONSTRAINT "pending_transactions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direct_debits" ADD CONSTRAINT "direct_debits_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "standing_orders" ADD CONSTRAINT "standing_orders_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_details" ADD CONSTRAINT "holder_details_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema can't say.

-- Sealed columns hold envelopes of lib/crypto (version 1), never text: text that begins with byte 1 doesn't exist here.
CREATE DOMAIN "sealed" AS BYTEA CHECK (VALUE IS NULL OR (octet_length(VALUE) > 30 AND get_byte(VALUE, 0) = 1));
ALTER TABLE "sealed_settings" ALTER COLUMN "value_sealed" TYPE "sealed";
ALTER TABLE "connection_tokens" ALTER COLUMN "access_token_sealed" TYPE "sealed", ALTER COLUMN "refresh_token_sealed" TYPE "sealed";
ALTER TABLE "attempts" ALTER COLUMN "verifier_sealed" TYPE "sealed", ALTER COLUMN "code_sealed" TYPE "sealed";
ALTER TABLE "accounts" ALTER COLUMN "number_sealed" TYPE "sealed";
ALTER TABLE "holder_details" ALTER COLUMN "details_sealed" TYPE "sealed";
ALTER TABLE "set_aside_rows" ALTER COLUMN "row_sealed" TYPE "sealed";

ALTER TABLE "users" ADD CONSTRAINT "users_email_lower_check" CHECK ("email" = lower("email") AND "email" LIKE '%_@_%');
ALTER TABLE "rate_limits" ADD CONSTRAINT "rate_limits_count_check" CHECK ("count" > 0);
ALTER TABLE "banks" ADD CONSTRAINT "banks_country_check" CHECK ("country" ~ '^[a-z]{2}$');

ALTER TABLE "attempts"
  ADD CONSTRAINT "attempts_expiry_check" CHECK ("expires_at" > "created_at"),
  ADD CONSTRAINT "attempts_finished_check" CHECK (("status" IN ('linked', 'cancelled', 'failed', 'expired')) = ("finished_at" IS NOT NULL)),
  ADD CONSTRAINT "attempts_outcome_check" CHECK ("status" NOT IN ('cancelled', 'failed') OR "outcome_code" IS NOT NULL),
  ADD CONSTRAINT "attempts_code_check" CHECK ("code_sealed" IS NULL OR "status" IN ('started', 'redirected')),
  ADD CONSTRAINT "attempts_verifier_check" CHECK ("verifier_sealed" IS NULL OR "finished_at" IS NULL),
  ADD CONSTRAINT "attempts_state_hash_check" CHECK (octet_length("state_hash") = 32),
  ADD CONSTRAINT "attempts_renewal_check" CHECK ("purpose" = 'connect' OR "finished_at" IS NOT NULL OR "connection_id" IS NOT NULL);

ALTER TABLE "connections"
  ADD CONSTRAINT "connections_ended_check" CHECK (("status" IN ('revoked', 'failed')) = ("ended_at" IS NOT NULL)),
  ADD CONSTRAINT "connections_schedule_check" CHECK ("next_sync_at" IS NULL OR "status" IN ('pending', 'active', 'degraded', 'needs_reconfirmation', 'needs_reauthentication')),
  ADD CONSTRAINT "connections_refused_check" CHECK (("grant_refused_at" IS NULL) = ("grant_refused_code" IS NULL)),
  ADD CONSTRAINT "connections_lease_check" CHECK (("sync_lease_id" IS NULL) = ("sync_lease_until" IS NULL)),
  ADD CONSTRAINT "connections_failures_check" CHECK ("failures" >= 0);

ALTER TABLE "connection_tokens"
  ADD CONSTRAINT "connection_tokens_lease_check" CHECK (("lease_id" IS NULL) = ("lease_until" IS NULL)),
  ADD CONSTRAINT "connection_tokens_generation_check" CHECK ("generation" > 0);

-- Tokens of a connection that has ended can't exist.
CREATE FUNCTION "refuse_tokens_of_ended_connection"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "connections" WHERE "id" = NEW."connection_id" AND "ended_at" IS NOT NULL) THEN
    RAISE EXCEPTION 'connection % has ended and can hold no tokens', NEW."connection_id" USING ERRCODE = 'LW001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "connection_tokens_not_ended" BEFORE INSERT OR UPDATE ON "connection_tokens"
  FOR EACH ROW EXECUTE FUNCTION "refuse_tokens_of_ended_connection"();

ALTER TABLE "accounts" ADD CONSTRAINT "accounts_covered_check" CHECK (("covered_from" IS NULL) = ("covered_to" IS NULL) AND ("covered_from" IS NULL OR "covered_from" <= "covered_to"));
ALTER TABLE "transactions"
  ADD CONSTRAINT "transactions_effect_check" CHECK ("effect" = "amount" OR "effect" = -"amount"),
  ADD CONSTRAINT "transactions_currency_check" CHECK ("currency" ~ '^[A-Z0-9]{3,5}$');
ALTER TABLE "pending_transactions"
  ADD CONSTRAINT "pending_transactions_effect_check" CHECK ("effect" = "amount" OR "effect" = -"amount");

ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_finished_check" CHECK (("outcome" = 'running') = ("finished_at" IS NULL));
ALTER TABLE "truelayer_calls"
  ADD CONSTRAINT "truelayer_calls_counted_check" CHECK (NOT ("is_attended" AND "is_counted")),
  ADD CONSTRAINT "truelayer_calls_finished_check" CHECK (("finished_at" IS NULL) = ("duration_ms" IS NULL));

-- A fifth unattended call in any 24 hours can't be claimed, whoever asks and however many ask at once. List calls have no
-- account and count against each account of their connection.
CREATE FUNCTION "refuse_fifth_unattended_call"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  per_endpoint BOOLEAN;
  used INTEGER;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('unattended ' || NEW."connection_id"::text, 0));
  SELECT coalesce(bool_or(b."limits_per_endpoint"), false) INTO per_endpoint FROM "banks" b WHERE b."id" = NEW."bank_id";
  SELECT count(*) INTO used FROM "truelayer_calls" c
    WHERE c."connection_id" = NEW."connection_id" AND c."is_counted"
      AND c."started_at" > NEW."started_at" - interval '24 hours'
      AND (NOT per_endpoint OR c."endpoint" = NEW."endpoint")
      AND (c."account_id" IS NULL OR c."account_id" = NEW."account_id");
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
CREATE TRIGGER "truelayer_calls_four_a_day" BEFORE INSERT ON "truelayer_calls"
  FOR EACH ROW WHEN (NEW."is_counted") EXECUTE FUNCTION "refuse_fifth_unattended_call"();
CREATE INDEX "truelayer_calls_counted_idx" ON "truelayer_calls" ("connection_id", "started_at") WHERE "is_counted";

-- What was counted stays counted.
CREATE FUNCTION "refuse_uncounting_call"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a claimed call keeps its account, time and kind' USING ERRCODE = 'LW005';
END $$;
CREATE TRIGGER "truelayer_calls_stay_counted" BEFORE UPDATE OF "connection_id", "account_id", "is_counted", "is_attended", "started_at", "endpoint"
  ON "truelayer_calls" FOR EACH ROW WHEN (OLD."is_counted") EXECUTE FUNCTION "refuse_uncounting_call"();

-- The audit is append-only, for everybody who comes through SQL.
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'LW006';
END $$;
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE ON "audit_entries"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_entries_no_truncate" BEFORE TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
-- A receipt is what somebody agreed to, word for word; only its place (connection) may be filled in.
CREATE TRIGGER "consent_receipts_unchanged" BEFORE UPDATE OF "wording", "wording_version", "purpose_text", "permissions", "declined", "agreed_at", "kind"
  ON "consent_receipts" FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();

-- Work that is due, found without looking at what isn't.
CREATE INDEX "connections_due_idx" ON "connections" ("next_sync_at") WHERE "next_sync_at" IS NOT NULL;
DROP INDEX "connections_next_sync_at_idx";
