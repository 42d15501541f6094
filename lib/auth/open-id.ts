import 'server-only';
import { cookies } from 'next/headers';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth/next';
import { env } from '#lib/env/env';
import { cookieAttributes, createCsrfToken } from './next-auth-internals.ts';
import { authOptions } from './options.ts';

/**
 * Begins a sign-in at the OpenID Connect provider from one of our own forms: next-auth sets its cookies (state, PKCE, nonce)
 * and says where to go. Its own protection against forged posts is satisfied here, since the form is protected already.
 */
export async function openIdRedirect(returnTo: string): Promise<string> {
  if (env().openIdConnect === null) return '/sign-in';
  const jar = await cookies();
  const { csrfToken, cookie } = createCsrfToken();
  jar.set(cookie.name, cookie.value, cookieAttributes());
  const request = new NextRequest(`${env().appUrl}/api/auth/signin/oidc`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, callbackUrl: `${env().appUrl}${returnTo}` }),
  });
  const params = Promise.resolve({ nextauth: ['signin', 'oidc'] });
  const response: Response = await NextAuth(authOptions())(request, { params });
  for (const line of response.headers.getSetCookie()) copyCookie(jar, line);
  return response.headers.get('location') ?? '/sign-in?error=OAuthSignin';
}

function copyCookie(jar: Awaited<ReturnType<typeof cookies>>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const maxAge = attributes.find((attribute) => attribute.toLowerCase().startsWith('max-age='))?.slice(8);
  jar.set(pair.slice(0, at), decodeURIComponent(pair.slice(at + 1)), {
    ...cookieAttributes(),
    ...(maxAge === undefined ? {} : { maxAge: Number(maxAge) }),
  });
}
