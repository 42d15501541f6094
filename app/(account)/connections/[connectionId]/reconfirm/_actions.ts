'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { ZodError } from 'zod';
import { keepBrowserSecret } from '#lib/auth/cookies';
import { requestContext } from '#lib/auth/current-user';
import { startRenewals } from '#lib/connections/start-renewals';
import { LinkUnavailableError } from '#lib/connections/write-attempt';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../../../_lib/action.ts';
import { startProblemOf } from '../../../_start-problem-code.ts';
import { deviceOf } from '../../../connect/_device.ts';

/** "Yes, keep sharing", for this bank and for those that were ticked. */
export const reconfirmAction = action([id, fields], async (connectionId, form) => {
  redirect(await reconfirm(connectionId, form));
});

async function reconfirm(connectionId: string, form: FormData): Promise<string> {
  const page = `/connections/${connectionId}/reconfirm`;
  const ctx = await requestContext();
  const device = deviceOf(await headers());
  try {
    const ids = new Set([connectionId, ...form.getAll('also').map(String)]);
    const banks = [...ids].map((id) => ({ connectionId: id, shown: String(form.get(`shown-${id}`) ?? '') }));
    const { url } = await startRenewals(ctx, { banks, device, browserSecret: await keepBrowserSecret() });
    return url ?? `${page}?renewed=1`;
  } catch (error) {
    if (error instanceof ZodError) return '/connections';
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') return `/sign-in?${new URLSearchParams({ returnTo: page })}`;
    if (error.kind === 'not_found') return '/connections';
    if (error.code === 'not_renewable') return `/connections/${connectionId}`;
    const reference = error instanceof LinkUnavailableError ? String(error.fields.reference) : '';
    const problem = startProblemOf(error);
    return `${page}?${new URLSearchParams({ problem, reference })}`;
  }
}
