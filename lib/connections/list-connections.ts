import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { CONNECTION, type ConnectionSummary, toConnectionSummary } from './dto.ts';
import { listFaults, NO_FAULTS } from './faults/list-faults.ts';

/** The person's connections, newest first; those that ended too, as history. */
export async function listConnections(ctx: Context): Promise<ConnectionSummary[]> {
  const person = requirePerson(ctx.actor);
  const [rows, faults] = await Promise.all([
    ctx.db.connection.findMany({
      where: { userId: person.userId },
      select: CONNECTION,
      orderBy: { connectedAt: 'desc' },
    }),
    listFaults(ctx),
  ]);
  return rows.map((row) => toConnectionSummary(row, faults.get(row.id) ?? NO_FAULTS, ctx.clock.now()));
}
