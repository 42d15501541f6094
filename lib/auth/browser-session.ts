import 'server-only';
import { cookies, headers } from 'next/headers';
import { hashOf } from '#lib/crypto/secret';
import { saveSessionToken } from './cookies.ts';
import { deviceOf } from './device.ts';
import { sessionCookieName } from './next-auth-internals.ts';
import { contextOfRequest } from './request-context.ts';
import { endSessionOfToken, type NewSession } from './sessions.ts';

/** This browser in words, for the list of sessions. */
export async function deviceOfRequest(): Promise<string | null> {
  return deviceOf((await headers()).get('user-agent'));
}

/** Gives this browser its new session, and ends the one that it had. */
export async function replaceSessionCookie(session: NewSession): Promise<void> {
  const earlier = (await cookies()).get(sessionCookieName())?.value;
  if (earlier !== undefined) await endSessionOfToken(await contextOfRequest({ kind: 'nobody' }), hashOf(earlier));
  await saveSessionToken(session);
}
