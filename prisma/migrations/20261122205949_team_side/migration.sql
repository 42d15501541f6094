-- DropIndex
DROP INDEX "connections_bank_id_idx";

-- CreateTable
CREATE TABLE "connection_counts" (
    "status" "connection_status" NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "connection_counts_pkey" PRIMARY KEY ("status")
);

-- CreateTable
CREATE TABLE "connection_count_changes" (
    "id" BIGSERIAL NOT NULL,
    "status" "connection_status" NOT NULL,
    "change" INTEGER NOT NULL,

    CONSTRAINT "connection_count_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call_figures" (
    "hour_at" TIMESTAMPTZ(3) NOT NULL,
    "bank_id" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "is_attended" BOOLEAN NOT NULL,
    "calls" INTEGER NOT NULL,
    "duration_ms" BIGINT NOT NULL,

    CONSTRAINT "call_figures_pkey" PRIMARY KEY ("hour_at","bank_id","endpoint","code","is_attended")
);

-- CreateTable
CREATE TABLE "support_grants" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "admin_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "support_grants_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "support_grants_user_id_expires_at_idx" ON "support_grants"("user_id", "expires_at");

-- CreateIndex
CREATE INDEX "support_grants_connection_id_expires_at_idx" ON "support_grants"("connection_id", "expires_at");

-- CreateIndex
CREATE INDEX "connections_bank_id_status_id_idx" ON "connections"("bank_id", "status", "id");

-- CreateIndex
CREATE INDEX "truelayer_calls_correlation_id_idx" ON "truelayer_calls"("correlation_id");

-- CreateIndex
CREATE INDEX "truelayer_calls_truelayer_correlation_id_idx" ON "truelayer_calls"("truelayer_correlation_id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_at_idx" ON "audit_entries"("actor_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_entries_subject_id_at_idx" ON "audit_entries"("subject_id", "at" DESC);

-- AddForeignKey
ALTER TABLE "support_grants" ADD CONSTRAINT "support_grants_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "support_grants" ADD CONSTRAINT "support_grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The team's list of connections: each order that it offers is one walk along an index per state.
CREATE INDEX "connections_by_end" ON "connections" ("status", (coalesce("consent_expires_at", 'infinity'::timestamptz)), "id");
CREATE INDEX "connections_by_update" ON "connections" ("status", (coalesce("last_synced_at", "connected_at")), "id");
CREATE INDEX "connections_by_error" ON "connections" ("last_error_code", "status", "id") WHERE "last_error_code" IS NOT NULL;
-- The beginning of an address, whatever the database's collation is.
CREATE INDEX "users_email_prefix" ON "users" ("email" text_pattern_ops);

-- Counts per state. Each change is a row of its own, so that no two writers wait for each other; a job folds them in.
CREATE FUNCTION "count_connections_added"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO connection_count_changes (status, change) SELECT status, count(*) FROM changed GROUP BY status;
  RETURN NULL;
END $$;
CREATE FUNCTION "count_connections_removed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO connection_count_changes (status, change) SELECT status, -count(*) FROM changed GROUP BY status;
  RETURN NULL;
END $$;
CREATE FUNCTION "count_connection_moved"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO connection_count_changes (status, change) VALUES (OLD.status, -1), (NEW.status, 1);
  RETURN NULL;
END $$;
CREATE TRIGGER "connections_counted_in" AFTER INSERT ON "connections"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_connections_added"();
CREATE TRIGGER "connections_counted_out" AFTER DELETE ON "connections"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_connections_removed"();
CREATE TRIGGER "connections_counted_over" AFTER UPDATE OF "status" ON "connections"
  FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status") EXECUTE FUNCTION "count_connection_moved"();
INSERT INTO "connection_counts" ("status", "count") SELECT "status", count(*) FROM "connections" GROUP BY "status";

ALTER TABLE "call_figures" ADD CONSTRAINT "call_figures_calls_check" CHECK ("calls" > 0);
ALTER TABLE "support_grants"
  ADD CONSTRAINT "support_grants_reason_check" CHECK (length(btrim("reason")) >= 10),
  ADD CONSTRAINT "support_grants_span_check" CHECK ("expires_at" > "created_at" AND "expires_at" <= "created_at" + interval '24 hours'),
  ADD CONSTRAINT "support_grants_ended_check" CHECK ("ended_at" IS NULL OR "ended_at" >= "created_at");
