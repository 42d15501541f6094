'use server';

import { redirect } from 'next/navigation';
import { findBrowserSecret, findReturnSecret } from '#lib/auth/cookies';
import { requestContext } from '#lib/auth/current-user';
import { finishParked } from '#lib/connections/finish-parked';
import { AppError } from '#lib/errors/app-error';
import { action, id } from '../../../../_lib/action.ts';
import { lose } from '../../../../connect/_lose.ts';
import { settle } from '../../../../connect/_settle.ts';

/** "Yes, that was me": goes on with a return that came into another browser. */
export const continueHereAction = action([id], async (attemptId) => {
  redirect(await continueHere(attemptId));
});

async function continueHere(attemptId: string): Promise<string> {
  const ctx = await requestContext();
  try {
    const parked = await finishParked(ctx, {
      attemptId,
      browserSecret: await findBrowserSecret(),
      returnSecret: await findReturnSecret(attemptId),
      isConfirmed: true,
    });
    return parked.kind === 'accepted' ? await settle(ctx, parked) : `/connect/result/${attemptId}`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated')
      return `/sign-in?${new URLSearchParams({ returnTo: `/connect/return/${attemptId}` })}`;
    return lose(error);
  }
}
