import 'server-only';
import { cookies } from 'next/headers';
import { hashOf } from '#lib/crypto/secret';
import { database } from '#lib/db/client';
import { env } from '#lib/env/env';

/** Ends this session in the database, so that a copy of its cookie is worth nothing, and takes the cookie away. */
export async function signOut(): Promise<void> {
  const jar = await cookies();
  const name = sessionCookieName();
  const token = jar.get(name)?.value;
  if (token !== undefined) await database().session.deleteMany({ where: { tokenHash: hashOf(token) } });
  jar.delete({ name, secure: env().appUrl.startsWith('https:'), path: '/' });
}

function sessionCookieName(): string {
  return env().appUrl.startsWith('https:') ? '__Secure-next-auth.session-token' : 'next-auth.session-token';
}
