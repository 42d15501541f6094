-- Which row of an answer is which stored transaction is decided by comparing them, under a lock on the account
-- (lib/sync/matching). A key that was made of the bank's ids let an id that is blank or used again overwrite another
-- transaction. Rows keep their id; the bank's ids stay beside it, as evidence.
DROP INDEX "transactions_account_id_identity_key_key";
ALTER TABLE "transactions" DROP COLUMN "identity_key";
