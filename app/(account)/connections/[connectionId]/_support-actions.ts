'use server';

import { redirect } from 'next/navigation';
import { personContext } from '#lib/auth/current-user';
import { endSupportGrant } from '#lib/connections/support-grants';
import { AppError } from '#lib/errors/app-error';
import { action, id } from '../../../_lib/action.ts';

/** The person takes back what the team took. One that is over already is as good as ended. */
export const endSupportGrantAction = action([id, id], async (connectionId, grantId) => {
  const page = `/connections/${encodeURIComponent(connectionId)}`;
  const ctx = await personContext(page);
  try {
    await endSupportGrant(ctx, { grantId });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  redirect(page);
});
