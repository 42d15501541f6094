-- One key per person, sealed under the key ring. Whatever the person's key seals can't be opened once the key is destroyed.
-- The row without a user seals reasons that are about nobody, such as those of changed settings.
CREATE TABLE "person_keys" (
    "id" UUID NOT NULL,
    "user_id" UUID,
    "key_sealed" "sealed" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "person_keys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "person_keys_user_id_key" UNIQUE NULLS NOT DISTINCT ("user_id"),
    CONSTRAINT "person_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- What an admin typed as the reason of an audit entry. "key_id" has no foreign key: the row outlives the key. Both columns are
-- null where the person had been erased before the reason could be sealed.
CREATE TABLE "audit_reasons" (
    "entry_id" UUID NOT NULL,
    "key_id" UUID,
    "ciphertext" BYTEA,

    CONSTRAINT "audit_reasons_pkey" PRIMARY KEY ("entry_id"),
    CONSTRAINT "audit_reasons_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "audit_entries"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "audit_reasons_are_sealed" CHECK (
      ("key_id" IS NULL) = ("ciphertext" IS NULL)
      AND ("ciphertext" IS NULL OR (octet_length("ciphertext") > 30 AND get_byte("ciphertext", 0) = 1)))
);
CREATE TRIGGER "audit_reasons_append_only" BEFORE UPDATE OR DELETE ON "audit_reasons"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_reasons_no_truncate" BEFORE TRUNCATE ON "audit_reasons"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();

-- Reasons that reached the database as text: those from before this migration, and those that a process of the release before
-- still writes. A job seals them into "audit_reasons" and deletes them here. "entry_id" has no foreign key: the trigger below
-- writes this row before its entry.
CREATE TABLE "reasons_to_seal" (
    "entry_id" UUID NOT NULL,
    "person_id" UUID,
    "text" TEXT NOT NULL,

    CONSTRAINT "reasons_to_seal_pkey" PRIMARY KEY ("entry_id")
);
CREATE INDEX "reasons_to_seal_person_id_idx" ON "reasons_to_seal"("person_id");

-- A reason of ours is a code. Anything else is text that somebody typed.
CREATE FUNCTION "is_typed_reason"(action TEXT, reason TEXT) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT reason IS NOT NULL AND (reason !~ '^[A-Za-z0-9_.:-]{1,64}$' OR action IN (
    'support_grant.opened', 'settings.changed', 'settings.client_changed', 'job.retried', 'connection.consent_read_asked',
    'connection.refresh_asked', 'connection.marked_for_login', 'connection.reminder_asked', 'connection.revoke_asked'))
$$;

CREATE FUNCTION "move_typed_reason"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "reasons_to_seal" ("entry_id", "person_id", "text") VALUES (NEW."id", NEW."person_id", NEW."reason");
  NEW."reason" := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER "audit_entries_hold_no_typed_reason" BEFORE INSERT ON "audit_entries"
  FOR EACH ROW WHEN ("is_typed_reason"(NEW."action", NEW."reason")) EXECUTE FUNCTION "move_typed_reason"();

-- The only change of existing entries there ever is, by the owner and inside this migration: the text moves out of them. What
-- was typed about somebody who has been erased since is not kept.
INSERT INTO "reasons_to_seal" ("entry_id", "person_id", "text")
  SELECT e."id", e."person_id", e."reason" FROM "audit_entries" e
  WHERE "is_typed_reason"(e."action", e."reason")
    AND (e."person_id" IS NULL
      OR EXISTS (SELECT 1 FROM "users" u WHERE u."id" = e."person_id" AND u."leaving_at" IS NULL));
INSERT INTO "audit_reasons" ("entry_id")
  SELECT e."id" FROM "audit_entries" e
  WHERE "is_typed_reason"(e."action", e."reason")
    AND NOT EXISTS (SELECT 1 FROM "reasons_to_seal" r WHERE r."entry_id" = e."id");
ALTER TABLE "audit_entries" DISABLE TRIGGER "audit_entries_append_only";
UPDATE "audit_entries" SET "reason" = NULL WHERE "is_typed_reason"("action", "reason");
ALTER TABLE "audit_entries" ENABLE TRIGGER "audit_entries_append_only";
