import 'server-only';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { env } from '#lib/env/env';

/** The address at the other end of the socket. */
export const PEER_HEADER = 'x-linkwell-peer';
/** `yes` when the request arrived with a forwarding header. Next.js adds one of its own to every request later on. */
const FORWARDED_HEADER = 'x-linkwell-forwarded';

type Incoming = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } };

/** Records what only the socket can tell, for every incoming request; what the client sent under these names is overwritten. */
export function recordPeer({ headers, socket }: Incoming): void {
  headers[PEER_HEADER] = socket.remoteAddress ?? '';
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  headers[FORWARDED_HEADER] = isForwarded ? 'yes' : 'no';
}

/** Whether the request was made on this machine and passed through no proxy. */
export function isFromThisMachine(headers: Pick<Headers, 'get'>): boolean {
  if (headers.get(FORWARDED_HEADER) !== 'no') return false;
  return /^(127\.|::1$)/.test(normalise(headers.get(PEER_HEADER)) ?? '');
}

/**
 * The client's address: the socket's peer, unless that is a trusted proxy; then the last address in the forwarding header that
 * is not itself a trusted proxy. Null when it cannot be known, also when `X-Forwarded-For` and `Forwarded` (RFC 7239) disagree:
 * a proxy writes one of them and passes the other on as the client sent it.
 */
export function clientAddressOf(headers: Pick<Headers, 'get'>): string | null {
  const peer = normalise(headers.get(PEER_HEADER));
  if (peer === null) return null;
  const trusted = trustedProxies();
  if (!isTrusted(trusted, peer)) return peer;
  const candidates = [headers.get('x-forwarded-for'), forValuesOf(headers.get('forwarded'))]
    .filter((value) => value !== null)
    .map((value) => lastUntrusted(value, peer, trusted));
  const [first = peer, second = first] = candidates;
  return first === second ? first : null;
}

function lastUntrusted(list: string, peer: string, trusted: BlockList): string {
  const hops = list.split(',').map((hop) => normalise(withoutPort(hop.trim())));
  let address = peer;
  for (const hop of hops.reverse()) {
    if (hop === null) return address;
    address = hop;
    if (!isTrusted(trusted, hop)) return hop;
  }
  return address;
}

/** The `for` parameter of each element of a `Forwarded` header, as a comma-separated list; null when there is none. */
function forValuesOf(header: string | null): string | null {
  if (header === null) return null;
  return header
    .split(',')
    .map((element) => {
      const pair = element.split(';').find((part) => part.trim().toLowerCase().startsWith('for='));
      return pair === undefined
        ? ''
        : pair
            .slice(pair.indexOf('=') + 1)
            .trim()
            .replaceAll('"', '');
    })
    .join(',');
}

/** Azure and RFC 7239 add the client's port: `81.2.69.160:61598`, `[2001:db8::1]:443`. */
function withoutPort(hop: string): string {
  if (hop.startsWith('[')) return hop.slice(1, hop.indexOf(']'));
  const [address = '', ...ports] = hop.split(':');
  return ports.length === 1 ? address : hop;
}

function normalise(address: string | null): string | null {
  if (address === null) return null;
  const bare = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  return isIP(bare) === 0 ? null : bare;
}

/** Whether the request came over a connection from one of `TRUSTED_PROXIES`. */
export function isFromTrustedProxy(headers: Pick<Headers, 'get'>): boolean {
  const peer = normalise(headers.get(PEER_HEADER));
  return peer !== null && isTrusted(trustedProxies(), peer);
}

function isTrusted(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

let cached: { from: string; list: BlockList } | undefined;

function trustedProxies(): BlockList {
  const from = env().trustedProxies.join(' ');
  if (cached?.from !== from) cached = { from, list: toBlockList(env().trustedProxies) };
  return cached.list;
}

function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}
