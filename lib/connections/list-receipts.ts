import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { isUuid } from './internal.ts';
import type { ReceiptKind } from './keep-receipt.ts';

export type ReceiptLine = { id: string; kind: ReceiptKind; agreedAt: Date; wordingVersion: string };

/** What was shown and agreed to about one connection, newest first. */
export async function listReceipts(ctx: Context, connectionId: string): Promise<ReceiptLine[]> {
  const person = requirePerson(ctx.actor);
  if (!isUuid(connectionId)) return [];
  const rows = await ctx.db.consentReceipt.findMany({
    where: { connectionId, userId: person.userId },
    select: { id: true, kind: true, agreedAt: true, wordingVersion: true },
    orderBy: [{ agreedAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(({ kind, ...row }) => ({ ...row, kind: toReceiptKind(kind) }));
}

/** Only `keepReceipt` writes the column, and it takes nothing else. */
export function toReceiptKind(kind: string): ReceiptKind {
  return kind as ReceiptKind;
}
