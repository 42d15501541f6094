'use server';

import { redirect } from 'next/navigation';
import type { CodeState } from '#components/ui/code-form';
import { deviceOfRequest, replaceSessionCookie } from '#lib/auth/browser-session';
import { confirmSignInCode } from '#lib/auth/confirm-sign-in';
import { findSignInSecret } from '#lib/auth/cookies';
import { requestContext } from '#lib/auth/current-user';
import { recordFailedSignIn } from '#lib/auth/record-sign-in';
import { safeReturnPath } from '#lib/auth/return-path';
import { AppError } from '#lib/errors/app-error';
import { action, fields, previous } from '../../../_lib/action.ts';

/** Signs in by the code that a mailed link shows in another browser. */
export const confirmCodeAction = action([previous<CodeState>(), fields], async (_, form): Promise<CodeState> => {
  const code = String(form.get('code') ?? '');
  const returnTo = safeReturnPath(String(form.get('returnTo') ?? ''));
  const ctx = await requestContext();
  const browser = { browserSecret: await findSignInSecret(), device: await deviceOfRequest() };
  try {
    await replaceSessionCookie(await confirmSignInCode(ctx, { code, ...browser }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await recordFailedSignIn(ctx, { method: 'email', code: error.code, email: null });
    return { code, problem: error.code };
  }
  redirect(returnTo);
});
