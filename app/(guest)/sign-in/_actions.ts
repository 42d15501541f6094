'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { clientAddressOf } from '#lib/auth/client-address';
import { findSignInSecret, keepSignInSecret } from '#lib/auth/cookies';
import { findCurrentUser, requestContext } from '#lib/auth/current-user';
import { openIdRedirect } from '#lib/auth/open-id';
import { safeReturnPath } from '#lib/auth/return-path';
import { requestSignInLink } from '#lib/auth/sign-in-link';
import { AppError } from '#lib/errors/app-error';
import { action, fields, previous } from '../../_lib/action.ts';

export type SignInState = { email: string; problem: 'email_invalid' | 'too_many_requests' | 'mail_not_sent' | null };

export const requestLinkAction = action([previous<SignInState>(), fields], async (_, form): Promise<SignInState> => {
  const email = String(form.get('email') ?? '');
  const returnTo = safeReturnPath(String(form.get('returnTo') ?? ''));
  const ctx = await requestContext();
  try {
    const input = { email, returnTo, browserSecret: await findSignInSecret() };
    await keepSignInSecret(await requestSignInLink(ctx, input, clientAddressOf(await headers()) ?? 'unknown'));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'mail_not_sent')
      ctx.log.error({ event: 'sign_in.mail_not_sent', error }, 'a sign-in link could not be mailed');
    return { email, problem: problemOf(error.code) };
  }
  redirect(`/sign-in/sent?${new URLSearchParams({ returnTo })}`);
});

/** Redirects to the OpenID Connect provider, by an address that next-auth makes. Whoever is signed in stays who they are. */
export const startOpenIdAction = action([fields], async (form) => {
  const returnTo = safeReturnPath(String(form.get('returnTo') ?? ''));
  redirect((await findCurrentUser()) === null ? await openIdRedirect(returnTo) : returnTo);
});

function problemOf(code: string): SignInState['problem'] {
  return code === 'email_invalid' || code === 'too_many_requests' ? code : 'mail_not_sent';
}
