import 'server-only';
import { headers } from 'next/headers';
import { env } from '#lib/env/env';
import { type PsuIp, toPsuIp } from '#lib/truelayer/psu-ip';
import { clientAddressOf } from './client-address.ts';
import { findCurrentUser } from './current-user.ts';

declare const brand: unique symbol;

/**
 * Proof that a person is there and caused what is happening: made from a live request and from nothing else. Jobs can't
 * import this module (the linter sees to it), so no job can claim that somebody is present.
 */
export type Presence = { readonly userId: string; readonly ip: PsuIp; readonly [brand]: true };

/**
 * The person behind the request that is being answered. Null when nobody is signed in, or when their own address isn't
 * known: a call then counts as unattended. Private addresses are people only against the local stand-in.
 */
export async function findPresence(): Promise<Presence | null> {
  const user = await findCurrentUser();
  const address = clientAddressOf(await headers());
  if (user === null || address === null) return null;
  const ip = toPsuIp(address, { allowPrivate: env().trueLayer.environment === 'local' });
  // The brand exists in the type only; this is the one place that gives it.
  return ip === null ? null : ({ userId: user.id, ip } as Presence);
}
