'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { finishStop } from '#lib/connections/finish-stop';
import { stopSharing } from '#lib/connections/stop-sharing';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';

export async function stopAction(connectionId: string, choice: string, form: FormData): Promise<void> {
  redirect(await stop(connectionId, choice, form.has('sure')));
}

async function stop(connectionId: string, choice: string, isSure: boolean): Promise<string> {
  const page = `/connections/${connectionId}`;
  if (!isSure) return `${page}/stop/confirm?${new URLSearchParams({ choice, problem: 'sure' })}`;
  const ctx = await requestContext();
  try {
    await stopSharing(ctx, { connectionId, choice: choice === 'keep' ? 'keep' : 'erase' });
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
