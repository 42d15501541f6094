'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { requireFreshSignIn } from '#lib/auth/fresh-sign-in';
import { leave } from '#lib/connections/leave';
import { AppError } from '#lib/errors/app-error';
import { action, fields } from '../../../_lib/action.ts';

export const leaveAction = action([fields], async (form) => {
  await requireFreshSignIn('/account/leave');
  redirect(form.get('sure') === 'on' ? await goAway() : '/account/leave?problem=sure');
});

async function goAway(): Promise<string> {
  try {
    const { reference, isDone } = await leave(await requestContext());
    return `/left?${new URLSearchParams({ reference, ...(isDone ? {} : { unfinished: '1' }) })}`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.kind === 'unauthenticated' ? '/sign-in?returnTo=%2Faccount%2Fleave' : '/left';
  }
}
