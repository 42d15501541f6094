-- How many values each key of the ring has sealed, counted ahead in blocks: at least as many as it really has.
CREATE TABLE "seal_counts" (
    "kid" TEXT NOT NULL,
    "seals" BIGINT NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seal_counts_pkey" PRIMARY KEY ("kid"),
    CONSTRAINT "seal_counts_are_bounded" CHECK ("seals" BETWEEN 0 AND 4294967296)
);
