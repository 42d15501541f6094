import 'server-only';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { SECOND_MS } from '#lib/time/span';
import type { TokenSet } from '#lib/truelayer/auth-schemas';
import { TrueLayerError } from '#lib/truelayer/error';
import type { Me } from '#lib/truelayer/identity-schemas';
import { exchangeCode } from './exchange-code.ts';
import { type ClaimedAttempt, GrantLeftOpenError, IdentityUnknownError, LoginTakenError } from './grant.ts';
import { storeOutgoing } from './tokens.ts';
import { writeConnection } from './write-connection.ts';
import { writeRenewal } from './write-renewal.ts';

/** Exchanges the code, asks what it opens, and stores both together. */
export async function linkAttempt(
  ctx: Context,
  attempt: ClaimedAttempt,
  { code, granted }: { code: string; granted: string[] | null },
): Promise<void> {
  // From here on TrueLayer may hold a grant: if this process dies, the sweep says so.
  await ctx.db.attempt.update({
    where: { id: attempt.id },
    data: { codeSentAt: ctx.clock.now() },
    select: { id: true },
  });
  const tokens = await exchangeCode(ctx, { attempt, code });
  let me: Me | null = null;
  try {
    me = await readMe(ctx, tokens);
    const bankId = me?.bank.bankId ?? attempt.bankId;
    if (bankId === null) throw new IdentityUnknownError();
    const permissions = tokens.permissions ?? granted ?? me?.permissions ?? askedIn(attempt);
    const grant = { tokens, me, bankId, permissions };
    const { connectionId, purpose } = attempt;
    await inTransaction(ctx, (tx) =>
      purpose === 'connect' || connectionId === null
        ? writeConnection(tx, attempt, grant)
        : writeRenewal(tx, { attempt, connectionId }, grant),
    );
  } catch (error) {
    if (error instanceof LoginTakenError) throw error;
    if (!(await giveBack(ctx, attempt, { tokens, me }))) throw new GrantLeftOpenError(error);
    throw error;
  }
}

function askedIn({ permissions, refusedPermissions }: ClaimedAttempt): string[] {
  return permissions.filter((permission) => !refusedPermissions.includes(permission));
}

const ME_TIMEOUT_MS = 8 * SECOND_MS;

/** The tokens are good whether or not this answers; a job asks again later. */
async function readMe(ctx: Context, tokens: TokenSet): Promise<Me | null> {
  try {
    const { items } = await trueLayer().getMe({ accessToken: tokens.accessToken, timeoutMs: ME_TIMEOUT_MS });
    return items[0];
  } catch (error) {
    if (!(error instanceof TrueLayerError)) throw error;
    ctx.log.warn({ event: 'attempt.no_me', error }, 'the new connection did not say what it is');
    return null;
  }
}

type Unstored = { tokens: TokenSet; me: Me | null };

/** Tokens that could not be stored are given back to TrueLayer, at once or by a job that has them. False when that failed as well. */
async function giveBack(ctx: Context, attempt: ClaimedAttempt, unstored: Unstored): Promise<boolean> {
  try {
    // The commit may have gone through and only its answer been lost.
    const isStored = await ctx.db.attempt.count({ where: { id: attempt.id, status: 'linked' } });
    if (isStored > 0 || (await isInUse(ctx, attempt, unstored.me))) return true;
    await trueLayer()
      .revoke({ accessToken: unstored.tokens.accessToken })
      .catch((error: unknown) => leaveToJob(ctx, attempt, unstored, error));
    await ctx.db.attempt.updateMany({
      where: { id: attempt.id, unknownConsentAt: { not: null } },
      data: { unknownConsentAt: null, unknownConsentDismissedAt: null },
    });
    return true;
  } catch (error) {
    ctx.log.error(
      { event: 'attempt.not_given_back', attemptId: attempt.id, error },
      'a grant that we could not store may live on at TrueLayer',
    );
    return false;
  }
}

/** Beside a connection that hasn't ended it is ended like any other grant that goes out. Without one there is no place for it. */
async function leaveToJob(
  ctx: Context,
  { id: attemptId, connectionId }: ClaimedAttempt,
  { tokens, me }: Unstored,
  error: unknown,
): Promise<void> {
  if (connectionId === null) throw error;
  await storeOutgoing(ctx, { connectionId, credentialsId: me?.credentialsId ?? null, tokens, attemptId });
  ctx.log.warn(
    { event: 'attempt.given_back_later', attemptId, error },
    'a grant waits for TrueLayer to be told of its end',
  );
}

/** Of the grant that a connection lives by these are only newer tokens: giving them back would end what is shared now. */
async function isInUse(ctx: Context, attempt: ClaimedAttempt, me: Me | null): Promise<boolean> {
  const { connectionId, way, userId } = attempt;
  if (me === null && (connectionId === null || way === 'fresh_link')) return false;
  const grant = me === null ? { id: connectionId ?? '' } : { credentialsId: me.credentialsId };
  const where = { ...grant, userId, endedAt: null, revokingSince: null };
  return (await ctx.db.connection.count({ where })) > 0;
}
