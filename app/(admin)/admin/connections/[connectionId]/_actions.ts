'use server';

import { redirect } from 'next/navigation';
import type { ActionInput } from '#lib/admin/connection/act';
import { askForConsent } from '#lib/admin/connection/ask-for-consent';
import { askForRefresh } from '#lib/admin/connection/ask-for-refresh';
import { markForLogin } from '#lib/admin/connection/mark-for-login';
import { resendReminder } from '#lib/admin/connection/resend-reminder';
import { revokeConnection } from '#lib/admin/connection/revoke';
import { adminContext } from '#lib/auth/current-user';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../../../_lib/action.ts';

export const refreshAction = action([id, fields], async (connectionId, form) => {
  await act(askForRefresh, 'refresh', connectionId, form);
});

export const readConsentAction = action([id, fields], async (connectionId, form) => {
  await act(askForConsent, 'consent', connectionId, form);
});

export const markForLoginAction = action([id, fields], async (connectionId, form) => {
  await act(markForLogin, 'login', connectionId, form);
});

export const resendReminderAction = action([id, fields], async (connectionId, form) => {
  await act(resendReminder, 'reminder', connectionId, form);
});

export const revokeAction = action([id, fields], async (connectionId, form) => {
  await act(revokeConnection, 'revoke', connectionId, form);
});

type Verb = (ctx: Context, input: ActionInput) => Promise<void>;

async function act(verb: Verb, name: string, connectionId: string, form: FormData): Promise<void> {
  const page = `/admin/connections/${encodeURIComponent(connectionId)}`;
  const ctx = await adminContext(page);
  const reason = form.get('reason');
  const answer = new URLSearchParams({ action: name });
  try {
    await verb(ctx, { connectionId, reason: typeof reason === 'string' ? reason : '' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    answer.set('refused', error.code);
  }
  redirect(`${page}?${answer}`);
}
