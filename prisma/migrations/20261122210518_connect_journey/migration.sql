-- AlterTable
ALTER TABLE "banks" ADD COLUMN     "has_questions" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "popularity" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "recent_calls" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "recent_faults" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "attempts" ADD COLUMN     "raw_code" TEXT;

-- AlterTable
ALTER TABLE "connections" ADD COLUMN     "maybe_same_as_id" UUID,
ADD COLUMN     "replaced_by_id" UUID;

-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "twin_of_id" UUID;

-- CreateTable
CREATE TABLE "journey_steps" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "step" TEXT NOT NULL,
    "user_id" UUID,
    "attempt_id" UUID,
    "bank_id" TEXT,
    "purpose" "attempt_purpose" NOT NULL,
    "flow" "flow" NOT NULL,
    "device" TEXT NOT NULL,
    "outcome" TEXT,

    CONSTRAINT "journey_steps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "journey_steps_at_step_idx" ON "journey_steps"("at", "step");

-- CreateIndex
CREATE INDEX "journey_steps_bank_id_at_idx" ON "journey_steps"("bank_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "journey_steps_attempt_id_step_key" ON "journey_steps"("attempt_id", "step");

-- CreateIndex
CREATE INDEX "connections_replaced_by_id_idx" ON "connections"("replaced_by_id");

-- CreateIndex
CREATE INDEX "connections_maybe_same_as_id_idx" ON "connections"("maybe_same_as_id");

-- CreateIndex
CREATE INDEX "accounts_twin_of_id_idx" ON "accounts"("twin_of_id");

-- AddForeignKey
ALTER TABLE "journey_steps" ADD CONSTRAINT "journey_steps_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_steps" ADD CONSTRAINT "journey_steps_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_replaced_by_id_fkey" FOREIGN KEY ("replaced_by_id") REFERENCES "connections"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_maybe_same_as_id_fkey" FOREIGN KEY ("maybe_same_as_id") REFERENCES "connections"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_twin_of_id_fkey" FOREIGN KEY ("twin_of_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "banks"
  ADD CONSTRAINT "banks_recent_check" CHECK ("recent_faults" BETWEEN 0 AND "recent_calls"),
  ADD CONSTRAINT "banks_popularity_check" CHECK ("popularity" >= 0);
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_raw_code_check" CHECK (length("raw_code") <= 100);
ALTER TABLE "connections"
  ADD CONSTRAINT "connections_replaced_check" CHECK ("replaced_by_id" <> "id"),
  ADD CONSTRAINT "connections_same_login_check" CHECK ("maybe_same_as_id" <> "id");
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_twin_check" CHECK ("twin_of_id" <> "id");

ALTER TABLE "journey_steps"
  ADD CONSTRAINT "journey_steps_step_check" CHECK ("step" IN ('banks_viewed', 'permissions_viewed', 'redirected', 'returned', 'tokens', 'first_data', 'ended')),
  ADD CONSTRAINT "journey_steps_device_check" CHECK ("device" IN ('phone', 'tablet', 'desktop', 'other')),
  ADD CONSTRAINT "journey_steps_outcome_check" CHECK (("step" = 'ended') = ("outcome" IS NOT NULL));

-- A page that is looked at twice within the same half hour is one view.
CREATE UNIQUE INDEX "journey_steps_views_key" ON "journey_steps"
  ("user_id", "step", (coalesce("bank_id", '')), (date_bin('30 minutes', "at", '2000-01-01T00:00:00Z'::timestamptz)))
  WHERE "step" IN ('banks_viewed', 'permissions_viewed');

-- Whoever moves an attempt on, the step is counted, and once. A late return corrects how it ended.
CREATE FUNCTION "note_journey_steps"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "journey_steps" ("id", "at", "step", "user_id", "attempt_id", "bank_id", "purpose", "flow", "device", "outcome")
  SELECT gen_random_uuid(), s.at, s.step, NEW."user_id", NEW."id", NEW."bank_id", NEW."purpose", NEW."flow", NEW."device", s.outcome
  FROM (VALUES
    (NEW."redirected_at", 'redirected', NULL),
    (NEW."returned_at", 'returned', NULL),
    (NEW."tokens_at", 'tokens', NULL),
    (NEW."first_data_at", 'first_data', NULL),
    (NEW."finished_at", 'ended', coalesce(NEW."outcome_code", NEW."status"::text))
  ) AS s (at, step, outcome)
  WHERE s.at IS NOT NULL
  ON CONFLICT ("attempt_id", "step") DO UPDATE SET "outcome" = excluded."outcome"
    WHERE "journey_steps"."outcome" IS DISTINCT FROM excluded."outcome";
  RETURN NULL;
END $$;
CREATE TRIGGER "attempts_journey_insert" AFTER INSERT ON "attempts"
  FOR EACH ROW EXECUTE FUNCTION "note_journey_steps"();
CREATE TRIGGER "attempts_journey_update" AFTER UPDATE OF "status", "outcome_code", "redirected_at", "returned_at", "tokens_at", "first_data_at", "finished_at" ON "attempts"
  FOR EACH ROW EXECUTE FUNCTION "note_journey_steps"();
