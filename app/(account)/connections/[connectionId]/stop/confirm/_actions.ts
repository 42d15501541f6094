'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { finishStop } from '#lib/connections/finish-stop';
import { type StopSharingInput, stopSharing } from '#lib/connections/stop-sharing';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../../../../_lib/action.ts';

export const stopAction = action([id, id, fields], async (connectionId, choice, form) => {
  redirect(await stop(connectionId, choice, form.get('sure') === 'on'));
});

/** What a browser may send, and what it means: anything else stops and erases nothing. */
const CHOICES: ReadonlyMap<unknown, StopSharingInput['choice']> = new Map([
  ['keep', 'keep'],
  ['erase', 'erase'],
  ['download', 'erase'],
]);

async function stop(connectionId: string, choice: string, isSure: boolean): Promise<string> {
  const page = `/connections/${connectionId}`;
  const known = CHOICES.get(choice);
  if (known === undefined) return `${page}/stop?problem=choice`;
  if (!isSure) return `${page}/stop/confirm?${new URLSearchParams({ choice, problem: 'sure' })}`;
  const ctx = await requestContext();
  try {
    await stopSharing(ctx, { connectionId, choice: known });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') return `/sign-in?${new URLSearchParams({ returnTo: `${page}/stop` })}`;
    return error.kind === 'not_found' ? '/connections' : `${page}/stop`;
  }
  await finishNow(ctx, connectionId);
  return `${page}?did=stopped`;
}

/** While the person waits; what doesn't come to its end now, a job finishes. */
async function finishNow(ctx: Context, connectionId: string): Promise<void> {
  try {
    await finishStop(ctx, connectionId);
  } catch (error) {
    ctx.log.warn({ event: 'stop.unfinished', connectionId, error }, 'a stop has to be finished by a job');
  }
}
