import { BlockList, isIP } from 'node:net';

declare const brand: unique symbol;

/** The public address of a person who is present, fit for `X-PSU-IP`. */
export type PsuIp = string & { readonly [brand]: true };

/**
 * Null for text that isn't an address, and for addresses that cannot be a person's on the internet, unless `allowPrivate`.
 * An IPv4 address in IPv6 clothing comes out as IPv4.
 */
export function toPsuIp(address: string, options: { allowPrivate: boolean }): PsuIp | null {
  const plain = unmapped(address.trim());
  const family = isIP(plain);
  if (family === 0 || plain.includes('%')) return null;
  if (options.allowPrivate) return branded(plain);
  const isPublic =
    family === 4 ? !special.check(plain, 'ipv4') : global.check(plain, 'ipv6') && !special.check(plain, 'ipv6');
  return isPublic ? branded(plain) : null;
}

// IANA's special-purpose registries, and multicast. Each line: what it is for, and where.
const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, prefix, 'ipv6');

// Global unicast is the only part of IPv6 that has been given out to people.
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/** IPv6 in its shortest lower-case spelling, IPv4-mapped as IPv4, anything else as it was. */
function unmapped(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address;
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest);
  if (!mapped) return shortest;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

// The brand exists in the type only; this function and its checks are the one way to get it.
function branded(address: string): PsuIp {
  return address as PsuIp;
}
