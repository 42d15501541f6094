import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import type { RuleWords } from '#lib/enrich/apply-words';

/** Sets, changes or takes back what an account's owner says about a merchant once and for all. In the caller's transaction. */
export async function writeRule(
  ctx: Context,
  accountId: string,
  merchantKey: string,
  words: RuleWords | null,
): Promise<void> {
  const { userId, connectionId } = await ctx.db.bankAccount.findUniqueOrThrow({
    where: { id: accountId },
    select: { userId: true, connectionId: true },
  });
  const isEmpty = words === null || (words.merchantName === null && words.category === null);
  const changedAt = ctx.clock.now();
  if (isEmpty) await ctx.db.merchantRule.deleteMany({ where: { userId, merchantKey } });
  else {
    const place = { userId, merchantKey };
    await ctx.db.merchantRule.upsert({
      where: { userId_merchantKey: place },
      create: { id: uuidv7(), ...place, ...words, createdAt: changedAt, changedAt },
      update: { ...words, changedAt },
      select: { id: true },
    });
  }
  await recordAudit(ctx, {
    action: isEmpty ? 'merchant_rule.removed' : 'merchant_rule.set',
    subject: { kind: 'account', id: accountId },
    connectionId,
    personId: userId,
  });
}
