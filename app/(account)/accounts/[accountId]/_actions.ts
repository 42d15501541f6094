'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { dismissRecurring } from '#lib/accounts/dismiss-recurring';
import { requestContext } from '#lib/auth/current-user';
import { findPresence } from '#lib/auth/presence';
import { AppError } from '#lib/errors/app-error';
import { refreshNow } from '#lib/sync/refresh-now';
import { action, flag, id } from '../../../_lib/action.ts';

/** "Refresh now": the person is there, so their bank is asked at once, and it costs none of the day's background calls. */
export const refreshAction = action([id, id], async (accountId, connectionId) => {
  const ctx = await requestContext();
  let outcome: string;
  try {
    outcome = (await refreshNow(ctx, { connectionId, presence: await findPresence() })).outcome;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    toSignInIfNobody(error, accountId);
    ctx.log.info({ event: 'refresh.refused', connectionId, errorCode: error.code }, 'a refresh could not be made');
    outcome = error.code;
  }
  redirect(`/accounts/${accountId}?${new URLSearchParams({ refreshed: outcome })}`);
});

/** "That isn't one", or "it is, after all". */
export const dismissAction = action([id, id, flag], async (accountId, recurringId, isDismissed) => {
  const ctx = await requestContext();
  try {
    await dismissRecurring(ctx, { recurringId, isDismissed });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    toSignInIfNobody(error, accountId);
    ctx.log.info({ event: 'recurring.not_dismissed', errorCode: error.code }, 'a payment could not be hidden');
  }
  // The address is the one that is shown already: only this has it drawn again.
  revalidatePath(`/accounts/${accountId}`);
  redirect(`/accounts/${accountId}#recurring`);
});

function toSignInIfNobody(error: AppError, accountId: string): void {
  if (error.kind !== 'unauthenticated') return;
  redirect(`/sign-in?${new URLSearchParams({ returnTo: `/accounts/${accountId}` })}`);
}
