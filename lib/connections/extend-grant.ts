import 'server-only';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { getClientCredentials } from '#lib/settings/sealed-settings';
import { SECOND_MS } from '#lib/time/span';
import type { TokenSet } from '#lib/truelayer/auth-schemas';
import { TrueLayerError } from '#lib/truelayer/error';
import { personAtTrueLayer, redirectUri } from './fresh-link.ts';
import { promoteRenewal } from './promote-renewal.ts';
import type { RenewalTrip } from './renewal-trip.ts';
import { storeRenewal } from './store-renewal.ts';
import { spendRefreshToken, storeOutgoing } from './tokens.ts';

export type Extension = { url: string } | 'renewed' | null;

/**
 * Tells TrueLayer that the person has reconfirmed in our screen. Either that is all, or the bank wants to see them and there is
 * an address to send them to. Null when there is nothing to extend with.
 * @throws {TrueLayerError} when TrueLayer won't, or didn't answer; {@link AppError} conflict when sharing was stopped meanwhile
 */
export async function extendGrant(ctx: Context, trip: RenewalTrip): Promise<Extension> {
  const { attempt, connection } = trip;
  const keys = await getClientCredentials(ctx);
  const user = await personAtTrueLayer(ctx);
  const answer = await spendRefreshToken(ctx, connection.id, async (refreshToken) => {
    const result = await trueLayer().extendConnection({
      ...keys,
      user,
      refreshToken,
      redirectUri: redirectUri(),
      state: attempt.state,
      codeChallenge: attempt.codeChallenge,
      userHasReconfirmedConsent: true,
    });
    // The tokens may have been rotated: they are kept before anybody else may use the old ones.
    const isWanted = result.action !== 'none' || (await keep(ctx, trip, result.tokens));
    return { ...result, isWanted };
  });
  if (answer === null) return null;
  if (!answer.isWanted) throw new AppError('conflict', 'not_renewable');
  if (answer.action !== 'none') return { url: answer.url };
  await proveAndPromote(ctx, trip, answer.tokens);
  return 'renewed';
}

/** False when the person has stopped sharing in the meantime: then TrueLayer is told of these tokens with the rest. */
async function keep(
  ctx: Context,
  { attempt, connection, permissions }: RenewalTrip,
  tokens: TokenSet,
): Promise<boolean> {
  const connectionId = connection.id;
  return inTransaction(ctx, async (tx) => {
    const now = tx.clock.now();
    await tx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
    const isOpen = { id: connectionId, endedAt: null, revokingSince: null };
    if ((await tx.db.connection.count({ where: isOpen })) === 0) {
      await storeOutgoing(tx, { connectionId, credentialsId: null, tokens, attemptId: attempt.id });
      return false;
    }
    await storeRenewal(tx, {
      connectionId,
      tokens,
      me: null,
      permissions,
      authenticatedAt: null,
      attemptId: attempt.id,
    });
    // An extension keeps the grant, and this call holds the lease of the tokens that it has superseded.
    await tx.db.connectionTokens.deleteMany({ where: { connectionId, role: 'current' } });
    await tx.db.attempt.update({
      where: { id: attempt.id },
      data: { status: 'linked', way: 'extend', tokensAt: now, finishedAt: now, verifierSealed: null },
      select: { id: true },
    });
    await ask(tx, 'connection.sync', { connectionId }, { key: `${connectionId} now` });
    return true;
  });
}

const ME_TIMEOUT_MS = 8 * SECOND_MS;

/**
 * Extended is the same grant, so a look at what TrueLayer holds proves the new tokens well enough to go over to them. When it
 * doesn't answer, the next sync proves them.
 */
async function proveAndPromote(ctx: Context, { connection, attempt }: RenewalTrip, tokens: TokenSet): Promise<void> {
  try {
    const {
      items: [me],
    } = await trueLayer().getMe({ accessToken: tokens.accessToken, timeoutMs: ME_TIMEOUT_MS });
    await inTransaction(ctx, async (tx) => {
      const { count } = await tx.db.connectionTokens.updateMany({
        where: { connectionId: connection.id, role: 'incoming', attemptId: attempt.id },
        data: {
          credentialsId: me.credentialsId,
          consentStatus: me.consentStatus,
          consentCreatedAt: me.consentCreatedAt,
          consentExpiresAt: me.consentExpiresAt,
        },
      });
      if (count === 1) await promoteRenewal(tx, connection.id);
    });
  } catch (error) {
    if (!(error instanceof TrueLayerError)) throw error;
    ctx.log.warn(
      { event: 'renewal.unproved', connectionId: connection.id, error },
      'an extension waits for the next sync',
    );
  }
}
