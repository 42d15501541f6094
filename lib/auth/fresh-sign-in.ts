import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { env } from '#lib/env/env';
import { findCurrentUser } from './current-user.ts';
import { safeReturnPath } from './return-path.ts';
import { isFresh } from './session-life.ts';

/** The page that asks the user to sign in again, and then leads to `returnTo`. */
export function signInAgainPath(returnTo: string): string {
  return `/sign-in/again?${new URLSearchParams({ returnTo })}`;
}

/**
 * Sends whoever signed in more than 10 minutes ago to sign in again, or to use a passkey. Called before exports, account
 * deletion, changes of passkeys and recovery codes, a change of TrueLayer's keys and the opening of support access. Does nothing when nobody is signed in: what follows refuses them.
 */
export async function requireFreshSignIn(returnTo: string): Promise<void> {
  const user = await findCurrentUser();
  if (user !== null && !isFresh(user.signedInAt)) redirect(signInAgainPath(returnTo));
}

/** The same for a download, which is no page to return to: returns to the page that linked to it, or to `fallback`. */
export async function requireFreshSignInToDownload(fallback: string): Promise<void> {
  const referrer = URL.parse((await headers()).get('referer') ?? '');
  const isOwn = referrer !== null && referrer.origin === new URL(env().appUrl).origin;
  await requireFreshSignIn(isOwn ? safeReturnPath(`${referrer.pathname}${referrer.search}`) : fallback);
}
