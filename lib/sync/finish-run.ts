import 'server-only';
import { confirmRenewedConsent } from '#lib/connections/confirm-consent';
import { promoteRenewal } from '#lib/connections/promote-renewal';
import { dropRenewal } from '#lib/connections/renewal';
import { settleStatus } from '#lib/connections/settle-status';
import type { StatusFacts } from '#lib/connections/status';
import { type Context, inTransaction } from '#lib/context/context';
import type { SyncTrigger } from '#lib/db/generated/client';
import { noteBankFailure, noteBankSuccess } from './breaker.ts';
import type { Fault } from './faults.ts';
import { loadSyncConnection, type SyncConnection } from './load-connection.ts';
import { loadCountedCalls } from './load-counted-calls.ts';
import { planNextSync, syncIntervalMs } from './plan-next-sync.ts';
import { allSteps, holdOf, nextDueOf, recordOf } from './plan-steps.ts';
import type { Progress } from './progress.ts';
import { closeInterruptedRuns, closeRun } from './run.ts';
import { freshMsOf, heldUntilOf } from './run-steps.ts';
import type { SyncSession } from './session.ts';
import { fractionOf } from './spread.ts';
import type { SyncReport } from './sync-connection.ts';

export type Ending = {
  trigger: SyncTrigger;
  /** The process wants to stop; what wasn't tried is left to another. */
  isStopped: boolean;
};

type Outcome = Exclude<SyncReport['outcome'], 'waiting'>;

/** Nothing was due that could succeed: no run is written, and what is known stays; only the next one is planned. */
export async function finishIdle(
  session: SyncSession,
  { connection }: Progress,
  trigger: SyncTrigger,
): Promise<SyncReport> {
  const { ctx } = session;
  await closeInterruptedRuns(ctx, connection.id);
  const nextSyncAt = await planNext(session, connection, {
    isFirst: trigger === 'first',
    heldUntil: heldUntilOf(connection, ctx.clock.now()),
  });
  const where = { id: connection.id, nextSyncAt: { not: null } };
  await ctx.db.connection.updateMany({ where, data: { nextSyncAt } });
  if (isEveryAccountStopped(connection)) {
    const facts = { lastSyncedAt: ctx.clock.now() };
    await inTransaction(ctx, (tx) => settleStatus(tx, connection.id, { facts, reason: 'synced' }));
  }
  const code = connection.lastErrorCode;
  return { outcome: code === null ? 'complete' : 'partial', code, rowsStored: 0, rowsSetAside: 0, nextSyncAt };
}

/** Closes the run, lets the status follow from what came of it, and plans the next one, all in one transaction. */
export async function finishRun(session: SyncSession, progress: Progress, ending: Ending): Promise<SyncReport> {
  const { ctx, connection, tally, run } = session;
  const outcome = outcomeOf(progress, ending);
  const after = await loadSyncConnection(ctx, connection.id, session.role);
  const [firstFault = null] = progress.faults.values();
  const fault = progress.stoppedBy ?? firstFault;
  const code = fault?.code ?? (ending.isStopped ? 'stopped' : standingCode(after, ctx.clock.now()));
  const failures = failuresAfter(session, outcome, fault);
  const heldUntil = progress.stoppedBy?.heldUntil ?? null;
  const nextSyncAt = await nextSyncAfter(session, ending, { after, outcome, fault, heldUntil });
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
        heldUntil,
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

/** What this run left alone, because it has failed and is not due again yet, is no better than it was. */
function standingCode(connection: SyncConnection, now: Date): string | null {
  const standing = allSteps(connection).flatMap((step) => {
    const record = recordOf(connection, step);
    return record !== undefined && holdOf(connection, step, now) !== null && record.state === 'failing' ? [record] : [];
  });
  return standing[0]?.code ?? null;
}

function outcomeOf({ faults, succeeded, stoppedBy }: Progress, { isStopped }: Ending): Outcome {
  if (faults.size === 0 && stoppedBy === null && !isStopped) return 'complete';
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
  const isAllThereIs = outcome === 'complete' && (taken.size > 0 || isEveryAccountStopped(session.connection));
  return {
    ...(hasData || isAllThereIs ? { lastSyncedAt: now } : {}),
    ...(isAllThereIs && !session.tally.hasData && session.connection.firstDataAt === null ? { firstDataAt: now } : {}),
  };
}

/** Then there is nothing to fetch, and nothing that could be out of date. */
function isEveryAccountStopped({ accounts }: SyncConnection): boolean {
  return accounts.length > 0 && accounts.every(({ isStopped }) => isStopped);
}

type Result = { after: SyncConnection; outcome: Outcome; fault: Fault | null; heldUntil: Date | null };

/** Undecided (null) when a person's refresh failed or a process stopped: the plan that was there holds. */
async function nextSyncAfter(session: SyncSession, ending: Ending, result: Result): Promise<Date | null> {
  if (session.isAttended && (ending.trigger === 'first' || result.outcome === 'failed')) return null;
  if (ending.isStopped && result.fault === null) return null;
  const { after, heldUntil } = result;
  return planNext(session, after, { isFirst: ending.trigger === 'first', heldUntil });
}

async function planNext(
  { ctx }: SyncSession,
  connection: SyncConnection,
  { isFirst, heldUntil }: { isFirst: boolean; heldUntil: Date | null },
): Promise<Date> {
  const now = ctx.clock.now();
  const isPerEndpoint = connection.bank.limitsPerEndpoint;
  const intervalMs = syncIntervalMs(isPerEndpoint);
  const steps = allSteps(connection).flatMap((step) => {
    const due = nextDueOf(connection, step, { now, intervalMs, freshMs: freshMsOf(connection) });
    return due === null ? [] : [{ ...due, accountId: step.account?.id ?? null }];
  });
  return planNextSync({
    now,
    steps,
    heldUntil,
    isFirst,
    calls: await loadCountedCalls(ctx, connection.id, now),
    isPerEndpoint,
    fraction: fractionOf(connection.id),
  });
}

/** Whoever got an answer from the bank clears it; who was sent away without any speaks against it. */
async function tellBreaker({ ctx, connection, run }: SyncSession, progress: Progress): Promise<void> {
  const { succeeded, stoppedBy, faults } = progress;
  const all = [...(stoppedBy === null ? [] : [stoppedBy]), ...faults.values()];
  const [first] = all;
  if (succeeded.length > 0) await noteBankSuccess(ctx, connection.bankId);
  else if (first !== undefined && all.every(({ isBankFault }) => isBankFault)) {
    const failure = { connectionId: connection.id, code: first.code, startedAt: run.startedAt };
    await noteBankFailure(ctx, connection.bankId, failure);
  }
}
