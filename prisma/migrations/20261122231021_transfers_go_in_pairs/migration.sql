DELETE FROM "transfers" x WHERE NOT EXISTS (SELECT FROM "transactions" t WHERE t."id" = x."other_transaction_id");

-- AddForeignKey
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_other_transaction_id_fkey" FOREIGN KEY ("other_transaction_id") REFERENCES "transactions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
