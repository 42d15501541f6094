'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { setReminders } from '#lib/connections/preferences';
import { AppError } from '#lib/errors/app-error';

export async function saveRemindersAction(form: FormData): Promise<void> {
  const sent = form.get('wants-reminders');
  // A box that isn't ticked is not sent at all; any other value changes nothing.
  redirect(sent === null || sent === 'on' ? await save(sent === 'on') : '/account');
}

async function save(wantsReminders: boolean): Promise<string> {
  try {
    await setReminders(await requestContext(), { wantsReminders });
    return '/account?saved=reminders';
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unauthenticated') return '/sign-in?returnTo=%2Faccount';
    throw error;
  }
}
