'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { ZodError, z } from 'zod';
import { keepBrowserSecret } from '#lib/auth/cookies';
import { requestContext } from '#lib/auth/current-user';
import { startChange } from '#lib/connections/start-change';
import { LinkUnavailableError } from '#lib/connections/write-attempt';
import { AppError } from '#lib/errors/app-error';
import { action, fields, flag, id } from '../../../../../_lib/action.ts';
import { startProblemOf } from '../../../../_start-problem-code.ts';
import { deviceOf } from '../../../../connect/_device.ts';

export const changeAction = action(
  [id, z.array(id), flag, fields],
  async (connectionId, wanted, erasesDropped, form) => {
    redirect(await change({ connectionId, wanted, erasesDropped, shown: String(form.get('shown') ?? '') }));
  },
);

type Wish = { connectionId: string; wanted: string[]; erasesDropped: boolean; shown: string };

async function change(wish: Wish): Promise<string> {
  const { connectionId } = wish;
  const page = `/connections/${connectionId}/change`;
  const ctx = await requestContext();
  const device = deviceOf(await headers());
  try {
    const browserSecret = await keepBrowserSecret();
    return (await startChange(ctx, { ...wish, device, browserSecret })).url;
  } catch (error) {
    if (error instanceof ZodError) return page;
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') return `/sign-in?${new URLSearchParams({ returnTo: page })}`;
    if (error.kind === 'not_found') return '/connections';
    if (error.code === 'nothing_changes') return `${page}?problem=nothing_changes`;
    if (error.code === 'not_renewable') return `/connections/${connectionId}`;
    const reference = error instanceof LinkUnavailableError ? String(error.fields.reference) : '';
    return `${page}?${new URLSearchParams({ problem: startProblemOf(error), reference })}`;
  }
}
