'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { dismissUnknownConsent } from '#lib/connections/unknown-consents';
import { AppError } from '#lib/errors/app-error';
import { action, id } from '../../_lib/action.ts';

/** "I have removed it": the notice goes away. One that is gone already, or was never there, is as good as dismissed. */
export const dismissUnknownConsentAction = action([id], async (attemptId) => {
  redirect(await dismiss(attemptId));
});

async function dismiss(attemptId: string): Promise<string> {
  try {
    await dismissUnknownConsent(await requestContext(), { attemptId });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') return '/sign-in?returnTo=%2Fconnections';
  }
  return '/connections';
}
