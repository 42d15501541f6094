import NextAuth from 'next-auth/next';
import { failureOf } from '#lib/auth/next-auth-internals';
import { authOptions } from '#lib/auth/options';
import { recordFailedSignIn } from '#lib/auth/record-sign-in';
import { contextOfRequest } from '#lib/auth/request-context';
import { env } from '#lib/env/env';

/** Where the callbacks redirect when a sign-in fails; next-auth's own pages are not used. */
const SIGN_IN_PAGES = new Set(['error', 'signin']);

type RouteContext = { params: Promise<{ nextauth: string[] }> };

// The only next-auth routes in use. Links are requested on /sign-in, which is rate-limited; sign-out and sessions are ours.
const SERVED = new Set(['callback/email', 'callback/oidc']);

async function handle(request: Request, context: RouteContext): Promise<Response> {
  const { nextauth } = await context.params;
  const path = nextauth.join('/');
  if (SIGN_IN_PAGES.has(path)) return toSignIn(request);
  if (!SERVED.has(path)) return new Response(null, { status: 404 });
  if (path === 'callback/email' && !isPressedHere(request)) return toConfirmation(request);
  const response: Response = await NextAuth(authOptions())(request, context);
  const code = failureOf(response);
  if (code !== null) {
    const method = path === 'callback/email' ? 'email' : 'oidc';
    const email = method === 'email' ? new URL(request.url).searchParams.get('email') : null;
    await recordFailedSignIn(await contextOfRequest({ kind: 'nobody' }), { method, code, email });
  }
  return response;
}

/**
 * A mailed link signs in only by the button of the page that says as whom: else anybody could sign somebody in as
 * themselves, and see the bank that is linked then. Browsers say where a request comes from wherever that can be trusted.
 */
function isPressedHere({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  return site === null ? !env().appUrl.startsWith('https:') : site === 'same-origin';
}

/** The code is one word of next-auth's; `/sign-in` chooses its text by it and repeats nothing. */
function toSignIn(request: Request): Response {
  const to = new URL('/sign-in', env().appUrl);
  to.searchParams.set('error', new URL(request.url).searchParams.get('error')?.slice(0, 64) ?? '');
  return new Response(null, { status: 303, headers: { Location: to.href, 'Cache-Control': 'no-store' } });
}

function toConfirmation(request: Request): Response {
  const { searchParams } = new URL(request.url);
  const to = new URL('/sign-in/confirm', env().appUrl);
  for (const [from, name] of [
    ['email', 'email'],
    ['token', 'token'],
    ['callbackUrl', 'returnTo'],
  ] as const) {
    const value = searchParams.get(from);
    if (value !== null) to.searchParams.set(name, value);
  }
  return new Response(null, { status: 303, headers: { Location: to.href, 'Cache-Control': 'no-store' } });
}

export { handle as GET };
