'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { answerRenewal } from '#lib/connections/answer-renewal';
import { AppError } from '#lib/errors/app-error';

export async function answerAction(connectionId: string, answer: 'same' | 'other'): Promise<void> {
  redirect(await reply(connectionId, answer));
}

async function reply(connectionId: string, answer: 'same' | 'other'): Promise<string> {
  const page = `/connections/${connectionId}`;
  try {
    await answerRenewal(await requestContext(), { connectionId, isSamePerson: answer === 'same' });
    return `${page}?did=answered`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'unauthenticated') return `/sign-in?${new URLSearchParams({ returnTo: `${page}/who` })}`;
    return error.kind === 'not_found' ? '/connections' : page;
  }
}
