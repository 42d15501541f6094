'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { eraseEnded } from '#lib/connections/erase-ended';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../../../_lib/action.ts';

export const eraseAction = action([id, fields], async (connectionId, form) => {
  redirect(await erase(connectionId, form.get('sure') === 'on'));
});

async function erase(connectionId: string, isSure: boolean): Promise<string> {
  const page = `/connections/${connectionId}`;
  if (!isSure) return `${page}/erase?problem=sure`;
  try {
    await eraseEnded(await requestContext(), { connectionId });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') return `/sign-in?${new URLSearchParams({ returnTo: page })}`;
    if (error.kind === 'not_found') return '/connections';
  }
  return `${page}?did=stopped`;
}
