'use server';

import { redirect } from 'next/navigation';
import { requirePerson } from '#lib/actor/authorise';
import { requestContext } from '#lib/auth/current-user';
import { AppError } from '#lib/errors/app-error';
import { answerPairing } from '#lib/sync/answer-pairing';
import { action, fields, id } from '../../_lib/action.ts';

/** A person says which of their former accounts a new one is, or that it is none of them. */
export const answerPairingAction = action([id, fields], async (questionId, data) => {
  const ctx = await requestContext();
  const chosen = data.get('former');
  let target = '/accounts?pairing=refused';
  try {
    requirePerson(ctx.actor);
    if (typeof chosen === 'string') {
      const formerAccountId = chosen === 'none' ? null : chosen;
      const { accountId } = await answerPairing(ctx, { questionId, formerAccountId });
      target = `/accounts/${accountId}?pairing=${formerAccountId === null ? 'new' : 'same'}`;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') target = '/sign-in?returnTo=%2Faccounts';
    else target = `/accounts?pairing=${error.code === 'already_answered' ? error.code : 'refused'}`;
  }
  redirect(target);
});
