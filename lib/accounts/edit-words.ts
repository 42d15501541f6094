import type { Prisma } from '#lib/db/generated/client';

/** The columns of an edit that hold what the user said. */
export const WORDS = {
  note: true,
  category: true,
  merchantName: true,
  isTransfer: true,
} satisfies Prisma.TransactionEditSelect;
