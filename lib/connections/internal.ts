import 'server-only';
import type { Actor } from '#lib/actor/actor';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { AppError, NotFoundError } from '#lib/errors/app-error';

/** Which rows an actor may name: a person their own, an admin and the system any. */
export function ownedBy(actor: Actor): Prisma.ConnectionWhereInput {
  if (actor.kind === 'user') return { userId: actor.userId };
  if (actor.kind === 'admin' || actor.kind === 'system') return {};
  throw new AppError('unauthenticated', 'sign_in_required');
}

/**
 * Loads a connection if the actor may, or throws the same as for one that doesn't exist.
 * @throws {NotFoundError}
 */
export async function loadConnection<S extends Prisma.ConnectionSelect>(
  ctx: Context,
  connectionId: string,
  select: S,
): Promise<Prisma.ConnectionGetPayload<{ select: S }>> {
  const row = isUuid(connectionId)
    ? await ctx.db.connection.findFirst({ where: { id: connectionId, ...ownedBy(ctx.actor) }, select })
    : null;
  if (row === null) throw new NotFoundError('connection');
  return row as Prisma.ConnectionGetPayload<{ select: S }>;
}

/** What comes in an address or an action's argument may be anything, a list too; PostgreSQL would make an error of it. */
export function isUuid(text: unknown): boolean {
  return typeof text === 'string' && /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
}
