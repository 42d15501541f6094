'use server';

import { redirect } from 'next/navigation';
import { safeReturnPath } from '#lib/auth/return-path';
import { signOut } from '#lib/auth/sign-out';
import { action, fields } from '../../../_lib/action.ts';

/** Ends this session, so that the next one is a fresh sign-in. */
export const signInAgainAction = action([fields], async (form) => {
  const returnTo = safeReturnPath(String(form.get('returnTo') ?? ''));
  await signOut();
  redirect(`/sign-in?${new URLSearchParams({ returnTo })}`);
});
