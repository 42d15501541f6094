-- AlterTable
ALTER TABLE "attempts" ADD COLUMN     "return_hash" BYTEA;

-- A code that waits belongs to the browser that brought it.
UPDATE "attempts" SET "code_sealed" = NULL WHERE "code_sealed" IS NOT NULL;
ALTER TABLE "attempts"
  ADD CONSTRAINT "attempts_return_check" CHECK ("code_sealed" IS NULL OR "return_hash" IS NOT NULL),
  ADD CONSTRAINT "attempts_return_hash_check" CHECK (octet_length("return_hash") = 32);
