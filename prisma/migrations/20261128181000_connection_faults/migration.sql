-- AlterTable
ALTER TABLE "attempts" ADD COLUMN     "code_sent_at" TIMESTAMPTZ(3),
ADD COLUMN     "refused_permissions" TEXT[] NOT NULL DEFAULT '{}',
ADD COLUMN     "unknown_consent_at" TIMESTAMPTZ(3),
ADD COLUMN     "unknown_consent_dismissed_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "connections" ADD COLUMN     "revoke_lease_id" UUID,
ADD COLUMN     "revoke_lease_until" TIMESTAMPTZ(3),
ADD COLUMN     "stop_told" TEXT,
ADD COLUMN     "consent_asked_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "connection_tokens" ADD COLUMN     "bank_id" TEXT;

-- CreateTable
CREATE TABLE "direct_link_refusals" (
    "environment" TEXT NOT NULL,
    "bank_id" TEXT NOT NULL,
    "refused" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "http_status" INTEGER,
    "refused_at" TIMESTAMPTZ(3) NOT NULL,
    "try_again_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "direct_link_refusals_pkey" PRIMARY KEY ("environment", "bank_id")
);

-- AddForeignKey
ALTER TABLE "direct_link_refusals" ADD CONSTRAINT "direct_link_refusals_bank_id_fkey" FOREIGN KEY ("bank_id") REFERENCES "banks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_tokens" ADD CONSTRAINT "connection_tokens_bank_id_fkey" FOREIGN KEY ("bank_id") REFERENCES "banks"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What a Prisma schema can't say.

ALTER TABLE "attempts"
  ADD CONSTRAINT "attempts_unknown_consent_check" CHECK ("unknown_consent_at" IS NULL OR "status" = 'failed'),
  ADD CONSTRAINT "attempts_unknown_consent_dismissed_check" CHECK ("unknown_consent_dismissed_at" IS NULL OR "unknown_consent_at" IS NOT NULL);
ALTER TABLE "connections"
  ADD CONSTRAINT "connections_revoke_lease_check" CHECK (("revoke_lease_id" IS NULL) = ("revoke_lease_until" IS NULL)),
  ADD CONSTRAINT "connections_stop_told_check" CHECK ("stop_told" IN ('truelayer', 'already_gone', 'unconfirmed'));
ALTER TABLE "direct_link_refusals"
  ADD CONSTRAINT "direct_link_refusals_refused_check" CHECK ("refused" IN ('link', 'cards'));

CREATE INDEX "attempts_unknown_consent_idx" ON "attempts" ("unknown_consent_at") WHERE "unknown_consent_at" IS NOT NULL;
-- Accepted renewals whose new end is not known yet: the review asks for it.
CREATE INDEX "connections_end_pending_idx" ON "connections" ("consent_expires_at") WHERE "end_pending_since" IS NOT NULL AND "ended_at" IS NULL;
