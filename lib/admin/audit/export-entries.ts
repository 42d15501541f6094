import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { toCsvHead, toCsvLine } from '#lib/format/csv';
import { inTurn } from '#lib/limits/in-turn';
import type { Limit } from '#lib/limits/take';
import type { AuditFilter } from './filter.ts';
import { type AuditLine, type Place, pageOfEntries } from './page-of-entries.ts';

const BATCH = 1000;
const PER_ADMIN: Limit = { name: 'audit exports', times: 30, inSeconds: 3600 };

const COLUMNS: readonly [string, (line: AuditLine) => string | null][] = [
  ['id', (line) => line.id],
  ['at', (line) => line.at.toISOString()],
  ['actor_kind', (line) => line.actorKind],
  ['actor', (line) => line.actor],
  ['action', (line) => line.action],
  ['subject_kind', (line) => line.subjectKind],
  ['subject_id', (line) => line.subjectId],
  ['connection_id', (line) => line.connectionId],
  ['person_id', (line) => line.personId],
  ['before', (line) => (line.before === null ? null : JSON.stringify(line.before))],
  ['after', (line) => (line.after === null ? null : JSON.stringify(line.after))],
  ['reason', ({ reason, typedReason }) => (typedReason?.status === 'readable' ? typedReason.text : reason)],
  // `erased` with the person that it was about, or `unreadable` while the key ring lacks a key.
  ['reason_status', ({ typedReason }) => typedReason?.status ?? null],
  ['request_id', (line) => line.requestId],
  ['caller_address', (line) => line.callerAddress],
];

/**
 * The filtered audit as CSV, a batch at a time. That it was taken away is itself an entry, written before the first line is.
 * @throws {AppError} rate_limited
 */
export async function exportEntries(ctx: Context, filter: AuditFilter): Promise<AsyncGenerator<string>> {
  requireAdmin(ctx.actor);
  // Not what was searched for: it may name somebody, and stays here when they have long left.
  const { before: _, q, ...asked } = filter;
  return inTurn(ctx, PER_ADMIN, async () => {
    await inTransaction(ctx, (tx) =>
      recordAudit(tx, {
        action: 'audit.exported',
        subject: { kind: 'audit', id: 'list' },
        after: JSON.parse(JSON.stringify({ ...asked, hasSearch: q !== undefined })),
      }),
    );
    return linesOf(ctx, filter);
  });
}

async function* linesOf(ctx: Context, filter: AuditFilter): AsyncGenerator<string> {
  yield toCsvHead(COLUMNS.map(([name]) => name));
  let place: Place | null = null;
  do {
    const lines: AuditLine[] = await pageOfEntries(ctx, { filter, place, limit: BATCH });
    yield lines.map((line) => toCsvLine(COLUMNS.map(([, read]) => read(line)))).join('');
    const last = lines.at(-1);
    place = lines.length === BATCH && last !== undefined ? { ms: last.at.getTime(), id: last.id } : null;
  } while (place !== null);
}
