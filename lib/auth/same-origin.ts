import { isIP } from 'node:net';

type Sent = { method: string; headers: Pick<Headers, 'get'> };

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether another site's page made a browser send this state-changing request. Browsers state the origin of every such request
 * and no page can falsify it; a request that carries neither `Origin` nor `Sec-Fetch-Site` comes from no browser and so carries
 * no user's cookies. `Origin: null` with `Sec-Fetch-Site: same-origin` is our own page under a strict referrer policy.
 */
export function isCrossSiteWrite({ method, headers }: Sent, appUrl: string): boolean {
  if (SAFE_METHODS.has(method)) return false;
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  if (origin === null) return site !== null && site !== 'same-origin' && site !== 'none';
  if (origin === 'null') return site !== 'same-origin';
  return origin !== appUrl && !isLoopbackAlias(origin, headers.get('host'), appUrl);
}

/** A local app answers under each loopback name: `http://127.0.0.1:3000` for an `APP_URL` of `http://localhost:3000`. */
function isLoopbackAlias(origin: string, host: string | null, appUrl: string): boolean {
  const [own, other] = [new URL(appUrl), URL.parse(origin)];
  return (
    isLoopbackName(own.hostname) &&
    other !== null &&
    isLoopbackName(other.hostname) &&
    other.protocol === own.protocol &&
    other.host === host
  );
}

/** Names that no public DNS can resolve to this server (RFC 6761, RFC 6762, ICANN's `.internal`). */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.test'];

/**
 * Whether a `Host` header names neither this app nor an address that only our own network can use. Another public name means
 * DNS rebinding or a proxy that forwards the wrong site. A proxy may send its internal name for us: an IP address, a name
 * without a dot, or one under a private suffix; none of these can be registered by an attacker.
 */
export function isForeignHost(host: string | null, appUrl: string): boolean {
  if (host === null || host.toLowerCase() === new URL(appUrl).host) return false;
  const name = URL.parse(`http://${host}`)
    ?.hostname.replace(/^\[|\]$/g, '')
    .toLowerCase();
  if (name === undefined || name === '') return true;
  if (isIP(name) !== 0 || !name.includes('.')) return false;
  return !PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}
