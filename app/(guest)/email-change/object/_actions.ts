'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { objectToEmailChange } from '#lib/auth/object-to-email-change';
import { AppError } from '#lib/errors/app-error';
import { action, fields } from '../../../_lib/action.ts';

/** Undoes a change of address for whoever holds the old address. */
export const objectAction = action([fields], async (form) => {
  redirect(`/email-change/object?${new URLSearchParams(await object(String(form.get('token') ?? '')))}`);
});

async function object(token: string): Promise<Record<string, string>> {
  try {
    const isRestored = await objectToEmailChange(await requestContext(), token);
    return { done: isRestored ? 'restored' : 'taken' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { token };
  }
}
