import NextAuth from 'next-auth/next';
import { failureOf } from '#lib/auth/next-auth-internals';
import { authOptions } from '#lib/auth/options';
import { recordFailedSignIn } from '#lib/auth/record-sign-in';
import { contextOfRequest } from '#lib/auth/request-context';
import { env } from '#lib/env/env';

/** Where the callbacks redirect when a sign-in fails; next-auth's own pages are not used. */
const SIGN_IN_PAGES = new Set(['error', 'signin']);

type RouteContext = { params: Promise<{ nextauth: string[] }> };

// The only next-auth route in use. Sign-in by mail, sign-out and sessions are ours.
const CALLBACK = 'callback/oidc';

async function handle(request: Request, context: RouteContext): Promise<Response> {
  const { nextauth } = await context.params;
  const path = nextauth.join('/');
  if (SIGN_IN_PAGES.has(path)) return toSignIn(request);
  if (path !== CALLBACK) return new Response(null, { status: 404 });
  const response: Response = await NextAuth(authOptions())(request, context);
  const code = failureOf(response);
  if (code !== null) {
    await recordFailedSignIn(await contextOfRequest({ kind: 'nobody' }), { method: 'oidc', code, email: null });
  }
  return response;
}

/** The code is one word of next-auth's or ours; `/sign-in` chooses its text by it and repeats nothing. */
function toSignIn(request: Request): Response {
  const to = new URL('/sign-in', env().appUrl);
  to.searchParams.set('error', new URL(request.url).searchParams.get('error')?.slice(0, 64) ?? '');
  return new Response(null, { status: 303, headers: { Location: to.href, 'Cache-Control': 'no-store' } });
}

export { handle as GET };
