'use server';

import { redirect } from 'next/navigation';
import { requestContext } from '#lib/auth/current-user';
import { endAllSessions, endSession } from '#lib/auth/sessions';
import { removeSessionCookie } from '#lib/auth/sign-out';
import { setReminders } from '#lib/connections/preferences';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../_lib/action.ts';

export const saveRemindersAction = action([fields], async (form) => {
  const sent = form.get('wants-reminders');
  // A box that isn't ticked is not sent at all; any other value changes nothing.
  redirect(sent === null || sent === 'on' ? await save(sent === 'on') : '/account');
});

export const endSessionAction = action([id], async (sessionId) => {
  redirect(await endOne(sessionId));
});

export async function endAllSessionsAction(): Promise<void> {
  redirect(await endAll());
}

async function save(wantsReminders: boolean): Promise<string> {
  try {
    await setReminders(await requestContext(), { wantsReminders });
    return '/account?saved=reminders';
  } catch (error) {
    return afterRefusal(error);
  }
}

async function endOne(sessionId: string): Promise<string> {
  try {
    await endSession(await requestContext(), { sessionId });
  } catch (error) {
    // A session that has ended meanwhile is what was asked for.
    if (!(error instanceof AppError && error.kind === 'not_found')) return afterRefusal(error);
  }
  return '/account?saved=session#sessions';
}

async function endAll(): Promise<string> {
  try {
    await endAllSessions(await requestContext());
  } catch (error) {
    return afterRefusal(error);
  }
  await removeSessionCookie();
  return '/sign-in';
}

function afterRefusal(error: unknown): string {
  if (error instanceof AppError && error.kind === 'unauthenticated') return '/sign-in?returnTo=%2Faccount';
  throw error;
}
