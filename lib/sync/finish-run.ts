import 'server-only';
import { createHash } from 'node:crypto';
import { confirmRenewedConsent } from '#lib/connections/confirm-consent';
import { promoteRenewal } from '#lib/connections/promote-renewal';
import { dropRenewal } from '#lib/connections/renewal';
import { settleStatus } from '#lib/connections/settle-status';
import type { StatusFacts } from '#lib/connections/status';
import { type Context, inTransaction } from '#lib/context/context';
import type { SyncTrigger } from '#lib/db/generated/client';
import { noteBankFailure, noteBankSuccess } from './breaker.ts';
import type { Fault } from './faults.ts';
import { loadCountedCalls } from './load-counted-calls.ts';
import { planNextSync } from './plan-next-sync.ts';
import type { Progress } from './progress.ts';
import { closeRun } from './run.ts';
import type { SyncSession } from './session.ts';
import type { SyncReport } from './sync-connection.ts';

export type Ending = {
  trigger: SyncTrigger;
  /** The process wants to stop; what wasn't tried is left to another. */
  isStopped: boolean;
};

type Outcome = Exclude<SyncReport['outcome'], 'waiting'>;

/** Closes the run, lets the status follow from what came of it, and plans the next one, all in one transaction. */
export async function finishRun(session: SyncSession, progress: Progress, ending: Ending): Promise<SyncReport> {
  const { ctx, connection, tally, run } = session;
  const outcome = outcomeOf(progress, ending);
  const fault = progress.stoppedBy ?? progress.faults[0] ?? null;
  const code = fault?.code ?? (ending.isStopped ? 'stopped' : null);
  const failures = failuresAfter(session, outcome, fault);
  const nextSyncAt = await nextSyncAfter(session, ending, { outcome, fault, failures });
  await tellBreaker(session, progress);
  await inTransaction(ctx, async (tx) => {
    const isRefused = progress.stoppedBy?.action === 'reauthenticate';
    const isGrantDead =
      session.role === 'incoming'
        ? (await settleRenewal(tx, session, progress)) === 'tokens_in_use'
        : isRefused && (await isSameGrant(tx, session));
    if (progress.succeeded.length > 0) await confirmRenewedConsent(tx, connection.id, run.startedAt);
    await closeRun(tx, run.id, { outcome, code, rowsStored: tally.rowsStored, rowsSetAside: tally.rowsSetAside });
    await settleStatus(tx, connection.id, {
      facts: {
        failures,
        ...freshFacts(session, progress, outcome),
        ...(isGrantDead ? { grantRefusedAt: tx.clock.now() } : {}),
      },
      data: {
        ...(isGrantDead ? { grantRefusedCode: code ?? 'unknown' } : {}),
        ...errorAfter(code, tx.clock.now()),
        ...(nextSyncAt === null ? {} : { nextSyncAt }),
      },
      reason: code ?? 'synced',
    });
  });
  ctx.log.info(
    { event: 'sync.finished', connectionId: connection.id, trigger: ending.trigger, outcome, errorCode: code },
    'a sync has ended',
  );
  return { outcome, code, rowsStored: tally.rowsStored, rowsSetAside: tally.rowsSetAside, nextSyncAt };
}

/** A renewal that has fetched anything is the grant from now on; one that was refused has failed; else it is tried again. */
async function settleRenewal(tx: Context, { connection }: SyncSession, progress: Progress) {
  const { succeeded, stoppedBy } = progress;
  if (stoppedBy?.action === 'reauthenticate') {
    return dropRenewal(tx, { connectionId: connection.id, code: stoppedBy.code });
  }
  if (succeeded.some(({ resource }) => resource !== 'info')) {
    await promoteRenewal(tx, connection.id);
  }
  return 'none';
}

/** That a consent has come to its end is nobody's error, and isn't shown as one. */
function errorAfter(code: string | null, now: Date) {
  if (code === 'consent_ended') return {};
  return code === null ? { lastErrorCode: null } : { lastErrorCode: code, lastErrorAt: now };
}

/** The refusal was meant for the tokens of this sign-in: not when the person has been to the bank meanwhile, or is there. */
async function isSameGrant(tx: Context, { connection }: SyncSession): Promise<boolean> {
  const { authenticatedAt, tokens } = await tx.db.connection.findUniqueOrThrow({
    where: { id: connection.id },
    select: { authenticatedAt: true, tokens: { where: { role: 'incoming' }, select: { id: true } } },
  });
  return tokens.length === 0 && authenticatedAt?.getTime() === connection.authenticatedAt?.getTime();
}

function outcomeOf({ faults, succeeded }: Progress, { isStopped }: Ending): Outcome {
  if (faults.length === 0 && !isStopped) return 'complete';
  return succeeded.length > 0 ? 'partial' : 'failed';
}

/** A person's own refresh that fails says nothing about what jobs will meet; one that works does. */
function failuresAfter({ connection, isAttended }: SyncSession, outcome: Outcome, fault: Fault | null): number {
  if (outcome !== 'failed') return 0;
  const saysNothing = isAttended || fault === null || fault.code === 'consent_ended';
  return saysNothing ? connection.failures : connection.failures + 1;
}

/** Only what has come makes a connection fresh: a run that tried and got nothing leaves its age as it is. */
function freshFacts(session: SyncSession, { succeeded, taken }: Progress, outcome: Outcome): Partial<StatusFacts> {
  const now = session.ctx.clock.now();
  const hasData = succeeded.some(({ resource }) => resource === 'balance' || resource === 'transactions');
  const { accounts } = session.connection;
  const isAllStopped = accounts.length > 0 && accounts.every(({ isStopped }) => isStopped);
  const isAllThereIs = outcome === 'complete' && (taken.size > 0 || isAllStopped);
  return {
    ...(hasData || isAllThereIs ? { lastSyncedAt: now } : {}),
    ...(isAllThereIs && !session.tally.hasData && session.connection.firstDataAt === null ? { firstDataAt: now } : {}),
  };
}

/** Undecided (null) when a person's refresh failed or a process stopped: the plan that was there holds. */
async function nextSyncAfter(
  session: SyncSession,
  ending: Ending,
  result: { outcome: Outcome; fault: Fault | null; failures: number },
): Promise<Date | null> {
  if (session.isAttended && (ending.trigger === 'first' || result.outcome === 'failed')) return null;
  if (ending.isStopped && result.fault === null) return null;
  const { ctx, connection } = session;
  const now = ctx.clock.now();
  return planNextSync({
    now,
    fault: result.fault,
    failures: result.failures,
    isFirst: ending.trigger === 'first',
    accountIds: [...session.accountIds.values()],
    calls: await loadCountedCalls(ctx, connection.id, now),
    isPerEndpoint: connection.bank.limitsPerEndpoint,
    fraction: fractionOf(connection.id),
  });
}

/** Whoever got an answer from the bank clears it; who was sent away without any speaks against it. */
async function tellBreaker({ ctx, connection, run }: SyncSession, { succeeded, stoppedBy }: Progress): Promise<void> {
  if (succeeded.length > 0) await noteBankSuccess(ctx, connection.bankId);
  else if (stoppedBy?.isBankFault === true) {
    await noteBankFailure(ctx, connection.bankId, { code: stoppedBy.code, startedAt: run.startedAt });
  }
}

/** The same for a connection at each run, and spread evenly over all of them. */
function fractionOf(connectionId: string): number {
  return createHash('sha256').update(connectionId).digest().readUInt32BE(0) / 2 ** 32;
}
