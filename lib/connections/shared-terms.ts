import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { loadConnection } from './internal.ts';
import { HISTORY_TEXT, sharingText } from './wording/consent-wording.ts';

export type SharedTerms = {
  /** Who else sees it, as it was said when the permission was given. */
  sharing: string;
  /** How far back transactions are read; null when they aren't. */
  history: string | null;
};

/**
 * On which terms one connection is shared: from the words that were kept with its permission. What TrueLayer's own screen
 * said instead of ours isn't kept here; then the words are those that we use now.
 * @throws {NotFoundError}
 */
export async function getSharedTerms(ctx: Context, connectionId: string): Promise<SharedTerms> {
  requirePerson(ctx.actor);
  const { permissions, receipts } = await loadConnection(ctx, connectionId, {
    permissions: { where: { permission: 'transactions' }, select: { permission: true } },
    receipts: {
      where: { kind: { in: ['consent', 'information', 'change'] } },
      select: { wording: true },
      orderBy: { agreedAt: 'desc' },
      take: 1,
    },
  });
  const { sharing, history } = Kept.parse(receipts[0]?.wording ?? {});
  return {
    sharing: sharing || sharingText(env().company.name),
    history: permissions.length === 0 ? null : history || HISTORY_TEXT,
  };
}

const text = z.string().catch('');
const Kept = z.object({ sharing: text, history: text });
