import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import { addMs, DAY_MS } from '#lib/time/span';
import type { Me } from '#lib/truelayer/identity-schemas';
import { consentDaysIn } from './consent-offer.ts';
import { type FiledBank, fileBank } from './file-bank.ts';
import { AttemptOverError, type ClaimedAttempt, type Grant, LoginTakenError, StoppedMeanwhileError } from './grant.ts';
import { settleStatus } from './settle-status.ts';
import { storeTokens } from './tokens.ts';

/** When the first pass in the landing page's shadow hasn't done it, a job does. */
const BACKSTOP_SECONDS = 45;
/** TrueLayer didn't say when the consent ends: it is asked again after this. */
const ASK_END_SECONDS = 120;

/** Files a fresh grant: under a connection of its own, or under the one that TrueLayer says it is. In one transaction. */
export async function writeConnection(ctx: Context, attempt: ClaimedAttempt, grant: Grant): Promise<void> {
  await requireStaying(ctx, attempt.userId);
  const bank = await fileBank(ctx, grant.bankId, grant.me);
  const known = await findByCredentials(ctx, attempt, grant.me);
  const connectionId = known ?? uuidv7();
  if (known === null) await addConnection(ctx, { connectionId, attempt, grant, bank });
  else await takeOver(ctx, { connectionId, grant, bank });
  const credentialsId = grant.me?.credentialsId ?? null;
  await storeTokens(ctx, { connectionId, role: 'current', credentialsId, tokens: grant.tokens });
  await closeAttempt(ctx, { connectionId, attempt, grant, bank });
  await recordAudit(ctx, {
    action: known === null ? 'connection.linked' : 'connection.linked_again',
    subject: { kind: 'connection', id: connectionId },
    connectionId,
    personId: attempt.userId,
    after: { bankId: grant.bankId, permissions: grant.permissions, attemptId: attempt.id },
  });
  await ask(ctx, 'connection.sync', { connectionId }, { key: connectionId, afterSeconds: BACKSTOP_SECONDS });
  if (!isEndTold(grant)) {
    await ask(ctx, 'consent.read', { connectionId }, { key: `${connectionId} linked`, afterSeconds: ASK_END_SECONDS });
  }
}

/** Else the end is what such consents usually have, until TrueLayer says. */
function isEndTold({ me }: Grant): boolean {
  return me !== null && me.consentExpiresAt !== null;
}

/**
 * Somebody who leaves takes every connection along: none may be added behind them. The lock lets the two take turns.
 * @throws {StoppedMeanwhileError}
 */
async function requireStaying(ctx: Context, userId: string): Promise<void> {
  const [row] = await ctx.db.$queryRaw<{ leaving_at: Date | null }[]>`
    select leaving_at from users where id = ${userId}::uuid for share`;
  if (row === undefined || row.leaving_at !== null) throw new StoppedMeanwhileError();
}

/**
 * A fresh link should bring a new identity. Should TrueLayer give one that we hold, it is that connection, given anew; an
 * ended one gives it up and stays as history.
 */
async function findByCredentials(ctx: Context, attempt: ClaimedAttempt, me: Me | null): Promise<string | null> {
  if (me === null) return null;
  const held = await ctx.db.connection.findUnique({
    where: { credentialsId: me.credentialsId },
    select: { id: true, userId: true, endedAt: true, revokingSince: true },
  });
  if (held === null) return null;
  if (held.userId !== attempt.userId) throw new LoginTakenError({ isOwn: false });
  if (held.endedAt === null && held.revokingSince === null) return held.id;
  await ctx.db.connection.update({ where: { id: held.id }, data: { credentialsId: null }, select: { id: true } });
  return null;
}

type Filed = { connectionId: string; attempt: ClaimedAttempt; grant: Grant; bank: FiledBank };

async function addConnection(ctx: Context, { connectionId, attempt, grant, bank }: Filed): Promise<void> {
  const now = ctx.clock.now();
  const { bankId, permissions } = grant;
  await ctx.db.connection.create({
    data: {
      ...consentOf(ctx, grant, bank),
      id: connectionId,
      userId: attempt.userId,
      bankId,
      bankName: bank.displayName,
      status: 'pending',
      statusReason: 'linked',
      statusChangedAt: now,
      connectedAt: now,
      nextSyncAt: addMs(now, DAY_MS),
      permissions: { createMany: { data: permissions.map((permission) => ({ permission, grantedAt: now })) } },
    },
    select: { id: true },
  });
}

async function takeOver(ctx: Context, { connectionId, grant, bank }: Omit<Filed, 'attempt'>): Promise<void> {
  const now = ctx.clock.now();
  const { consentExpiresAt, ...consent } = consentOf(ctx, grant, bank);
  await ctx.db.connectionPermission.deleteMany({ where: { connectionId } });
  await ctx.db.connectionPermission.createMany({
    data: grant.permissions.map((permission) => ({ connectionId, permission, grantedAt: now })),
  });
  await settleStatus(ctx, connectionId, {
    facts: { consentExpiresAt, grantRefusedAt: null, failures: 0 },
    data: { ...consent, grantRefusedCode: null },
    reason: 'linked_again',
  });
}

function consentOf(ctx: Context, grant: Grant, bank: FiledBank) {
  const { me } = grant;
  const now = ctx.clock.now();
  return {
    credentialsId: me?.credentialsId ?? null,
    consentStatus: me?.consentStatus ?? null,
    consentCreatedAt: me?.consentCreatedAt ?? now,
    consentExpiresAt: me?.consentExpiresAt ?? addMs(now, consentDaysIn(bank.country) * DAY_MS),
    consentCheckedAt: isEndTold(grant) ? now : null,
    authenticatedAt: now,
  };
}

async function closeAttempt(ctx: Context, { connectionId, attempt, grant, bank }: Filed): Promise<void> {
  const now = ctx.clock.now();
  const { count } = await ctx.db.attempt.updateMany({
    where: { id: attempt.id, status: 'claimed' },
    data: {
      status: 'linked',
      connectionId,
      bankId: grant.bankId,
      tokensAt: now,
      finishedAt: now,
      verifierSealed: null,
    },
  });
  if (count === 0) throw new AttemptOverError();
  await ctx.db.consentReceipt.updateMany({
    where: { attemptId: attempt.id },
    data: { connectionId, bankId: grant.bankId, bankName: bank.displayName },
  });
}
