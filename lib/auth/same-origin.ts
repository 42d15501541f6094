type Sent = { method: string; headers: Pick<Headers, 'get'> };

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of somebody else's made a browser send this change. Browsers say with every such request where it comes
 * from, and no page can make them lie; what comes from no browser carries nobody's cookies and is judged by what it knows.
 */
export function isForgedFromElsewhere({ method, headers }: Sent, appUrl: string): boolean {
  if (READS.has(method)) return false;
  const origin = headers.get('origin');
  if (origin !== null) return origin !== appUrl && URL.parse(origin)?.host !== headers.get('host');
  const site = headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}
