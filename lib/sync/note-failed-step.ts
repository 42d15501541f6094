import 'server-only';
import type { Fault } from './faults.ts';
import { noteAccountResource, noteConnectionResource } from './note-resource.ts';
import { planRetry, type Retry } from './plan-retry.ts';
import type { SyncSession } from './session.ts';
import { fractionOf } from './spread.ts';
import type { Step } from './step.ts';

/** Notes that a step did not succeed and when it is tried again, without touching what is stored. */
export async function noteFailedStep(session: SyncSession, step: Step, fault: Fault): Promise<Retry> {
  const { ctx, connection, isAttended } = session;
  const now = ctx.clock.now();
  const retry = planRetry({
    now,
    authenticatedAt: connection.authenticatedAt,
    isAttended,
    resource: step.resource,
    fault,
    before: await readBefore(session, step),
    fraction: fractionOf(connection.id),
  });
  const { tries, nextTryAt } = retry;
  const note = { state: fault.state, code: fault.code, triedAt: now, nextTryAt, tries };
  if (step.account === null) await noteConnectionResource(ctx, connection.id, step.resource, note);
  else await noteAccountResource(ctx, step.account.id, step.resource, note);
  return retry;
}

async function readBefore({ ctx, connection }: SyncSession, { account, resource }: Step) {
  const select = { state: true, tries: true, lastTriedAt: true } as const;
  const row =
    account === null
      ? await ctx.db.connectionResource.findUnique({
          where: { connectionId_resource: { connectionId: connection.id, resource } },
          select,
        })
      : await ctx.db.accountResource.findUnique({
          where: { accountId_resource: { accountId: account.id, resource } },
          select,
        });
  // The database's check constraint holds the state to these words.
  return row === null ? null : { ...row, state: row.state as Fault['state'] };
}
