import { type NextRequest, NextResponse } from 'next/server';
import { isFromTrustedProxy } from '#lib/auth/client-address';
import { isCrossSiteWrite, isForeignHost } from '#lib/auth/same-origin';
import { plainPage } from '#lib/context/plain-page';
import { env } from '#lib/env/env';

/**
 * Sets security headers on every response, with a fresh nonce for scripts and styles, and refuses requests for another host,
 * cross-site writes, malformed addresses and oversized bodies. No database access and no authorisation here.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const { pathname } = request.nextUrl;
  const policy = contentSecurityPolicy(nonce, pathname);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  headers.set('x-request-id', crypto.randomUUID());
  const refusal = findRefusal(request);
  const response =
    refusal === null
      ? NextResponse.next({ request: { headers: withPublicOrigin(headers) } })
      : refusalPage(refusal, headers.get('x-request-id') ?? '');
  if (!SETS_ITS_OWN_POLICY.test(pathname)) response.headers.set('Content-Security-Policy', policy);
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  // The URL contains the authorization code and state until the redirect.
  if (pathname === '/connect/callback') response.headers.set('Referrer-Policy', 'no-referrer');
  response.headers.set('X-Request-Id', headers.get('x-request-id') ?? '');
  if (env().appUrl.startsWith('https:')) response.headers.set('Strict-Transport-Security', strictTransportSecurity());
  return response;
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Other sites never see our URLs. With `no-referrer`, browsers would send our own forms with `Origin: null`.
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
};

/** Logos are drawn by third parties: their route sends a stricter policy that must not be replaced. */
const SETS_ITS_OWN_POLICY = /^\/api\/banks\/[^/]+\/logo$/;

/** Other sites and mail programs post here; `state`, or a secret in the URL, authenticates the request. */
const ACCEPTS_CROSS_SITE = /^\/(connect\/callback|api\/webhooks\/truelayer|api\/unsubscribe\/[\w-]+)$/;

/** Load balancers and Prometheus request these by the address of the container. */
const ACCEPTS_ANY_HOST = /^\/api\/(health|ready|metrics)$/;

/** Our largest form has a few kilobytes. A body of undeclared length is counted while it arrives (`limit-body.ts`). */
const MAX_BODY_BYTES = 128 * 1024;

type Refusal = { status: number; title: string; text: string };

function findRefusal(request: NextRequest): Refusal | null {
  const { headers, nextUrl } = request;
  const { appUrl } = env();
  if (Number(headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return REFUSALS.bodyTooLarge;
  if (isMalformed(nextUrl)) return REFUSALS.malformed;
  const isProxied = isFromTrustedProxy(headers);
  if (!isProxied && !ACCEPTS_ANY_HOST.test(nextUrl.pathname) && isForeignHost(headers.get('host'), appUrl)) {
    return REFUSALS.foreignHost;
  }
  if (ACCEPTS_CROSS_SITE.test(nextUrl.pathname)) return null;
  return isCrossSiteWrite(request, appUrl) ? REFUSALS.crossSite : null;
}

/** A path that is not UTF-8, or NUL anywhere: no link of ours has either, and PostgreSQL stores NUL in no text. */
function isMalformed({ pathname, search }: { pathname: string; search: string }): boolean {
  if ((pathname + search).includes('%00')) return true;
  try {
    decodeURIComponent(pathname);
    return false;
  } catch {
    return true;
  }
}

const REFUSALS = {
  malformed: {
    status: 400,
    title: 'Wrong address',
    text: 'This address contains characters that no page of ours has. Check the address and try again.',
  },
  bodyTooLarge: {
    status: 413,
    title: 'That was too much text',
    text: 'What you sent is larger than we accept. Go back, shorten it and try again.',
  },
  foreignHost: {
    status: 421,
    title: 'Wrong address',
    text: 'This server does not serve the address you asked for. Check the address and try again.',
  },
  crossSite: {
    status: 403,
    title: 'We could not accept this form',
    text: 'Your browser says that it was sent from another site. Nothing was changed. Open the page again and retry.',
  },
} satisfies Record<string, Refusal>;

function refusalPage({ status, title, text }: Refusal, reference: string): NextResponse {
  const html = plainPage({ title, text, link: { href: `${env().appUrl}/`, label: 'Go to the home page' }, reference });
  return new NextResponse(html, {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

/**
 * Next.js compares `Origin` with the host before it runs a server action. Both have been checked against `APP_URL` above, so
 * the public origin is passed on whatever host name the reverse proxy uses for this server.
 */
function withPublicOrigin(headers: Headers): Headers {
  const { host, protocol } = new URL(env().appUrl);
  headers.set('x-forwarded-host', host);
  headers.set('x-forwarded-proto', protocol.slice(0, -1));
  if (headers.has('origin')) headers.set('origin', env().appUrl);
  return headers;
}

function strictTransportSecurity(): string {
  return `max-age=63072000${env().hstsIncludesSubdomains ? '; includeSubDomains' : ''}`;
}

function contentSecurityPolicy(nonce: string, path: string): string {
  const isDev = process.env.NODE_ENV !== 'production';
  return [
    "default-src 'none'",
    // Hot reloading evaluates the code that it loads.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    `style-src ${isDev ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`}`,
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self'${isDev ? ' ws:' : ''}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    `form-action ${["'self'", ...externalFormTargets(path)].join(' ')}`,
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Browsers apply `form-action` to the redirects that follow a form. Linking ends at a bank and single sign-on at the identity
 * provider, by way of hosts that cannot be known beforehand.
 */
function externalFormTargets(path: string): string[] {
  const { trueLayer, openIdConnect } = env();
  if (/^\/connect(ions)?(\/|$)/.test(path)) return ['https:', trueLayer.authUrl];
  if (path === '/sign-in' && openIdConnect !== null) return ['https:', new URL(openIdConnect.issuer).origin];
  return [];
}

export const config = {
  // Immutable files are served with headers of their own.
  matcher: ['/((?!_next/static/|favicon\\.ico$).*)'],
};
