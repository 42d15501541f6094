'use server';

import { redirect } from 'next/navigation';
import { ZodError, z } from 'zod';
import { CorrectTransactionInput, correctTransaction } from '#lib/accounts/correct-transaction';
import { detachNote } from '#lib/accounts/detach-note';
import { joinTransactions } from '#lib/accounts/join-transactions';
import { splitTransactions } from '#lib/accounts/split-transactions';
import { takeBackCorrection } from '#lib/accounts/take-back-correction';
import { undoCorrection } from '#lib/accounts/undo-correction';
import { requirePerson } from '#lib/actor/authorise';
import { requestContext } from '#lib/auth/current-user';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../../../../_lib/action.ts';

export const correctAction = action([id, id, fields], async (accountId, transactionId, data) => {
  await act(accountId, transactionId, async (ctx) => {
    const input = CorrectTransactionInput.parse({
      accountId,
      transactionId,
      name: data.get('name'),
      category: data.get('category'),
      note: data.get('note'),
      isTransfer: TRANSFER.get(data.get('transfer') ?? ''),
      isAlways: data.get('always') === 'on',
    });
    return { saved: (await correctTransaction(ctx, input)).undoId };
  });
});

/** What the form offers; a request without the field leaves it to us as well. Anything else the schema refuses. */
const TRANSFER: ReadonlyMap<unknown, boolean | null> = new Map([
  ['', null],
  ['ours', null],
  ['yes', true],
  ['no', false],
]);

export const takeBackAction = action([id, id, z.enum(['row', 'merchant'])], async (accountId, transactionId, what) => {
  await act(accountId, transactionId, async (ctx) => ({
    saved: (await takeBackCorrection(ctx, { accountId, transactionId, what })).undoId,
  }));
});

export const undoAction = action([id, id, id], async (accountId, transactionId, undoId) => {
  await act(accountId, transactionId, async (ctx) => {
    await undoCorrection(ctx, { undoId });
    return { undone: 'yes' };
  });
});

/** The user says that another row is this transaction too. */
export const joinAction = action([id, id, id], async (accountId, transactionId, otherId) => {
  await act(accountId, transactionId, async (ctx) => {
    const { undoId } = await joinTransactions(ctx, { accountId, transactionId, otherId });
    return { saved: undoId, what: 'joined' };
  });
});

/** "These are two different transactions." */
export const splitAction = action([id, id, id], async (accountId, transactionId, otherId) => {
  await act(accountId, transactionId, async (ctx) => {
    const { undoId } = await splitTransactions(ctx, { accountId, transactionId, otherId });
    return { saved: undoId, what: 'separated' };
  });
});

/** "What I wrote is about another transaction": goes on to choosing that one. */
export const detachNoteAction = action([id, id], async (accountId, transactionId) => {
  let noteId = '';
  const outcome = await attempt(accountId, transactionId, async (ctx) => {
    const detached = await detachNote(ctx, { accountId, transactionId });
    noteId = detached.noteId;
    return { notes: 'detached', undo: detached.undoId };
  });
  const page = noteId === '' ? pageOf(accountId, transactionId) : `/accounts/${accountId}/notes/${noteId}`;
  redirect(`${page}?${new URLSearchParams(outcome)}`);
});

/** Back to the transaction's page, which says what came of it. */
async function act(
  accountId: string,
  transactionId: string,
  work: (ctx: Context) => Promise<Record<string, string>>,
): Promise<void> {
  const outcome = await attempt(accountId, transactionId, work);
  redirect(`${pageOf(accountId, transactionId)}?${new URLSearchParams(outcome)}`);
}

function pageOf(accountId: string, transactionId: string): string {
  return `/accounts/${accountId}/transactions/${transactionId}`;
}

/** What came of it, for the address of the next page. Whoever is signed out signs in first. */
async function attempt(
  accountId: string,
  transactionId: string,
  work: (ctx: Context) => Promise<Record<string, string>>,
): Promise<Record<string, string>> {
  try {
    const ctx = await requestContext();
    requirePerson(ctx.actor);
    return await work(ctx);
  } catch (error) {
    if (error instanceof ZodError) return { problem: String(error.issues[0]?.path[0] ?? 'form') };
    if (!(error instanceof AppError)) throw error;
    if (error.kind !== 'unauthenticated') return { problem: error.code };
  }
  redirect(`/sign-in?${new URLSearchParams({ returnTo: pageOf(accountId, transactionId) })}`);
}
