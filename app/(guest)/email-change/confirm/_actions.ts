'use server';

import { redirect } from 'next/navigation';
import { confirmEmailChange } from '#lib/auth/confirm-email-change';
import { requestContext, requireUser } from '#lib/auth/current-user';
import { AppError } from '#lib/errors/app-error';
import { action, fields } from '../../../_lib/action.ts';

/** Changes the address by the button of the mailed link. Back on the page, whatever is wrong with the link is said. */
export const confirmEmailChangeAction = action([fields], async (form) => {
  const { sessionId } = await requireUser('/account/email');
  redirect(await change(String(form.get('token') ?? ''), sessionId));
});

async function change(token: string, sessionId: string): Promise<string> {
  try {
    await confirmEmailChange(await requestContext(), { token, sessionId });
    return '/account?saved=email';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem: Record<string, string> = error.kind === 'conflict' ? { problem: 'taken' } : {};
    return `/email-change/confirm?${new URLSearchParams({ token, ...problem })}`;
  }
}
