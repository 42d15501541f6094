import 'server-only';
import { getBank } from '#lib/banks/get-bank';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { NotFoundError } from '#lib/errors/app-error';
import { unreachable } from '#lib/errors/unreachable';
import { getSettings } from '#lib/settings/settings';
import { TrueLayerError } from '#lib/truelayer/error';
import { type Extension, extendGrant } from './extend-grant.ts';
import { makeFreshLink, redirectUri } from './fresh-link.ts';
import type { RenewalTrip } from './renewal-trip.ts';
import type { RenewalWay } from './renewal-ways.ts';
import { spendRefreshToken } from './tokens.ts';

export type Reached = { way: RenewalWay; url: string | null };

/**
 * Takes the first of the ways that leads somewhere. A refusal of one leads to the next by itself and costs nothing: the grant in
 * use stays as it is throughout.
 * @throws {TrueLayerError} when TrueLayer is in trouble, or the last way is refused too
 */
export async function reachBank(ctx: Context, trip: RenewalTrip, ways: readonly RenewalWay[]): Promise<Reached> {
  for (const way of ways.slice(0, -1)) {
    const reached = await tryWay(ctx, trip, way).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      ctx.log.warn(
        { event: 'renewal.way_refused', connectionId: trip.connection.id, way, error },
        'a way to renew is not to be had; the next one is tried',
      );
      return null;
    });
    if (reached !== null) return { way, url: reached === 'renewed' ? null : reached.url };
  }
  const last = ways.at(-1) ?? 'fresh_link';
  const reached = await tryWay(ctx, trip, last);
  if (reached === null) throw new NotFoundError('connection_tokens');
  return { way: last, url: reached === 'renewed' ? null : reached.url };
}

/** What trying again wouldn't change: this connection, or this client, can't be renewed in that way. */
function isRefusal(error: unknown): boolean {
  return error instanceof NotFoundError || (error instanceof TrueLayerError && !error.isRetryable);
}

async function tryWay(ctx: Context, trip: RenewalTrip, way: RenewalWay): Promise<Extension> {
  const { attempt, connection } = trip;
  switch (way) {
    case 'extend':
      return extendGrant(ctx, trip);
    case 'reauth_link':
      return spendRefreshToken(ctx, connection.id, (refreshToken) =>
        trueLayer().createReauthLink({
          refreshToken,
          redirectUri: redirectUri(),
          state: attempt.state,
          codeChallenge: attempt.codeChallenge,
        }),
      );
    case 'fresh_link': {
      const { flow, providers } = await getSettings(ctx);
      const isAsked = flow === 'direct' && connection.bank.hasQuestions;
      const url = await makeFreshLink(ctx, {
        attempt,
        flow: isAsked ? 'bank-selection' : flow,
        providers,
        bankId: await presentIdOf(ctx, connection.bankId),
        permissions: trip.permissions,
      });
      return { url };
    }
    default:
      return unreachable(way);
  }
}

/** The bank may be filed under another id since it was linked. One that isn't offered any more is asked for all the same. */
async function presentIdOf(ctx: Context, bankId: string): Promise<string> {
  try {
    return (await getBank(ctx, bankId)).id;
  } catch (error) {
    if (error instanceof NotFoundError) return bankId;
    throw error;
  }
}
