import 'server-only';
import { trueLayer } from '#lib/context/truelayer';
import { TrueLayerError } from '#lib/truelayer/error';
import { type Fault, toFault } from './faults.ts';
import type { Fetch } from './fetch.ts';
import { noteFailedStep } from './note-failed-step.ts';
import type { SyncSession } from './session.ts';
import type { Step } from './step.ts';
import { SyncNotAllowedError } from './sync-not-allowed.ts';
import { type StepOutcome, takeStep } from './take-step.ts';

/** Takes a step, and makes a fault of what a bank or TrueLayer says against it. Anything else is ours, and is thrown. */
export async function tryStep(session: SyncSession, step: Step, fetch: Fetch): Promise<StepOutcome | Fault> {
  try {
    return await takeStep(session, step, fetch);
  } catch (error) {
    const fault = toFault(error);
    if (fault === null) throw error;
    const settled = fault.action === 'ask_me' && (await isConsentGone(session)) ? reauthenticate(fault) : fault;
    // What wasn't asked hasn't failed.
    if (!(error instanceof SyncNotAllowedError)) await noteFailedStep(session, step, settled);
    report(session, step, settled, error);
    return settled;
  }
}

export function reauthenticate(fault: Fault): Fault {
  return { ...fault, action: 'reauthenticate', state: 'failing' };
}

/** TrueLayer answers this by itself, so it costs nothing; only a plain refusal of it proves anything. */
async function isConsentGone(session: SyncSession): Promise<boolean> {
  try {
    await session.call((call) => trueLayer().getMe(call));
    return false;
  } catch (error) {
    const fault = toFault(error);
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
