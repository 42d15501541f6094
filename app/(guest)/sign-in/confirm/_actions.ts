'use server';

import { redirect } from 'next/navigation';
import { deviceOfRequest, replaceSessionCookie } from '#lib/auth/browser-session';
import { confirmSignInLink } from '#lib/auth/confirm-sign-in';
import { findSignInSecret } from '#lib/auth/cookies';
import { requestContext } from '#lib/auth/current-user';
import { recordFailedSignIn } from '#lib/auth/record-sign-in';
import { safeReturnPath } from '#lib/auth/return-path';
import { AppError } from '#lib/errors/app-error';
import { action, fields } from '../../../_lib/action.ts';

/** Signs in by the button of a mailed link. Back on the page, whatever is wrong with the link is said. */
export const confirmLinkAction = action([fields], async (form) => {
  const token = String(form.get('token') ?? '');
  const returnTo = safeReturnPath(String(form.get('returnTo') ?? ''));
  redirect((await signIn(token)) ? returnTo : `/sign-in/confirm?${new URLSearchParams({ token, returnTo })}`);
});

async function signIn(token: string): Promise<boolean> {
  const ctx = await requestContext();
  const browser = { browserSecret: await findSignInSecret(), device: await deviceOfRequest() };
  try {
    await replaceSessionCookie(await confirmSignInLink(ctx, { token, ...browser }));
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await recordFailedSignIn(ctx, { method: 'email', code: error.code, email: null });
    return false;
  }
}
