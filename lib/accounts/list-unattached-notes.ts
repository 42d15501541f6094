import 'server-only';
import { isUuid } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import { dayIn } from '#lib/time/calendar';
import { addDays, type Day, dayOf } from '#lib/time/day';
import type { Words } from './combine-words.ts';
import { SNAPSHOT, toWaitingEdit } from './edit-snapshot.ts';
import { WORDS } from './edit-words.ts';
import { loadCandidates } from './load-candidates.ts';
import { loadRules } from './load-rules.ts';
import { CANDIDATE_DAYS, rankCandidates, type WaitingEdit } from './match-edit.ts';
import { accountsOf, requireAccount } from './own-account.ts';
import { inGroup, UNATTACHED } from './own-note.ts';
import { BOOKED, type TransactionLine, toBookedLine, toWorked } from './transaction-dto.ts';

export type UnattachedNote = {
  id: string;
  accountId: string;
  words: Words;
  /** `removed`: the bank removed the transaction. `not_booked`: it is no longer pending. `detached`: the user took it off. */
  reason: 'removed' | 'not_booked' | 'detached';
  /** The transaction as it last was. */
  writtenOn: { day: Day; effect: string; currency: string; description: string } | null;
  /** The likeliest first. */
  candidates: TransactionLine[];
};

/** Notes on one page. */
const MAX_NOTES = 10;
const MAX_CANDIDATES = 3;

/**
 * The notes (and corrections) of an account, and of those joined into it, whose transaction is gone, the newest first, with the transactions that they may
 * belong to.
 * @throws {NotFoundError}
 */
export async function listUnattachedNotes(
  ctx: Context,
  { accountId }: { accountId: string },
): Promise<{ notes: UnattachedNote[]; count: number }> {
  const { id } = await requireAccount(ctx, accountId);
  const where = { AND: [inGroup(id), UNATTACHED] };
  const rows = await ctx.db.transactionEdit.findMany({
    where,
    select: NOTE,
    orderBy: [{ changedAt: 'desc' }, { id: 'asc' }],
    take: MAX_NOTES,
  });
  const count = rows.length < MAX_NOTES ? rows.length : await ctx.db.transactionEdit.count({ where });
  return { notes: await withCandidates(ctx, id, rows), count };
}

/**
 * One of them.
 * @throws {NotFoundError} also when it has been attached meanwhile
 */
export async function getUnattachedNote(
  ctx: Context,
  { accountId, noteId }: { accountId: string; noteId: string },
): Promise<UnattachedNote> {
  const where = { AND: [{ id: noteId, account: accountsOf(ctx.actor) }, inGroup(accountId), UNATTACHED] };
  const isAddress = isUuid(noteId) && isUuid(accountId);
  const row = isAddress ? await ctx.db.transactionEdit.findFirst({ where, select: NOTE }) : null;
  const [note] = row === null ? [] : await withCandidates(ctx, accountId, [row]);
  if (note === undefined) throw new NotFoundError('note');
  return note;
}

const NOTE = {
  ...SNAPSHOT,
  ...WORDS,
  accountId: true,
  transactionId: true,
  isDetached: true,
  transaction: { select: { bookedOn: true, effect: true, currency: true, description: true } },
} satisfies Prisma.TransactionEditSelect;

type NoteRow = Prisma.TransactionEditGetPayload<{ select: typeof NOTE }>;

async function withCandidates(ctx: Context, accountId: string, rows: NoteRow[]): Promise<UnattachedNote[]> {
  const facts = rows.flatMap((row) => toFacts(row) ?? []);
  const days = facts.map(({ day }) => day).sort();
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) return rows.map((row) => toNote(row, []));
  const candidates = await loadCandidates(ctx, accountId, {
    from: addDays(first, -CANDIDATE_DAYS.before),
    to: addDays(last, CANDIDATE_DAYS.after),
  });
  const idsByNote = new Map(
    facts.map((edit) => {
      const near = candidates.filter(
        ({ day }) => day >= addDays(edit.day, -7) && day <= addDays(edit.day, CANDIDATE_DAYS.after),
      );
      const isDetached = rows.some((row) => row.id === edit.id && row.isDetached);
      const open = isDetached ? near.filter((row) => !isWhereItWas(edit, row)) : near;
      return [edit.id, rankCandidates(edit, open, MAX_CANDIDATES).map(({ id }) => id)];
    }),
  );
  const lines = await loadLines(ctx, accountId, [...new Set([...idsByNote.values()].flat())]);
  return rows.map((row) =>
    toNote(
      row,
      (idsByNote.get(row.id) ?? []).flatMap((id) => lines.get(id) ?? []),
    ),
  );
}

/** A removed row says itself what it was last. */
function toFacts(row: NoteRow): WaitingEdit | null {
  const edit = toWaitingEdit(row);
  if (row.transaction === null) return edit;
  const { bookedOn, ...was } = row.transaction;
  const bare = {
    merchantName: null,
    coding: row.snapshotCoding,
    classification: row.snapshotClassification,
    rival: null,
  };
  return { ...bare, firstSeenAt: bookedOn, ...edit, ...was, id: row.id, day: dayOf(bookedOn) };
}

function isWhereItWas(edit: WaitingEdit, row: { day: Day; effect: Prisma.Decimal; description: string }): boolean {
  return row.day === edit.day && row.effect.equals(edit.effect) && row.description === edit.description;
}

/** Booked rows as lists show them, by id. */
export async function loadLines(ctx: Context, accountId: string, ids: string[]): Promise<Map<string, TransactionLine>> {
  if (ids.length === 0) return new Map();
  const { zone } = await requireAccount(ctx, accountId);
  const today = dayIn(zone, ctx.clock.now());
  const rows = (await ctx.db.transaction.findMany({ where: { id: { in: ids } }, select: BOOKED })).map(toWorked);
  const rules = await loadRules(
    ctx,
    accountId,
    rows.map(({ worked }) => worked.merchantKey),
  );
  return new Map(rows.map((row) => [row.row.id, toBookedLine(row, { rules, today })]));
}

function toNote(row: NoteRow, candidates: TransactionLine[]): UnattachedNote {
  const { id, accountId, note, category, merchantName, isTransfer } = row;
  const facts = toFacts(row);
  return {
    id,
    accountId,
    words: { note, category, merchantName, isTransfer },
    reason: row.transactionId !== null ? 'removed' : row.isDetached ? 'detached' : 'not_booked',
    writtenOn:
      facts === null
        ? null
        : {
            day: facts.day,
            effect: facts.effect.toFixed(),
            currency: facts.currency,
            description: facts.description.trim(),
          },
    candidates,
  };
}
