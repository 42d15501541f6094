import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { withOwnDatabase } from '#lib/testing/own-database';
import { addMs, HOUR_MS } from '#lib/time/span';
import { readQuotaUse } from './read-quota-use.ts';

withOwnDatabase();

type Call = {
  accountId: string | null;
  connectionId: string;
  endpoint?: string;
  isAttended?: boolean;
  hoursAgo?: number;
};

async function addCall(ctx: Context, call: Call & { isCounted: boolean; bankId: string }): Promise<void> {
  const { hoursAgo = 1, endpoint = 'account_balance', isAttended = false, ...rest } = call;
  const startedAt = addMs(ctx.clock.now(), -hoursAgo * HOUR_MS);
  const data = { ...rest, endpoint, isAttended, startedAt, correlationId: uuidv7() };
  await ctx.db.truelayerCall.create({ data, select: { id: true } });
}

test('counts the calls that count, for each account, of what its bank allows in 24 hours', async () => {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  expect(await readQuotaUse(ctx)).toEqual({ used: 0, allowed: 0 });

  const bankId = 'ob-per-account';
  const one = await addAccount(ctx, { bankId });
  const two = await addAccount(ctx, { ...one, bankId });
  const counted = { connectionId: one.connectionId, bankId, isCounted: true };
  const uncounted = { ...counted, isCounted: false };
  expect(await readQuotaUse(ctx)).toEqual({ used: 0, allowed: 8 });

  for (let call = 0; call < 9; call++) {
    await addCall(ctx, { ...uncounted, accountId: one.accountId, isAttended: true });
    await addCall(ctx, { ...uncounted, accountId: null, endpoint: 'async_results' });
  }
  await addCall(ctx, { ...counted, accountId: one.accountId, hoursAgo: 25 });
  expect(await readQuotaUse(ctx)).toEqual({ used: 0, allowed: 8 });

  await addCall(ctx, { ...counted, accountId: one.accountId });
  await addCall(ctx, { ...counted, accountId: two.accountId, endpoint: 'account_transactions' });
  await addCall(ctx, { ...counted, accountId: two.accountId });
  expect(await readQuotaUse(ctx)).toEqual({ used: 3, allowed: 8 });
  // The list of accounts is of both.
  await addCall(ctx, { ...counted, accountId: null, endpoint: 'accounts' });
  expect(await readQuotaUse(ctx)).toEqual({ used: 5, allowed: 8 });

  await ctx.db.bank.update({ where: { id: bankId }, data: { limitsPerEndpoint: true } });
  // The first account has called two endpoints, the second three: four calls of each are allowed.
  expect(await readQuotaUse(ctx)).toEqual({ used: 5, allowed: 20 });
  await ctx.db.bank.update({ where: { id: bankId }, data: { limitsPerEndpoint: false } });

  await ctx.db.bankAccount.update({ where: { id: two.accountId }, data: { joinedIntoId: one.accountId } });
  const { used, allowed } = await readQuotaUse(ctx);
  expect(used).toBeLessThanOrEqual(allowed);
  expect(allowed).toBe(4);

  await ctx.db.connection.update({ where: { id: one.connectionId }, data: { status: 'needs_reauthentication' } });
  expect(await readQuotaUse(ctx)).toEqual({ used: 0, allowed: 0 });
});
