import 'server-only';
import type { Context } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import { AttemptOverError, type ClaimedAttempt, type Grant, LoginTakenError, StoppedMeanwhileError } from './grant.ts';
import { questionRenewal } from './renewal.ts';
import { storeRenewal } from './store-renewal.ts';

/** When the first pass in the landing page's shadow hasn't done it, a job does. */
const BACKSTOP_SECONDS = 45;

type Renewing = { attempt: ClaimedAttempt; connectionId: string };

/**
 * Files what came of a renewal beside the grant in use, in the caller's transaction. The attempt's state says which connection
 * it is for; which of the two grants is used from now on, the first fetch decides.
 * @throws {StoppedMeanwhileError} the person stopped sharing while they were at the bank; {@link LoginTakenError}
 * {@link AttemptOverError}
 */
export async function writeRenewal(ctx: Context, { attempt, connectionId }: Renewing, grant: Grant): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
  const isOpen = { id: connectionId, userId: attempt.userId, endedAt: null, revokingSince: null };
  const held = await ctx.db.connection.findFirst({ where: isOpen, select: { credentialsId: true } });
  if (held === null) throw new StoppedMeanwhileError();
  await refuseTaken(ctx, { attempt, connectionId }, grant);
  await storeRenewal(ctx, {
    connectionId,
    tokens: grant.tokens,
    me: grant.me,
    permissions: grant.permissions,
    authenticatedAt: now,
    attemptId: attempt.id,
    bankId: grant.bankId,
  });
  if (isOtherIdentity(held, attempt, grant)) await questionRenewal(ctx, { connectionId, code: 'other_identity' });
  const { count } = await ctx.db.attempt.updateMany({
    where: { id: attempt.id, status: 'claimed' },
    data: { status: 'linked', tokensAt: now, finishedAt: now, verifierSealed: null },
  });
  if (count === 0) throw new AttemptOverError();
  await ask(ctx, 'connection.sync', { connectionId }, { key: connectionId, afterSeconds: BACKSTOP_SECONDS });
}

/** Only a fresh link makes a grant of its own. On any other way TrueLayer keeps its name, unless somebody else has signed in. */
function isOtherIdentity(held: { credentialsId: string | null }, { way }: ClaimedAttempt, { me }: Grant): boolean {
  if (way === 'fresh_link' || me === null || held.credentialsId === null) return false;
  return me.credentialsId !== held.credentialsId;
}

/** A grant that another connection holds already, another person's or one of their own, can't be this one's too. */
async function refuseTaken(ctx: Context, { attempt, connectionId }: Renewing, { me }: Grant): Promise<void> {
  if (me === null) return;
  const where = { credentialsId: me.credentialsId, id: { not: connectionId } };
  const holder = await ctx.db.connection.findFirst({ where, select: { userId: true } });
  if (holder !== null) throw new LoginTakenError({ isOwn: holder.userId === attempt.userId });
}
