import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import { callsUsedBy, toCallBudget } from '#lib/admin/connections/calls-used';
import type { Context } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { parseConnectionId } from './connection-id.ts';
import { type ConnectionFile, FILE, toConnectionFile } from './dto.ts';

/**
 * Anybody's connection, for the team.
 * @throws {NotFoundError}
 */
export async function getConnectionFile(ctx: Context, input: { connectionId: string }): Promise<ConnectionFile> {
  requireAdmin(ctx.actor);
  const id = parseConnectionId(input.connectionId);
  const row = await ctx.db.connection.findUnique({ where: { id }, select: FILE });
  if (row === null) throw new NotFoundError('connection');
  const isPerEndpoint = row.bank.limitsPerEndpoint;
  const calls = await callsUsedBy(ctx, [{ id, isPerEndpoint }]);
  const now = ctx.clock.now();
  return toConnectionFile(row, calls.get(id) ?? toCallBudget([], now, isPerEndpoint), now);
}
