import 'server-only';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';

/**
 * `consent`: given in our own screen. `information`: shown before TrueLayer's own screen took it. `reconfirmation`: said
 * again that it should go on. `change`: more or less is shared. `stop`: taken back.
 */
export type ReceiptKind = 'consent' | 'information' | 'reconfirmation' | 'change' | 'stop';

export type ReceiptToKeep = {
  userId: string;
  attemptId: string | null;
  connectionId: string | null;
  /** Not known yet where TrueLayer asks for the bank. */
  bankId: string | null;
  bankName: string | null;
  kind: ReceiptKind;
  /** The page as it stood, sentence by sentence. */
  wording: Prisma.InputJsonObject & { version: string };
  purposeText: string;
  permissions: readonly string[];
  declined?: readonly string[];
};

/** Keeps exactly what a person was shown and said yes to, in the transaction in which they did. */
export async function keepReceipt(ctx: Context, receipt: ReceiptToKeep): Promise<string> {
  const { wording, permissions, declined = [], ...rest } = receipt;
  const { id } = await ctx.db.consentReceipt.create({
    data: {
      ...rest,
      wordingVersion: wording.version,
      wording,
      permissions: [...permissions],
      declined: [...declined],
      agreedAt: ctx.clock.now(),
    },
    select: { id: true },
  });
  return id;
}
