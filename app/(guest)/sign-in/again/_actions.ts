'use server';

import { redirect } from 'next/navigation';
import { safeReturnPath } from '#lib/auth/return-path';
import { signOut } from '#lib/auth/sign-out';

/** Ends this session, so that the next one is a fresh sign-in. */
export async function signInAgainAction(form: FormData): Promise<void> {
  const returnTo = safeReturnPath(String(form.get('returnTo') ?? ''));
  await signOut();
  redirect(`/sign-in?${new URLSearchParams({ returnTo })}`);
}
