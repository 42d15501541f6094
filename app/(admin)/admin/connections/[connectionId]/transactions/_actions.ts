'use server';

import { redirect } from 'next/navigation';
import { openSupportGrant } from '#lib/admin/grants/open-grant';
import { adminContext } from '#lib/auth/current-user';
import { requireFreshSignIn } from '#lib/auth/fresh-sign-in';
import { endSupportGrant } from '#lib/connections/support-grants';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../../../../_lib/action.ts';

export const openGrantAction = action([id, fields], async (connectionId, form) => {
  const page = pageOf(connectionId);
  const ctx = await adminContext(page);
  await requireFreshSignIn(page);
  const [reason, hours] = [form.get('reason'), form.get('hours')];
  const input = { connectionId, hours: Number(hours), reason: typeof reason === 'string' ? reason : '' };
  const refused = await codeOf(() => openSupportGrant(ctx, input));
  redirect(refused === null ? page : `${page}?${new URLSearchParams({ refused })}`);
});

export const endGrantAction = action([id, id], async (connectionId, grantId) => {
  const ctx = await adminContext(pageOf(connectionId));
  await codeOf(() => endSupportGrant(ctx, { grantId }));
  redirect(`/admin/connections/${encodeURIComponent(connectionId)}`);
});

function pageOf(connectionId: string): string {
  return `/admin/connections/${encodeURIComponent(connectionId)}/transactions`;
}

async function codeOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
