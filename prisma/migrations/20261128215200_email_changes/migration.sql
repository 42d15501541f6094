-- The verified address that the provider stated last. Until now every user's address was the one that it stated first.
ALTER TABLE "sign_in_accounts" ADD COLUMN "email" TEXT;
UPDATE "sign_in_accounts" a SET "email" = u."email" FROM "users" u WHERE u."id" = a."user_id";

-- Earlier releases took an address from a provider only when the provider had verified it, without recording that.
UPDATE "users" u SET "email_verified_at" = u."created_at"
  WHERE u."email_verified_at" IS NULL AND u."leaving_at" IS NULL
    AND EXISTS (SELECT FROM "sign_in_accounts" a WHERE a."user_id" = u."id");

-- Changes of a user's address: asked for until "changed_at", then open to objection until "expires_at".
CREATE TABLE "email_changes" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "session_id" UUID,
    "old_email" TEXT NOT NULL,
    "new_email" TEXT NOT NULL,
    "token_hash" TEXT,
    "code_attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "email_changes_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "email_changes_token_hash_key" ON "email_changes"("token_hash");
CREATE INDEX "email_changes_user_id_idx" ON "email_changes"("user_id");
CREATE INDEX "email_changes_session_id_idx" ON "email_changes"("session_id");
CREATE INDEX "email_changes_expires_at_idx" ON "email_changes"("expires_at");

ALTER TABLE "email_changes" ADD CONSTRAINT "email_changes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "email_changes" ADD CONSTRAINT "email_changes_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What a Prisma schema can't say.

ALTER TABLE "email_changes"
  ADD CONSTRAINT "email_changes_lower_case_check" CHECK ("old_email" = lower("old_email") AND "new_email" = lower("new_email")),
  ADD CONSTRAINT "email_changes_differ_check" CHECK ("old_email" <> "new_email"),
  ADD CONSTRAINT "email_changes_code_attempts_check" CHECK ("code_attempts" BETWEEN 0 AND 5),
  ADD CONSTRAINT "email_changes_token_check" CHECK (("token_hash" IS NULL) = ("changed_at" IS NOT NULL));

-- One open change at a time.
CREATE UNIQUE INDEX "email_changes_open_key" ON "email_changes"("user_id") WHERE "changed_at" IS NULL;
