import 'server-only';
import { noteAccountResource, noteConnectionResource } from './note-resource.ts';
import type { ResourceState } from './resource.ts';
import type { SyncSession } from './session.ts';
import type { Step } from './step.ts';

/** Notes that a step did not succeed, without touching what is stored. */
export async function noteFailedStep(
  session: SyncSession,
  step: Step,
  fault: { state: ResourceState; code: string },
): Promise<void> {
  const note = { state: fault.state, code: fault.code, triedAt: session.ctx.clock.now() };
  if (step.account === null) await noteConnectionResource(session.ctx, session.connection.id, step.resource, note);
  else await noteAccountResource(session.ctx, step.account.id, step.resource, note);
}
