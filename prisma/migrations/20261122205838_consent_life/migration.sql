-- DropIndex
DROP INDEX "connection_tokens_connection_id_role_key";

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "leaving_reference" TEXT;

-- AlterTable
ALTER TABLE "attempts" ADD COLUMN     "erases_dropped" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "way" TEXT;

-- AlterTable
ALTER TABLE "connections" ADD COLUMN     "end_pending_since" TIMESTAMPTZ(3),
ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "erases_on_stop" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "next_reminder_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "connection_tokens" ADD COLUMN     "attempt_id" UUID,
ADD COLUMN     "authenticated_at" TIMESTAMPTZ(3),
ADD COLUMN     "consent_created_at" TIMESTAMPTZ(3),
ADD COLUMN     "consent_expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "consent_status" TEXT,
ADD COLUMN     "permissions" TEXT[],
ADD COLUMN     "questioned_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "reminders" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "days_before" INTEGER NOT NULL,
    "consent_ends_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "code" TEXT,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "try_after" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "reminders_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "reminders_connection_id_consent_ends_at_kind_days_before_key" ON "reminders"("connection_id", "consent_ends_at", "kind", "days_before");

-- CreateIndex
CREATE INDEX "connection_tokens_connection_id_role_idx" ON "connection_tokens"("connection_id", "role");

-- AddForeignKey
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema can't say.

CREATE UNIQUE INDEX "connection_tokens_one_in_use" ON "connection_tokens" ("connection_id", "role") WHERE "role" <> 'outgoing';
ALTER TABLE "connection_tokens" ADD CONSTRAINT "connection_tokens_question_check" CHECK ("questioned_at" IS NULL OR "role" = 'incoming');

ALTER TABLE "attempts"
  ADD CONSTRAINT "attempts_way_check" CHECK ("way" IN ('extend', 'reauth_link', 'fresh_link')),
  ADD CONSTRAINT "attempts_way_purpose_check" CHECK ("way" IS NULL OR "purpose" <> 'connect'),
  ADD CONSTRAINT "attempts_drop_check" CHECK (NOT "erases_dropped" OR "purpose" = 'change');

ALTER TABLE "connections"
  ADD CONSTRAINT "connections_erased_check" CHECK ("erased_at" IS NULL OR "ended_at" IS NOT NULL);

ALTER TABLE "reminders"
  ADD CONSTRAINT "reminders_kind_check" CHECK ("kind" IN ('ends', 'all_clear')),
  ADD CONSTRAINT "reminders_days_check" CHECK ("days_before" >= 0 AND ("kind" = 'ends' OR "days_before" = 0)),
  ADD CONSTRAINT "reminders_state_check" CHECK ("state" IN ('planned', 'sending', 'sent', 'failed', 'unknown', 'dropped')),
  ADD CONSTRAINT "reminders_sent_check" CHECK (("state" = 'sent') = ("sent_at" IS NOT NULL)),
  ADD CONSTRAINT "reminders_claimed_check" CHECK ("state" NOT IN ('sending', 'sent', 'unknown') OR "claimed_at" IS NOT NULL);
-- Claimed is claimed: a mail that may have gone out is never planned again.
CREATE FUNCTION "refuse_second_reminder"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'reminder % has gone out, or may have', OLD."id" USING ERRCODE = 'LW007';
END $$;
CREATE TRIGGER "reminders_once" BEFORE UPDATE OF "state" ON "reminders"
  FOR EACH ROW WHEN (OLD."state" IN ('sent', 'unknown') AND NEW."state" <> OLD."state") EXECUTE FUNCTION "refuse_second_reminder"();
CREATE INDEX "reminders_open_idx" ON "reminders" ("try_after") WHERE "state" IN ('planned', 'sending');

-- Work that is due, found without looking at what isn't.
CREATE INDEX "connections_reminder_idx" ON "connections" ("next_reminder_at") WHERE "next_reminder_at" IS NOT NULL;
CREATE INDEX "connections_ending_idx" ON "connections" ("consent_expires_at") WHERE "status" IN ('active', 'degraded');
CREATE INDEX "connections_running_idx" ON "connections" ("consent_expires_at") WHERE "status" IN ('pending', 'active', 'degraded', 'needs_reconfirmation', 'needs_reauthentication');
CREATE INDEX "connections_revoking_idx" ON "connections" ("revoking_since") WHERE "status" = 'revoking';
CREATE INDEX "connection_tokens_questioned_idx" ON "connection_tokens" ("questioned_at") WHERE "questioned_at" IS NOT NULL;
CREATE INDEX "users_leaving_idx" ON "users" ("leaving_at") WHERE "leaving_at" IS NOT NULL;
