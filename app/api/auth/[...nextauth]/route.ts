import NextAuth from 'next-auth/next';
import { authOptions } from '#lib/auth/options';
import { env } from '#lib/env/env';

type RouteContext = { params: Promise<{ nextauth: string[] }> };

// Links are asked for on /sign-in, where they are limited in rate; next-auth's own way of asking stays shut.
const SHUT = new Set(['signin/email', 'verify-request']);

async function handle(request: Request, context: RouteContext): Promise<Response> {
  const { nextauth } = await context.params;
  const [action = '', provider = ''] = nextauth;
  // It reads two parts of a path and overlooks the rest; what is shut is shut with a tail as well.
  if (SHUT.has(action) || SHUT.has(`${action}/${provider}`)) return new Response(null, { status: 404 });
  if (action === 'callback' && provider === 'email' && !isPressedHere(request)) return toConfirmation(request);
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

export { handle as GET, handle as POST };
