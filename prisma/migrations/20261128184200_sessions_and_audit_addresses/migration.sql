-- AlterTable
ALTER TABLE "audit_entries" ADD COLUMN     "caller_address" TEXT;

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "device" TEXT,
ADD COLUMN     "last_used_at" TIMESTAMPTZ(3),
ADD COLUMN     "network" TEXT;
