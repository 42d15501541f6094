-- The browser that asked for a sign-in link, and how many codes were typed in it while the link was open.
ALTER TABLE "sign_in_links" ADD COLUMN "browser_hash" BYTEA, ADD COLUMN "code_attempts" INTEGER NOT NULL DEFAULT 0;

CREATE UNIQUE INDEX "sign_in_links_token_hash_key" ON "sign_in_links"("token_hash");
CREATE INDEX "sign_in_links_browser_hash_idx" ON "sign_in_links"("browser_hash");

-- What a Prisma schema can't say.

ALTER TABLE "sign_in_links"
  ADD CONSTRAINT "sign_in_links_browser_hash_check" CHECK (octet_length("browser_hash") = 32),
  ADD CONSTRAINT "sign_in_links_code_attempts_check" CHECK ("code_attempts" BETWEEN 0 AND 5);
