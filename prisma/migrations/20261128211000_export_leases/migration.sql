-- One export of a kind runs for a user at a time. A lease that isn't renewed ends by itself: whoever wrote it is gone.
CREATE TABLE "export_leases" (
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "lease_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "export_leases_pkey" PRIMARY KEY ("user_id","kind"),
    CONSTRAINT "export_leases_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
