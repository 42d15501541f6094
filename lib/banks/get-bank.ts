import 'server-only';
import type { Context } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { getSettings } from '#lib/settings/settings';
import { planPermissions } from '#lib/truelayer/permissions';
import { BANK, type BankSummary, toBankSummary } from './dto.ts';
import { offersBank } from './provider-filter.ts';
import { listSuccessors } from './same-bank.ts';

/**
 * A bank that can be linked now; one that TrueLayer has retired is found under the id that came in its place.
 * @throws {NotFoundError}
 */
export async function getBank(ctx: Context, bankId: string): Promise<BankSummary> {
  const settings = await getSettings(ctx);
  const ids = [bankId, ...listSuccessors(bankId)];
  const rows = await ctx.db.bank.findMany({ where: { id: { in: ids }, isListed: true }, select: BANK });
  for (const id of ids) {
    const row = rows.find((one) => one.id === id);
    if (row === undefined || !offersBank(settings.providers, row)) continue;
    const plan = planPermissions(settings.permissions, row.permissions);
    if (plan.isUsable) return toBankSummary(row, plan.ask, ctx.clock.now());
  }
  throw new NotFoundError('bank');
}
