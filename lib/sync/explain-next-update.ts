import 'server-only';
import { loadConnection } from '#lib/connections/internal';
import { STATUS_FACTS, toStatusFacts } from '#lib/connections/settle-status';
import { allowsUnattended, decideStatus, isOver } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import { CALLS_A_DAY, nextFreeAt, usedCalls } from './budget.ts';
import { loadCountedCalls } from './load-counted-calls.ts';

export type NextUpdate = {
  /** When a job is due to ask the bank again. Null: none is. */
  at: Date | null;
  why: 'planned' | 'calls_spent' | 'bank_rests' | 'consent_ended' | 'sign_in_needed' | 'over' | 'not_planned';
  /** Of the background calls that a bank allows in any 24 hours, for this account. */
  usedCalls: number;
  callsADay: number;
  /** When another of them is free, if all are used. */
  moreCallsAt: Date | null;
};

/**
 * When an account is next updated by itself, and why not sooner.
 * @throws {NotFoundError}
 */
export async function explainNextUpdate(
  ctx: Context,
  { connectionId, accountId }: { connectionId: string; accountId: string },
): Promise<NextUpdate> {
  const row = await loadConnection(ctx, connectionId, {
    ...STATUS_FACTS,
    id: true,
    nextSyncAt: true,
    bank: { select: { limitsPerEndpoint: true, breakerOpenUntil: true } },
  });
  const now = ctx.clock.now();
  const calls = await loadCountedCalls(ctx, row.id, now);
  const target = { accountId, endpoint: 'account_balance' };
  const isPerEndpoint = row.bank.limitsPerEndpoint;
  const used = Math.min(CALLS_A_DAY, usedCalls(calls, target, now, isPerEndpoint));
  const isSpent = used >= CALLS_A_DAY;
  const status = decideStatus(toStatusFacts(row), now);
  return {
    at: allowsUnattended(status) ? row.nextSyncAt : null,
    why: whyOf(),
    usedCalls: used,
    callsADay: CALLS_A_DAY,
    moreCallsAt: isSpent ? nextFreeAt(calls, target, now, { isPerEndpoint }) : null,
  };

  function whyOf(): NextUpdate['why'] {
    if (isOver(status) || status === 'revoking') return 'over';
    if (status === 'expired') return 'consent_ended';
    if (status === 'needs_reauthentication') return 'sign_in_needed';
    if (row.nextSyncAt === null) return 'not_planned';
    if (row.bank.breakerOpenUntil !== null && row.bank.breakerOpenUntil > now) return 'bank_rests';
    return isSpent ? 'calls_spent' : 'planned';
  }
}
