'use server';

import { redirect } from 'next/navigation';
import { attachNote } from '#lib/accounts/attach-note';
import { deleteNote } from '#lib/accounts/delete-note';
import { undoCorrection } from '#lib/accounts/undo-correction';
import { requirePerson } from '#lib/actor/authorise';
import { requestContext } from '#lib/auth/current-user';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { action, id } from '../../../_lib/action.ts';

export const attachNoteAction = action([id, id, id], async (accountId, noteId, transactionId) => {
  await act(accountId, async (ctx) => {
    const { undoId } = await attachNote(ctx, { accountId, noteId, transactionId });
    return { notes: 'attached', undo: undoId };
  });
});

export const deleteNoteAction = action([id, id], async (accountId, noteId) => {
  await act(accountId, async (ctx) => {
    const { undoId } = await deleteNote(ctx, { accountId, noteId });
    return { notes: 'deleted', undo: undoId };
  });
});

export const undoNoteAction = action([id, id], async (accountId, undoId) => {
  await act(accountId, async (ctx) => {
    await undoCorrection(ctx, { undoId });
    return { notes: 'undone' };
  });
});

/** Back to the account's page, which says what was done, or why not. */
async function act(accountId: string, work: (ctx: Context) => Promise<Record<string, string>>): Promise<void> {
  const page = `/accounts/${encodeURIComponent(accountId)}`;
  let outcome: Record<string, string>;
  try {
    const ctx = await requestContext();
    requirePerson(ctx.actor);
    outcome = await work(ctx);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') redirect(`/sign-in?${new URLSearchParams({ returnTo: page })}`);
    outcome = { notes: error.code };
  }
  redirect(`${page}?${new URLSearchParams(outcome)}#notes`);
}
