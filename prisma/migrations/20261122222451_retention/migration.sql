-- What has been kept long enough is found without looking at what hasn't.
CREATE INDEX "attempts_created_at_idx" ON "attempts" ("created_at");
CREATE INDEX "sync_runs_started_at_idx" ON "sync_runs" ("started_at");
CREATE INDEX "set_aside_rows_seen_at_idx" ON "set_aside_rows" ("seen_at");
CREATE INDEX "reminders_consent_ends_at_idx" ON "reminders" ("consent_ends_at");
CREATE INDEX "support_grants_expires_at_idx" ON "support_grants" ("expires_at");
CREATE INDEX "undo_steps_created_at_idx" ON "undo_steps" ("created_at");
