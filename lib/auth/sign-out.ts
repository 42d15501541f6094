import 'server-only';
import { cookies } from 'next/headers';
import { hashOf } from '#lib/crypto/secret';
import { cookieAttributes, sessionCookieName } from './next-auth-internals.ts';
import { contextOfRequest } from './request-context.ts';
import { endSessionOfToken } from './sessions.ts';

/** Ends this session in the database, so that a copy of its cookie is worth nothing, and takes the cookie away. */
export async function signOut(): Promise<void> {
  const jar = await cookies();
  const token = jar.get(sessionCookieName())?.value;
  if (token !== undefined) await endSessionOfToken(await contextOfRequest({ kind: 'nobody' }), hashOf(token));
  await removeSessionCookie();
}

export async function removeSessionCookie(): Promise<void> {
  const { secure, path } = cookieAttributes();
  (await cookies()).delete({ name: sessionCookieName(), secure, path });
}
