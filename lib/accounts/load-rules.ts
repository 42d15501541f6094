import 'server-only';
import type { Context } from '#lib/context/context';
import type { RulesByKey } from './transaction-dto.ts';

/** What the account's owner said once and for all about these merchants. */
export async function loadRules(ctx: Context, accountId: string, keys: readonly string[]): Promise<RulesByKey> {
  if (keys.length === 0) return new Map();
  const rules = await ctx.db.merchantRule.findMany({
    where: { merchantKey: { in: [...new Set(keys)] }, user: { accounts: { some: { id: accountId } } } },
    select: { merchantKey: true, merchantName: true, category: true },
  });
  return new Map(rules.map(({ merchantKey, ...words }) => [merchantKey, words]));
}
