import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';

export type BankHealthLine = {
  id: string;
  name: string;
  connections: number;
  availabilityPercent: number | null;
  /** Of our own newest calls and returns within a day. */
  recentCalls: number;
  recentFaults: number;
  breakerOpenUntil: Date | null;
  breakerCode: string | null;
  breakerFailures: number;
};

const MOST = 30;

/** The banks that are in trouble, worst first, and then those that most people use. */
export async function listBankHealth(ctx: Context): Promise<BankHealthLine[]> {
  requireAdmin(ctx.actor);
  return ctx.db.$queryRaw<BankHealthLine[]>`
    select b.id, b.display_name as name, b.popularity as connections, b.availability_percent::float8 as "availabilityPercent",
      b.recent_calls as "recentCalls", b.recent_faults as "recentFaults", b.breaker_open_until as "breakerOpenUntil",
      b.breaker_code as "breakerCode", b.breaker_failures as "breakerFailures"
    from banks b
    where b.recent_calls > 0 or b.breaker_failures > 0 or exists (select 1 from connections c where c.bank_id = b.id)
    order by (b.breaker_open_until > ${ctx.clock.now()}) desc nulls last, b.breaker_failures desc,
      b.recent_faults::float8 / greatest(b.recent_calls, 1) desc, b.popularity desc, b.id
    limit ${MOST}`;
}
