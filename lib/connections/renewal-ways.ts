import { unreachable } from '#lib/errors/unreachable';
import { type ConnectionStatus, isOver } from './status.ts';

/** `extend`: by our own screen. `reauth_link`: back to the bank, the grant stays. `fresh_link`: all over again. */
export type RenewalWay = 'extend' | 'reauth_link' | 'fresh_link';

type Situation = {
  country: string;
  environment: 'local' | 'sandbox' | 'live';
  /** TrueLayer has reviewed our reconfirmation screen. */
  isApproved: boolean;
  status: ConnectionStatus;
  /** TrueLayer has retired the bank, or files it under another id: its grants can't be renewed. */
  isBankRetired: boolean;
};

/** The ways to renew, the easiest for the person first: each is tried when the one before it isn't to be had. */
export function renewalWays({
  country,
  environment,
  isApproved,
  status,
  isBankRetired,
}: Situation): readonly RenewalWay[] {
  // TrueLayer offers neither of the others outside of the UK.
  if (country !== 'uk') return ['fresh_link'];
  if (isBankRetired && status !== 'revoking' && !isOver(status)) return ['fresh_link'];
  switch (status) {
    case 'pending':
    case 'active':
    case 'degraded':
    case 'needs_reconfirmation':
    case 'expired':
      return environment === 'live' && !isApproved
        ? ['reauth_link', 'fresh_link']
        : ['extend', 'reauth_link', 'fresh_link'];
    // The bank wants to see the person: reconfirming wouldn't be enough.
    case 'needs_reauthentication':
      return ['reauth_link', 'fresh_link'];
    case 'revoking':
    case 'revoked':
    case 'failed':
      return [];
    default:
      return unreachable(status);
  }
}
