'use server';

import { redirect } from 'next/navigation';
import type { PasskeyProblem } from '#components/passkeys/passkey-problem';
import type { BegunAssertion } from '#components/passkeys/use-passkey-button';
import { saveSessionToken } from '#lib/auth/cookies';
import { findSession } from '#lib/auth/current-user';
import { beginAssertion, redeemRecoveryCode, verifyPasskey } from '#lib/auth/passkeys/pass-second-factor';
import { contextOfRequest } from '#lib/auth/request-context';
import { safeReturnPath } from '#lib/auth/return-path';
import { AppError } from '#lib/errors/app-error';
import { action, anything, fields, previous } from '../../_lib/action.ts';

// These are the only actions that an incomplete session can use, beside the one that signs out.

export async function beginAssertionAction(): Promise<BegunAssertion> {
  const session = await requireSession('/');
  try {
    return { options: await beginAssertion(await contextOfRequest({ kind: 'nobody' }), session) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** Completes this session, or makes its sign-in fresh, and goes on to `returnTo`. */
export const verifyPasskeyAction = action(
  [anything, anything],
  async (returnTo, response): Promise<{ problem: PasskeyProblem }> => {
    const target = safeReturnPath(typeof returnTo === 'string' ? returnTo : null);
    const session = await requireSession(target);
    try {
      const ctx = await contextOfRequest({ kind: 'nobody' });
      await saveSessionToken(await verifyPasskey(ctx, session, response));
    } catch (error) {
      return { problem: problemOf(error) };
    }
    redirect(target);
  },
);

export type RecoveryState = { problem: 'code_refused' | 'too_many_requests' | null };

export const redeemRecoveryCodeAction = action(
  [previous<RecoveryState>(), fields],
  async (_, form): Promise<RecoveryState> => {
    const target = safeReturnPath(String(form.get('returnTo') ?? ''));
    const session = await requireSession(target);
    // A code is for a session that waits for it: it must not be used up by any other.
    if (!session.isIncomplete) redirect(target);
    try {
      const ctx = await contextOfRequest({ kind: 'nobody' });
      await saveSessionToken(await redeemRecoveryCode(ctx, session, String(form.get('code') ?? '')));
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'unauthenticated') throw error;
      return { problem: error.kind === 'rate_limited' ? 'too_many_requests' : 'code_refused' };
    }
    redirect(target);
  },
);

async function requireSession(returnTo: string) {
  const session = await findSession();
  if (session === null) redirect(`/sign-in?${new URLSearchParams({ returnTo })}`);
  return { sessionId: session.sessionId, userId: session.id, isIncomplete: session.isIncomplete };
}

function problemOf(error: unknown): PasskeyProblem {
  if (!(error instanceof AppError) || error.kind === 'unauthenticated') throw error;
  if (error.kind === 'rate_limited') return 'rate_limited';
  return error.code === 'no_passkey' ? 'no_passkey' : 'refused';
}
