import { randomUUID } from 'node:crypto';

/** On every answer, errors and faults included, unless it says something else itself. TrueLayer names the charset of its JSON. */
export function addStandingHeaders(headers: Headers): void {
  for (const [name, value] of standingHeaders()) {
    if (!headers.has(name)) headers.set(name, value);
  }
  if (headers.get('Content-Type') === 'application/json')
    headers.set('Content-Type', 'application/json; charset=utf-8');
}

function standingHeaders(): [string, string][] {
  return [
    ['X-TL-Correlation-Id', randomUUID()],
    ['X-Request-Id', randomUUID()],
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'deny'],
    ['X-XSS-Protection', '1; mode=block'],
    ['Referrer-Policy', 'no-referrer'],
  ];
}
