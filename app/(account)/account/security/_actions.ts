'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { PasskeyProblem } from '#components/passkeys/passkey-problem';
import { saveSessionToken } from '#lib/auth/cookies';
import { requestContext, requireUser, secondFactorPath } from '#lib/auth/current-user';
import { requireFreshSignIn } from '#lib/auth/fresh-sign-in';
import { beginEnrolment, enrolPasskey } from '#lib/auth/passkeys/enrol-passkey';
import { isPasskeyId, removePasskey, renamePasskey } from '#lib/auth/passkeys/passkeys';
import { replaceRecoveryCodes } from '#lib/auth/passkeys/recovery-codes';
import { AppError } from '#lib/errors/app-error';
import { action, anything, fields, id, previous } from '../../../_lib/action.ts';
import type { BegunEnrolment, EnrolmentState, RecoveryCodesState } from './_states.ts';

const PAGE = '/account/security';

export async function beginEnrolmentAction(): Promise<BegunEnrolment> {
  const { sessionId } = await requireUser(PAGE);
  await requireFreshSignIn(PAGE);
  try {
    return { options: await beginEnrolment(await requestContext(), { sessionId }) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

export const enrolPasskeyAction = action([anything, anything], async (name, response): Promise<EnrolmentState> => {
  const { sessionId } = await requireUser(PAGE);
  await requireFreshSignIn(PAGE);
  let state: EnrolmentState;
  try {
    const { recoveryCodes, session } = await enrolPasskey(await requestContext(), { sessionId, name, response });
    await saveSessionToken(session);
    state = { outcome: 'added', recoveryCodes };
  } catch (error) {
    return { outcome: 'refused', problem: problemOf(error) };
  }
  revalidatePath(PAGE);
  return state;
});

export const replaceRecoveryCodesAction = action(
  [previous<RecoveryCodesState>(), fields],
  async (_, form): Promise<RecoveryCodesState> => {
    const { sessionId } = await requireUser(PAGE);
    await requireFreshSignIn(PAGE);
    if (form.get('sure') !== 'on') return { outcome: 'unsure' };
    try {
      return { outcome: 'created', codes: await replaceRecoveryCodes(await requestContext(), { sessionId }) };
    } catch (error) {
      leaveIfSignedOut(error);
      if (error instanceof AppError && error.code === 'no_passkey') redirect(PAGE);
      throw error;
    }
  },
);

export const renamePasskeyAction = action([id, fields], async (passkeyId, form) => {
  await requireUser(PAGE);
  if (!isPasskeyId(passkeyId)) redirect(PAGE);
  await change(passkeyId, async () => {
    await renamePasskey(await requestContext(), { passkeyId, name: form.get('name') });
    return `${PAGE}?did=renamed`;
  });
});

export const removePasskeyAction = action([id, fields], async (passkeyId, form) => {
  const { sessionId } = await requireUser(PAGE);
  if (!isPasskeyId(passkeyId)) redirect(PAGE);
  await requireFreshSignIn(pageOf(passkeyId));
  await change(passkeyId, async () => {
    if (form.get('sure') !== 'on') return `${pageOf(passkeyId)}?problem=sure#remove`;
    await removePasskey(await requestContext(), { passkeyId, sessionId });
    return `${PAGE}?did=removed`;
  });
});

/** Makes one change of a passkey, and goes where it says, or back to the passkey with what was wrong. */
async function change(passkeyId: string, work: () => Promise<string>): Promise<void> {
  let target: string;
  try {
    target = await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    leaveIfSignedOut(error);
    if (error.kind === 'not_found') target = PAGE;
    else target = `${pageOf(passkeyId)}?${new URLSearchParams({ problem: error.code })}`;
  }
  redirect(target);
}

/** The session ended, or became incomplete, after the request began. The page of the second factor tells which. */
function leaveIfSignedOut(error: unknown): void {
  if (error instanceof AppError && error.kind === 'unauthenticated') redirect(secondFactorPath(PAGE));
}

function pageOf(passkeyId: string): string {
  return `${PAGE}/${passkeyId}`;
}

function problemOf(error: unknown): PasskeyProblem {
  leaveIfSignedOut(error);
  if (!(error instanceof AppError)) throw error;
  if (error.code === 'too_many_passkeys') return 'too_many';
  if (error.code === 'passkey_known') return 'known';
  return error.code === 'name_invalid' ? 'name_invalid' : 'refused';
}
