'use server';

import { notFound, redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { unsubscribe } from '#lib/connections/reminders/unsubscribe';
import { NotFoundError } from '#lib/errors/app-error';
import { action, id } from '../../../_lib/action.ts';

export const unsubscribeAction = action([id], async (token) => {
  try {
    await unsubscribe(await requestContext(), token);
  } catch (error) {
    if (error instanceof NotFoundError) notFound();
    throw error;
  }
  redirect(`/unsubscribe/${encodeURIComponent(token)}?done=1`);
});
