import 'server-only';
import { trueLayer } from '#lib/context/truelayer';
import { TrueLayerError } from '#lib/truelayer/error';
import { type Fault, faultOf, kindOfCode, toFault } from './faults.ts';
import type { Fetch } from './fetch.ts';
import { noteFailedStep } from './note-failed-step.ts';
import { noteMissingHistory } from './note-missing-history.ts';
import type { Retry } from './plan-retry.ts';
import type { SyncSession } from './session.ts';
import type { Step } from './step.ts';
import { SyncNotAllowedError } from './sync-not-allowed.ts';
import { type StepOutcome, takeStep } from './take-step.ts';

/** A fault, with what was planned because of it. */
export type StepFault = Fault & Retry;

/** Takes a step, and makes a fault of what a bank or TrueLayer says against it. Anything else is ours, and is thrown. */
export async function tryStep(session: SyncSession, step: Step, fetch: Fetch): Promise<StepOutcome | StepFault> {
  try {
    return await takeStep(session, step, fetch);
  } catch (error) {
    const fault = toFault(error, session.ctx.clock.now());
    if (fault === null) throw error;
    const settled = await settleFault(session, step, fault);
    report(session, step, settled, error);
    // What wasn't asked hasn't failed.
    if (error instanceof SyncNotAllowedError) return { ...settled, tries: 0, nextTryAt: null, isInWindow: false };
    return noteFault(session, step, settled);
  }
}

/** Writes a fault down, and for the user that their history is incomplete, where it is. */
export async function noteFault(session: SyncSession, step: Step, fault: Fault): Promise<StepFault> {
  const retry = await noteFailedStep(session, step, fault);
  if (step.account !== null && step.resource === 'transactions' && fault.isTransient) {
    await noteMissingHistory(session, step.account);
  }
  return { ...fault, ...retry };
}

export function reauthenticate<F extends Fault>(fault: F): F {
  return { ...fault, action: 'reauthenticate', state: 'failing' };
}

/** A refusal on one account's path may be about that resource only; only the consent's own state says otherwise. */
async function settleFault(session: SyncSession, step: Step, fault: Fault): Promise<Fault> {
  if (fault.action === 'ask_me') return (await isConsentGone(session)) ? reauthenticate(fault) : fault;
  const isTokenRefused = fault.action === 'reauthenticate' && kindOfCode(fault.code) === 'token_expired';
  if (!isTokenRefused || step.account === null || (await isConsentGone(session))) return fault;
  return faultOf('unknown', fault.code);
}

/** TrueLayer answers this by itself, so it costs nothing; only a plain refusal of it proves anything. */
async function isConsentGone(session: SyncSession): Promise<boolean> {
  try {
    await session.call((call) => trueLayer().getMe(call));
    return false;
  } catch (error) {
    const fault = toFault(error, session.ctx.clock.now());
    if (fault === null) throw error;
    return fault.action === 'ask_me' || fault.action === 'reauthenticate';
  }
}

function report(session: SyncSession, step: Step, fault: Fault, error: unknown): void {
  const fields = {
    event: 'sync.step_failed',
    connectionId: session.connection.id,
    accountId: step.account?.id ?? null,
    resource: step.resource,
    errorCode: fault.code,
    action: fault.action,
    ...(error instanceof TrueLayerError
      ? { correlationId: error.correlationId, trueLayerCorrelationId: error.trueLayerCorrelationId }
      : {}),
  };
  if (fault.isReported) session.ctx.log.error({ ...fields, error }, 'a call was refused for what we sent or are');
  else session.ctx.log.info(fields, 'a call brought nothing');
}
