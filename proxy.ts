import { type NextRequest, NextResponse } from 'next/server';
import { isForgedFromElsewhere } from '#lib/auth/same-origin';
import { env } from '#lib/env/env';

/**
 * Security headers on everything we answer, with a nonce of this response's own for scripts and styles, and a shut door for
 * changes that another site's page sends and for bodies of no honest size. No database here, and no decision about who may
 * do what.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const policy = contentSecurityPolicy(nonce, request.nextUrl.pathname);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  headers.set('x-request-id', crypto.randomUUID());
  const refusal = refuse(request);
  const response =
    refusal === null ? NextResponse.next({ request: { headers } }) : new NextResponse(null, { status: refusal });
  response.headers.set('Content-Security-Policy', policy);
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  // Its address holds code and state, for as long as it takes to answer.
  if (request.nextUrl.pathname === '/connect/callback') response.headers.set('Referrer-Policy', 'no-referrer');
  const requestId = headers.get('x-request-id');
  if (requestId !== null) response.headers.set('X-Request-Id', requestId);
  if (env().appUrl.startsWith('https:'))
    response.headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
  return response;
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // No address of ours is told to anybody else. To ourselves it must be: without it a browser posts forms from "null".
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
};

/** TrueLayer's site and mail programs post here: a state, or a secret in the address, says whether it is heeded. */
const FROM_ELSEWHERE = /^\/(connect\/callback|api\/webhooks\/truelayer|api\/unsubscribe\/[\w-]+)$/;

/** The largest form of ours is a few kilobytes. Without a length, whoever reads a body counts for itself. */
const LARGEST_BODY_BYTES = 128 * 1024;

/** A status, when the request goes no further. */
function refuse(request: NextRequest): number | null {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY_BYTES) return 413;
  if (FROM_ELSEWHERE.test(request.nextUrl.pathname)) return null;
  return isForgedFromElsewhere(request, env().appUrl) ? 403 : null;
}

function contentSecurityPolicy(nonce: string, path: string): string {
  const isDev = process.env.NODE_ENV !== 'production';
  return [
    "default-src 'none'",
    // Hot reloading evaluates what it loads.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    `style-src ${isDev ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`}`,
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self'${isDev ? ' ws:' : ''}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    `form-action 'self'${isWayToBank(path) ? ` https: ${env().trueLayer.authUrl}` : ''}`,
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Forms there end in a redirect to a bank, whose address nobody knows beforehand. */
function isWayToBank(path: string): boolean {
  return path.startsWith('/connect');
}

export const config = {
  // Files that never change carry their own headers and no page.
  matcher: ['/((?!_next/static|favicon.ico).*)'],
};
