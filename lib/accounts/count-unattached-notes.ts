import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { nameOf } from './account-name.ts';
import { accountsOf } from './own-account.ts';
import { UNATTACHED } from './own-note.ts';

export type UnattachedCount = { accountId: string; name: string; notes: number };

const NAME = { id: true, ownName: true, displayName: true } as const;

/** How many notes have no transaction, for each of the user's accounts that has some: under the account that shows them. */
export async function countUnattachedNotes(ctx: Context): Promise<UnattachedCount[]> {
  requirePerson(ctx.actor);
  const rows = await ctx.db.bankAccount.findMany({
    where: { ...accountsOf(ctx.actor), edits: { some: UNATTACHED } },
    select: { ...NAME, joinedInto: { select: NAME }, _count: { select: { edits: { where: UNATTACHED } } } },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  const counts = new Map<string, UnattachedCount>();
  for (const { joinedInto, _count, ...row } of rows) {
    const shown = joinedInto ?? row;
    const before = counts.get(shown.id)?.notes ?? 0;
    counts.set(shown.id, { accountId: shown.id, name: nameOf(shown), notes: before + _count.edits });
  }
  return [...counts.values()];
}
