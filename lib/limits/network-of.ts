import { isIP } from 'node:net';

/**
 * What counts as one caller. An address of version 4 is one; of version 6 everybody has at least 2^64 of, so there it is the
 * network (RFC 6177): the first four of eight groups.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  return `${firstGroups(address, 4)}::/64`;
}

/** The network that an address belongs to, too coarse to name a household: `81.2.69.0/24`, `2001:db8:1::/48`. */
export function prefixOf(address: string): string {
  if (isIP(address) === 6) return `${firstGroups(address, 3)}::/48`;
  return isIP(address) === 4 ? `${address.split('.').slice(0, 3).join('.')}.0/24` : address;
}

/** The first `count` of an IPv6 address' eight groups. */
function firstGroups(address: string, count: number): string {
  const [front = '', back] = address.split('%')[0]?.split('::') ?? [];
  const groups = front === '' ? [] : front.split(':');
  const rest = back === undefined || back === '' ? [] : back.split(':');
  const zeros = back === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  return [...groups, ...zeros, ...rest]
    .slice(0, count)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
