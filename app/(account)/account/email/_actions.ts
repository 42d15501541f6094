'use server';

import { redirect } from 'next/navigation';
import type { CodeState } from '#components/ui/code-form';
import { confirmEmailChangeCode } from '#lib/auth/confirm-email-change';
import { requestContext, requireUser } from '#lib/auth/current-user';
import { requireFreshSignIn } from '#lib/auth/fresh-sign-in';
import { requestEmailChange } from '#lib/auth/request-email-change';
import { AppError } from '#lib/errors/app-error';
import { action, fields, previous } from '../../../_lib/action.ts';

/** `problem` is a code of lib/auth; null before anything was sent. */
export type ChangeEmailState = { email: string; problem: string | null };

/** Asks for another address; the page then says where the link went. */
export const requestEmailChangeAction = action(
  [previous<ChangeEmailState>(), fields],
  async (_, form): Promise<ChangeEmailState> => {
    const { sessionId } = await requireUser('/account/email');
    await requireFreshSignIn('/account/email');
    const email = String(form.get('email') ?? '');
    const ctx = await requestContext();
    try {
      await requestEmailChange(ctx, { email, sessionId });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'mail_not_sent')
        ctx.log.error({ event: 'email_change.mail_not_sent', error }, 'a link to a new address could not be mailed');
      return { email, problem: error.code };
    }
    redirect('/account/email');
  },
);

/** Confirms the new address by the code that the mailed link shows in another browser. */
export const confirmEmailCodeAction = action([previous<CodeState>(), fields], async (_, form): Promise<CodeState> => {
  const { sessionId } = await requireUser('/account/email');
  const code = String(form.get('code') ?? '');
  try {
    await confirmEmailChangeCode(await requestContext(), { code, sessionId });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code, problem: error.code };
  }
  redirect('/account?saved=email');
});
