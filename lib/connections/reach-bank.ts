import 'server-only';
import { getBank } from '#lib/banks/get-bank';
import { listSuccessors } from '#lib/banks/same-bank';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { NotFoundError } from '#lib/errors/app-error';
import { unreachable } from '#lib/errors/unreachable';
import { getSettings } from '#lib/settings/settings';
import { TrueLayerError } from '#lib/truelayer/error';
import { type Extension, extendGrant } from './extend-grant.ts';
import { makeFreshLink, redirectUri } from './fresh-link.ts';
import type { RenewalTrip, Renewing } from './renewal-trip.ts';
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
    case 'fresh_link':
      return freshLink(ctx, trip);
    default:
      return unreachable(way);
  }
}

/** At the bank itself or at the one that replaced it; where a retired bank has no known replacement, TrueLayer shows its list. */
async function freshLink(ctx: Context, { attempt, connection, permissions }: RenewalTrip): Promise<{ url: string }> {
  const { flow, providers } = await getSettings(ctx);
  const bankId = await linkableIdOf(ctx, connection);
  const isAsked = flow === 'direct' && connection.bank.hasQuestions;
  const url = await makeFreshLink(ctx, {
    attempt,
    flow: isAsked ? 'bank-selection' : flow,
    providers,
    bankId,
    permissions,
    mayDropPermissions: false,
  });
  return { url };
}

async function linkableIdOf(ctx: Context, { bankId, grantRefusedCode }: Renewing): Promise<string | null> {
  const present = await findPresentId(ctx, bankId);
  if (grantRefusedCode !== BANK_RETIRED) return present ?? bankId;
  return present === bankId ? await findReplacement(ctx, bankId) : present;
}

/** TrueLayer's code for a bank that it has retired. */
const BANK_RETIRED = 'deprecated_provider';

/** Whether grants at this bank can't be renewed any more. */
export async function isBankRetired(ctx: Context, { bankId, grantRefusedCode }: Renewing): Promise<boolean> {
  if (grantRefusedCode === BANK_RETIRED) return true;
  const present = await findPresentId(ctx, bankId);
  return present !== null && present !== bankId;
}

/** The id under which the bank can be linked now; null when it isn't offered any more. */
async function findPresentId(ctx: Context, bankId: string): Promise<string | null> {
  try {
    return (await getBank(ctx, bankId)).id;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** TrueLayer may refuse a bank's grants while it still lists it beside its replacement. */
async function findReplacement(ctx: Context, bankId: string): Promise<string | null> {
  for (const id of listSuccessors(bankId)) {
    const present = await findPresentId(ctx, id);
    if (present !== null) return present;
  }
  return null;
}
