import 'server-only';
import type { Context } from '#lib/context/context';
import { addDays } from '#lib/time/day';
import { SNAPSHOT, toWaitingEdit } from './edit-snapshot.ts';
import { loadCandidates, loadUnwrittenPending } from './load-candidates.ts';
import { CANDIDATE_DAYS, type MatchFacts, matchEdits, type WaitingEdit } from './match-edit.ts';
import { moveWords } from './move-words.ts';
import { inGroup } from './own-note.ts';

/**
 * Carries what the user wrote to the row that now stands for its transaction: from a pending row that is gone to the one that
 * came back, or to the booked row that it has surely become; and between rows that the user joined. In the transaction that
 * stores booked or pending rows; what fits nowhere waits, and the user is offered what comes nearest.
 */
export async function placeEdits(ctx: Context, accountId: string): Promise<void> {
  const rows = await ctx.db.transactionEdit.findMany({
    where: {
      ...inGroup(accountId),
      OR: [{ transactionId: null, pendingId: null, isDetached: false }, ON_JOINED_ROW],
    },
    select: { ...SNAPSHOT, transactionId: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  if (rows.length === 0) return;
  if (rows.some(({ transactionId }) => transactionId !== null)) await followJoins(ctx, accountId);
  const waiting = rows.filter(({ transactionId }) => transactionId === null).flatMap((row) => toWaitingEdit(row) ?? []);
  if (waiting.length > 0) await placeWaiting(ctx, accountId, waiting);
}

const ON_JOINED_ROW = {
  transaction: {
    OR: [
      { vanishedAt: { not: null }, hides: { some: {} } },
      { vanishedAt: null, hiddenBy: { some: {} } },
    ],
  },
};

async function placeWaiting(ctx: Context, accountId: string, edits: readonly WaitingEdit[]): Promise<void> {
  const pending = await loadUnwrittenPending(ctx, accountId);
  const back = matchReturned(edits, pending);
  const returned = new Set(back.values());
  const open = edits.filter(({ id }) => !back.has(id));
  const days = open.map(({ day }) => day).sort();
  const [first, last] = [days.at(0), days.at(-1)];
  const candidates =
    first === undefined || last === undefined
      ? []
      : await loadCandidates(ctx, accountId, {
          from: addDays(first, -CANDIDATE_DAYS.before),
          to: addDays(last, CANDIDATE_DAYS.after),
        });
  const matches = matchEdits(
    open,
    candidates,
    pending.filter(({ id }) => !returned.has(id)),
  );
  const accounts = new Map(candidates.map((row) => [row.id, row.accountId]));
  for (const [editId, pendingId] of back) {
    await ctx.db.transactionEdit.update({
      where: { id: editId },
      data: { accountId, pendingId, rival: null },
      select: { id: true },
    });
  }
  for (const { editId, transactionId } of matches) {
    await ctx.db.transactionEdit.update({
      where: { id: editId },
      data: { accountId: accounts.get(transactionId) ?? accountId, transactionId },
      select: { id: true },
    });
    ctx.log.info({ event: 'edit.placed', accountId, transactionId }, 'an edit follows its transaction');
  }
}

/** A bank's list may lack a pending row once: when it says the same again, it is the same. */
function matchReturned(edits: readonly WaitingEdit[], pending: readonly MatchFacts[]): Map<string, string> {
  const free = Map.groupBy(pending, contentOf);
  return new Map(
    edits.flatMap((edit): [string, string][] => {
      const row = free.get(contentOf(edit))?.shift();
      return row === undefined ? [] : [[edit.id, row.id]];
    }),
  );
}

function contentOf({ day, effect, currency, description }: MatchFacts): string {
  return `${day}\n${effect.toFixed()}\n${currency}\n${description.trim()}`;
}

/**
 * Of rows that the user joined, the one that is shown has their words: what was written on the other since then moves when the
 * bank removes one of them, or brings it back.
 */
async function followJoins(ctx: Context, accountId: string): Promise<void> {
  const pairs = await ctx.db.$queryRaw<{ from: string; to: string }[]>`
    select distinct on (e.id) e.transaction_id::text as "from",
      (case when e.transaction_id = j.hidden_id then j.shown_id else j.hidden_id end)::text as "to"
    from transaction_edits e
    join transaction_joins j on e.transaction_id in (j.hidden_id, j.shown_id)
    join transactions hidden on hidden.id = j.hidden_id join transactions shown on shown.id = j.shown_id
    where e.account_id in (select a.id from accounts a where a.id = ${accountId}::uuid or a.joined_into_id = ${accountId}::uuid)
      and (e.transaction_id = j.hidden_id and shown.vanished_at is null and e.changed_at > j.joined_at
        or e.transaction_id = j.shown_id and shown.vanished_at is not null and hidden.vanished_at is null)
    order by e.id, j.joined_at desc`;
  for (const pair of pairs) await moveWords(ctx, [pair]);
}
