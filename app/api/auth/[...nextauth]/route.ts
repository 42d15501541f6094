import NextAuth from 'next-auth/next';
import { authOptions } from '#lib/auth/options';
import { env } from '#lib/env/env';

type RouteContext = { params: Promise<{ nextauth: string[] }> };

// The only next-auth routes in use. Links are requested on /sign-in, which is rate-limited; sign-out and sessions are ours.
const SERVED = new Set(['callback/email', 'callback/oidc']);

async function handle(request: Request, context: RouteContext): Promise<Response> {
  const { nextauth } = await context.params;
  const path = nextauth.join('/');
  if (!SERVED.has(path)) return new Response(null, { status: 404 });
  if (path === 'callback/email' && !isPressedHere(request)) return toConfirmation(request);
  return NextAuth(authOptions())(request, context);
}

/**
 * A mailed link signs in only by the button of the page that says as whom: else anybody could sign somebody in as
 * themselves, and see the bank that is linked then. Browsers say where a request comes from wherever that can be trusted.
 */
function isPressedHere({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  return site === null ? !env().appUrl.startsWith('https:') : site === 'same-origin';
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
