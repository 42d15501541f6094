import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { toCsvHead, toCsvLine } from '#lib/format/csv';
import { inTurn } from '#lib/limits/in-turn';
import type { Limit } from '#lib/limits/take';
import { type ConnectionLine, LINE, toConnectionLine } from './dto.ts';
import type { ConnectionFilter } from './filter.ts';
import { matchSearch } from './match.ts';
import { type Place, pageOfIds } from './page-of-ids.ts';

const BATCH = 1000;
const PER_ADMIN: Limit = { name: 'exports of connections', times: 30, inSeconds: 3600 };

const COLUMNS: readonly [string, (line: ConnectionLine) => string | null][] = [
  ['connection_id', (line) => line.id],
  ['person_id', (line) => line.personId],
  ['person', (line) => line.email],
  ['bank_id', (line) => line.bankId],
  ['bank', (line) => line.bankName],
  ['state', (line) => line.status],
  ['reason', (line) => line.statusReason],
  ['connected_at', (line) => line.connectedAt.toISOString()],
  ['consent_ends_at', (line) => line.consentExpiresAt?.toISOString() ?? null],
  ['last_update_at', (line) => line.lastSyncedAt?.toISOString() ?? null],
  ['last_error', (line) => line.lastErrorCode],
  ['last_error_at', (line) => line.lastErrorAt?.toISOString() ?? null],
];

/**
 * The whole filtered list as CSV, a batch at a time, so that a million lines need no more memory than a thousand. Who took it
 * away, and what was asked for, is in the audit before the first line is; not what was searched for, which may be a name.
 * @throws {AppError} rate_limited
 */
export async function exportConnections(ctx: Context, filter: ConnectionFilter): Promise<AsyncGenerator<string>> {
  requireAdmin(ctx.actor);
  const { q, state, bank, error, ends, stale, sort, order } = filter;
  return inTurn(ctx, PER_ADMIN, async () => {
    await inTransaction(ctx, (tx) =>
      recordAudit(tx, {
        action: 'connections.exported',
        subject: { kind: 'connections', id: 'list' },
        after: JSON.parse(JSON.stringify({ hasSearch: q !== undefined, state, bank, error, ends, stale, sort, order })),
      }),
    );
    return linesOf(ctx, filter);
  });
}

async function* linesOf(ctx: Context, filter: ConnectionFilter): AsyncGenerator<string> {
  yield toCsvHead(COLUMNS.map(([name]) => name));
  const match = await matchSearch(ctx, filter.q);
  let after: Place | null = null;
  do {
    const { places, hasLater } = await pageOfIds(ctx, { filter, match, limit: BATCH, after });
    yield await toLines(ctx, places);
    after = hasLater ? (places.at(-1) ?? null) : null;
  } while (after !== null);
}

async function toLines(ctx: Context, places: readonly Place[]): Promise<string> {
  const rows = await ctx.db.connection.findMany({ where: { id: { in: places.map(({ id }) => id) } }, select: LINE });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const now = ctx.clock.now();
  return places
    .flatMap(({ id }) => byId.get(id) ?? [])
    .map((row) => toConnectionLine(row, now))
    .map((line) => toCsvLine(COLUMNS.map(([, read]) => read(line))))
    .join('');
}
