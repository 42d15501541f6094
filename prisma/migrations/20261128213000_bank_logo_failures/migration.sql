-- Logos that couldn't be fetched, and when they are tried again, so that they aren't fetched for every visitor.
CREATE TABLE "bank_logo_failures" (
    "bank_id" TEXT NOT NULL,
    "source_url" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "try_after" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bank_logo_failures_pkey" PRIMARY KEY ("bank_id"),
    CONSTRAINT "bank_logo_failures_bank_id_fkey" FOREIGN KEY ("bank_id") REFERENCES "banks"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
