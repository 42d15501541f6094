'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { keepBrowserSecret, takeTripForApp } from '#lib/auth/cookies';
import { requestContext } from '#lib/auth/current-user';
import { startAttempt } from '#lib/connections/start-attempt';
import { LinkUnavailableError } from '#lib/connections/write-attempt';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../_lib/action.ts';
import { startProblemOf } from '../_start-problem-code.ts';
import { deviceOf } from './_device.ts';

export const startDialogAction = action([fields], async (form) => {
  redirect(await start(null, form));
});

/** "Allow" on the permissions page: notes what was agreed and goes to the bank. */
export const agreeAction = action([id, fields], async (bankId, form) => {
  redirect(await start(bankId, form));
});

async function start(bankId: string | null, form: FormData): Promise<string> {
  const declined = form.getAll('leave-out').map(String);
  const shown = String(form.get('shown') ?? '');
  const ctx = await requestContext();
  const browserSecret = await keepBrowserSecret();
  const isAppReturn = await takeTripForApp();
  const device = deviceOf(await headers());
  try {
    const { url } = await startAttempt(ctx, { bankId, declined, shown, device, browserSecret, isAppReturn });
    return url;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated')
      return `/sign-in?${new URLSearchParams({ returnTo: bankId === null ? '/connect' : `/connect/${bankId}` })}`;
    if (error.kind === 'not_found') return '/connect?problem=bank_gone';
    const reference = error instanceof LinkUnavailableError ? String(error.fields.reference) : '';
    const problem = startProblemOf(error);
    return `${bankId === null ? '/connect' : `/connect/${encodeURIComponent(bankId)}`}?${new URLSearchParams({ problem, reference })}`;
  }
}
