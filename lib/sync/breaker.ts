import 'server-only';
import type { Context } from '#lib/context/context';
import { addMs, MINUTE_MS } from '#lib/time/span';

/** Connections in a row that a bank fails before it is left alone. */
const FAILURES_UNTIL_OPEN = 5;
const FIRST_REST_MINUTES = 10;
const LONGEST_REST_MINUTES = 240;
/** How long one connection has the bank to itself to find out. */
const PROBE_MS = 5 * MINUTE_MS;

/**
 * Whether a job may call this bank now. While the breaker is open nobody does; when it has rested, one connection tries and
 * the others wait for what comes of it. Null: go ahead; otherwise come back then.
 */
export async function findBreakerRest(ctx: Context, bankId: string): Promise<Date | null> {
  const now = ctx.clock.now();
  const bank = await ctx.db.bank.findUnique({ where: { id: bankId }, select: { breakerOpenUntil: true } });
  if (bank === null || bank.breakerOpenUntil === null) return null;
  if (bank.breakerOpenUntil > now) return bank.breakerOpenUntil;
  const probeUntil = addMs(now, PROBE_MS);
  const { count } = await ctx.db.bank.updateMany({
    where: { id: bankId, breakerOpenUntil: bank.breakerOpenUntil },
    data: { breakerOpenUntil: probeUntil },
  });
  return count === 1 ? null : probeUntil;
}

/**
 * The bank failed a whole sync. One connection's failures, however many, mean that connection; those of several mean the
 * bank. Once it is left alone, syncs that were under way by then say nothing new: the rest grows only by who tries when it
 * is over.
 */
export async function noteBankFailure(
  ctx: Context,
  bankId: string,
  { connectionId, code, startedAt }: { connectionId: string; code: string; startedAt: Date },
): Promise<void> {
  const now = ctx.clock.now();
  const rows = await ctx.db.$queryRaw<{ opens: boolean; failures: number }[]>`
    update banks set breaker_failures = breaker_failures + 1, breaker_code = ${code},
      breaker_connection_ids = case when cardinality(breaker_connection_ids) < ${FAILURES_UNTIL_OPEN}
        then array_append(breaker_connection_ids, ${connectionId}::uuid) else breaker_connection_ids end,
      breaker_open_until = case when breaker_failures + 1 >= ${FAILURES_UNTIL_OPEN} then ${now}::timestamptz + make_interval(
        mins => least(${FIRST_REST_MINUTES} * power(2, least(breaker_failures + 1 - ${FAILURES_UNTIL_OPEN}, 10)), ${LONGEST_REST_MINUTES})::int)
        else breaker_open_until end
    where id = ${bankId} and case when breaker_failures < ${FAILURES_UNTIL_OPEN} or breaker_open_until is null
      then ${connectionId}::uuid <> all(breaker_connection_ids)
      else breaker_open_until <= ${addMs(startedAt, PROBE_MS)}::timestamptz end
    returning breaker_failures >= ${FAILURES_UNTIL_OPEN} as opens, breaker_failures as failures`;
  const [row] = rows;
  if (row?.opens) {
    ctx.log.warn(
      { event: 'bank.breaker_open', bankId, code, failures: row.failures },
      'a bank fails everybody and is left alone',
    );
  }
}

/** The bank answered somebody: whatever was held against it is void. */
export async function noteBankSuccess(ctx: Context, bankId: string): Promise<void> {
  await ctx.db.bank.updateMany({
    where: { id: bankId, OR: [{ breakerFailures: { gt: 0 } }, { breakerOpenUntil: { not: null } }] },
    data: { breakerFailures: 0, breakerCode: null, breakerOpenUntil: null, breakerConnectionIds: [] },
  });
}
