import 'server-only';
import { BlockList, isIP } from 'node:net';
import { env } from '#lib/env/env';

/** Set by us from the socket for every request that comes in, over anything the sender put there. */
export const PEER_HEADER = 'x-linkwell-peer';

/**
 * The address of whoever sent a request: the socket's own, unless that is one of the proxies we were told to believe; then
 * the last address in X-Forwarded-For that isn't such a proxy. Null when it can't be known.
 */
export function clientAddressOf(headers: Pick<Headers, 'get'>): string | null {
  const peer = normalise(headers.get(PEER_HEADER));
  if (peer === null) return null;
  const trusted = trustedProxies();
  if (!isTrusted(trusted, peer)) return peer;
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => normalise(hop.trim()));
  let address: string | null = peer;
  for (const hop of hops.reverse()) {
    if (hop === null) return address;
    address = hop;
    if (!isTrusted(trusted, hop)) return hop;
  }
  return address;
}

function normalise(address: string | null): string | null {
  if (address === null) return null;
  const bare = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  return isIP(bare) === 0 ? null : bare;
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
