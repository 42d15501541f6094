-- CreateTable
CREATE TABLE "enrichments" (
    "transaction_id" UUID NOT NULL,
    "merchant_key" TEXT NOT NULL,
    "merchant_name" TEXT NOT NULL,
    "merchant_reason" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "category_reason" TEXT NOT NULL,
    "is_transfer_like" BOOLEAN NOT NULL,
    "content_hash" TEXT NOT NULL,
    "rules" INTEGER NOT NULL,

    CONSTRAINT "enrichments_pkey" PRIMARY KEY ("transaction_id")
);

-- CreateTable
CREATE TABLE "undo_steps" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "before" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "undo_steps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "undo_steps_user_id_idx" ON "undo_steps"("user_id");

-- CreateIndex
CREATE INDEX "undo_steps_account_id_idx" ON "undo_steps"("account_id");

-- AddForeignKey
ALTER TABLE "enrichments" ADD CONSTRAINT "enrichments_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "transactions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "undo_steps" ADD CONSTRAINT "undo_steps_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "undo_steps" ADD CONSTRAINT "undo_steps_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema can't say.

ALTER TABLE "enrichments"
  ADD CONSTRAINT "enrichments_words_check" CHECK ("merchant_key" <> '' AND "merchant_name" <> '' AND "category" <> '');
