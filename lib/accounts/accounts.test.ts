import { expect, test } from 'vitest';
import { actingAs } from '#lib/context/context';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { addUser, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { getAccount } from './get-account.ts';
import { listAccounts } from './list-accounts.ts';
import { listBalances } from './list-balances.ts';
import { listPayments } from './list-payments.ts';
import { listTransactions } from './list-transactions.ts';

const standIn = aStandIn();

async function aPerson() {
  const person = await linkPerson(standIn.url, { bankId: 'ob-barclays' });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(person.system, { connectionId });
  return person;
}

test('a person reads their accounts, balances and every transaction, page by page, newest first', async () => {
  const { ctx, system } = await aPerson();
  const [account] = await listAccounts(ctx);
  if (account === undefined) throw new Error('no account');
  expect(account).toMatchObject({
    bankId: 'ob-barclays',
    balance: { current: expect.stringMatching(/^-?\d+(\.\d+)?$/) },
  });
  expect(account.numberHint).toMatch(/^\w{4}$/);
  const { id: accountId } = account;
  expect(await getAccount(ctx, { accountId })).toMatchObject({
    id: accountId,
    coveredTo: expect.any(String),
    troubles: [],
  });
  expect(await listBalances(ctx, { accountId })).toHaveLength(1);
  expect((await listPayments(ctx, { accountId })).directDebits.length).toBeGreaterThan(0);

  const seen: { id: string; day: string }[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTransactions(ctx, { accountId, limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    if (cursor === undefined) expect(page.pending.length).toBeGreaterThan(0);
    seen.push(...page.booked);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(await system.db.transaction.count({ where: { accountId } }));
  expect(seen.map(({ day }) => day)).toEqual(
    seen
      .map(({ day }) => day)
      .sort()
      .reverse(),
  );
});

test('a search finds what it says, and a percent sign is a percent sign', async () => {
  const { ctx } = await aPerson();
  const [account] = await listAccounts(ctx);
  const accountId = account?.id ?? '';
  const { booked } = await listTransactions(ctx, { accountId, search: 'salary', limit: 200 });
  expect(booked.every((row) => /salary/i.test(`${row.description} ${row.merchant}`))).toBe(true);
  expect((await listTransactions(ctx, { accountId, search: '%' })).booked).toEqual([]);
});

test('another person’s account is like no account', async () => {
  const { ctx, system } = await aPerson();
  const [account] = await listAccounts(ctx);
  const accountId = account?.id ?? '';
  const stranger = actingAs(system, { kind: 'user', userId: await addUser(system) });
  expect(await listAccounts(stranger)).toEqual([]);
  for (const attempt of [
    () => getAccount(stranger, { accountId }),
    () => listTransactions(stranger, { accountId }),
    () => listBalances(stranger, { accountId }),
    () => listPayments(stranger, { accountId }),
    () => getAccount(ctx, { accountId: '0' }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ kind: 'not_found', code: 'account_not_found' });
  }
  await expect(listAccounts(actingAs(system, { kind: 'nobody' }))).rejects.toMatchObject({ kind: 'unauthenticated' });
});

test('a cursor that nobody gave out is refused, not run', async () => {
  const { ctx } = await aPerson();
  const [account] = await listAccounts(ctx);
  const cursor = Buffer.from('["2026-01-01",0,"x\' or 1=1"]').toString('base64url');
  await expect(listTransactions(ctx, { accountId: account?.id ?? '', cursor })).rejects.toMatchObject({
    code: 'cursor_invalid',
  });
});
