'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { answerRenewal } from '#lib/connections/answer-renewal';
import { AppError } from '#lib/errors/app-error';
import { action, id } from '../../../../_lib/action.ts';

export const answerAction = action([id, id], async (connectionId, answer) => {
  redirect(await reply(connectionId, answer));
});

/** Anything else answers nothing: the page asks again. */
const ANSWERS: ReadonlyMap<unknown, boolean> = new Map([
  ['same', true],
  ['other', false],
]);

async function reply(connectionId: string, answer: string): Promise<string> {
  const page = `/connections/${connectionId}`;
  const isSamePerson = ANSWERS.get(answer);
  if (isSamePerson === undefined) return `${page}/who`;
  try {
    await answerRenewal(await requestContext(), { connectionId, isSamePerson });
    return `${page}?did=answered`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') return `/sign-in?${new URLSearchParams({ returnTo: `${page}/who` })}`;
    return error.kind === 'not_found' ? '/connections' : page;
  }
}
