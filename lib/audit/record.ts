import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#lib/actor/actor';
import { isPerson } from '#lib/actor/actor';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { prefixOf } from '#lib/limits/network-of';
import { storeTypedReason } from './typed-reasons.ts';

export type AuditEvent = {
  /** `connection.revoked`, `settings.changed`: what happened, in the past tense. */
  action: string;
  subject: { kind: string; id: string };
  connectionId?: string | null;
  /** Whose data it is about. */
  personId?: string | null;
  before?: Prisma.InputJsonObject;
  after?: Prisma.InputJsonObject;
  /** A code of ours. */
  reason?: string;
  /** What an admin typed, up to 500 characters. It can be read until the person that the entry is about is erased. */
  typedReason?: string;
};

/**
 * Writes who did what, in the transaction that does it; without one there is nothing to be atomic with, and that is a bug.
 * No secret and nothing of the bank's data belongs in `before` or `after`.
 */
export async function recordAudit(ctx: Context, event: AuditEvent): Promise<void> {
  if (!ctx.isInTransaction) throw new Error(`audit of ${event.action} outside a transaction`);
  const entryId = uuidv7();
  await ctx.db.auditEntry.create({
    data: {
      id: entryId,
      at: ctx.clock.now(),
      actorKind: ctx.actor.kind,
      actorId: isPerson(ctx.actor) ? ctx.actor.userId : null,
      actorLabel: labelOf(ctx.actor),
      action: event.action,
      subjectKind: event.subject.kind,
      subjectId: event.subject.id,
      connectionId: event.connectionId ?? null,
      personId: event.personId ?? null,
      ...(event.before === undefined ? {} : { before: event.before }),
      ...(event.after === undefined ? {} : { after: event.after }),
      reason: event.reason ?? null,
      requestId: ctx.requestId,
      callerAddress: callerAddressOf(ctx),
    },
    select: { id: true },
  });
  if (event.typedReason === undefined) return;
  await storeTypedReason(ctx, { entryId, personId: event.personId ?? null, text: event.typedReason });
}

/**
 * Admins are recorded with their whole address. Entries are never erased, so of everybody else only the network is recorded,
 * which many people share.
 */
function callerAddressOf({ actor, callerAddress }: Context): string | null {
  if (callerAddress === null || actor.kind === 'admin') return callerAddress;
  return prefixOf(callerAddress);
}

function labelOf(actor: Actor): string | null {
  if (actor.kind === 'system') return actor.job;
  if (actor.kind === 'webhook') return actor.name;
  return null;
}
