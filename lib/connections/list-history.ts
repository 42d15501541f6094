import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { readTypedReasons, type TypedReason } from '#lib/audit/typed-reasons';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { loadConnection } from './internal.ts';

export type HistoryEntry = {
  id: string;
  at: Date;
  by: 'you' | 'team' | 'us';
  action: string;
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
  reason: string | null;
};

const LIMIT = 200;

/**
 * Everything that happened to one connection, newest first, from the audit: what it says is what was done.
 * @throws {NotFoundError}
 */
export async function listHistory(ctx: Context, connectionId: string): Promise<HistoryEntry[]> {
  const person = requirePerson(ctx.actor);
  const { attempts } = await loadConnection(ctx, connectionId, { attempts: { select: { id: true } } });
  const rows = await ctx.db.auditEntry.findMany({
    where: {
      personId: person.userId,
      OR: [{ connectionId }, { subjectKind: 'attempt', subjectId: { in: attempts.map(({ id }) => id) } }],
    },
    select: {
      id: true,
      at: true,
      actorKind: true,
      actorId: true,
      action: true,
      before: true,
      after: true,
      reason: true,
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: LIMIT,
  });
  const typed = await readTypedReasons(
    ctx,
    rows.map(({ id }) => id),
  );
  return rows.map(({ actorKind, actorId, before, after, ...row }) => ({
    ...row,
    reason: toReason(row.reason, typed.get(row.id)),
    by: actorKind === 'user' && actorId === person.userId ? 'you' : actorKind === 'admin' ? 'team' : 'us',
    before: toRecord(before),
    after: toRecord(after),
  }));
}

function toReason(code: string | null, typed: TypedReason | undefined): string | null {
  return typed?.status === 'readable' ? typed.text : code;
}

function toRecord(value: Prisma.JsonValue): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
