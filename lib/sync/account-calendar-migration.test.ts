import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Context, createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { startOf } from '#lib/time/day';

const SQL = readFileSync('prisma/migrations/20261128182000_account_calendar/migration.sql', 'utf8');

/** What the migration does to transactions that were there before it, of one account only: other tests use the tables too. */
async function migrateRows(ctx: Context, accountId: string): Promise<void> {
  const [days = '', noise = '', amounts = ''] = SQL.slice(SQL.indexOf('WITH zones')).split(/;\n/);
  const ofAccount = `"account_id" = '${accountId}'`;
  await inTransaction(ctx, async ({ db }) => {
    await db.$executeRawUnsafe(days.replace('WHERE t."booked_at"', `WHERE t.${ofAccount} AND t."booked_at"`));
    await db.$executeRawUnsafe(noise.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'));
    await db.$executeRawUnsafe(`${amounts.replace('WHERE "amount"', `WHERE ${ofAccount} AND ("amount"`)})`);
  });
}

type Row = { text: string; at: string | null; on: string; amount?: string; currency?: string };

async function migrated(country: string, { text, at, on, amount = '-1.50', currency = 'GBP' }: Row) {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { accountId } = await addAccount(ctx, { bankId: `ob-migrated-${country}` });
  await ctx.db.bank.update({ where: { id: `ob-migrated-${country}` }, data: { country }, select: { id: true } });
  const now = ctx.clock.now();
  const { id } = await ctx.db.transaction.create({
    data: {
      accountId,
      truelayerId: 't',
      bookedOn: startOf(on),
      bookedAt: at,
      timestampText: text,
      position: -1,
      description: 'ROW',
      amount,
      effect: amount,
      currency,
      type: 'DEBIT',
      category: 'PURCHASE',
      classification: [],
      contentHash: 'h',
      firstSeenAt: now,
      changedAt: now,
    },
    select: { id: true },
  });
  await migrateRows(ctx, accountId);
  const row = await ctx.db.transaction.findUniqueOrThrow({ where: { id } });
  return {
    on: row.bookedOn.toISOString().slice(0, 10),
    at: row.bookedAt?.toISOString() ?? null,
    amount: row.amount.toFixed(),
    effect: row.effect.toFixed(),
    amountsAsSent: row.amountsAsSent,
  };
}

test.each([
  ['uk', '2026-07-11T23:30:00Z', '2026-07-11T23:30:00.000Z', '2026-07-11', '2026-07-12', '2026-07-11T23:30:00.000Z'],
  [
    'fi',
    '2026-01-11T22:30:00+00:00',
    '2026-01-11T22:30:00.000Z',
    '2026-01-11',
    '2026-01-12',
    '2026-01-11T22:30:00.000Z',
  ],
  ['uk', '2026-07-11T23:30:00', '2026-07-11T23:30:00.000Z', '2026-07-11', '2026-07-11', '2026-07-11T22:30:00.000Z'],
  ['es', '2026-07-10T22:00:00Z', '2026-07-10T22:00:00.000Z', '2026-07-10', '2026-07-11', null],
  ['uk', '2026-01-11T23:30:00Z', '2026-01-11T23:30:00.000Z', '2026-01-11', '2026-01-11', '2026-01-11T23:30:00.000Z'],
  ['xx', '2026-07-11T23:30:00Z', '2026-07-11T23:30:00.000Z', '2026-07-11', '2026-07-11', '2026-07-11T23:30:00.000Z'],
  ['uk', '2026-07-11T00:00:00Z', null, '2026-07-11', '2026-07-11', null],
])('a row stored at a bank in %s as %s comes to its day there, once', async (country, text, at, on, day, instant) => {
  expect(await migrated(country, { text, at, on })).toMatchObject({ on: day, at: instant });
});

test.each([
  ['29647.4000000000000297', 'GBP', '29647.4', { amount: '29647.4000000000000297' }],
  ['-0.30000000000000004', 'EUR', '-0.3', { amount: '-0.30000000000000004' }],
  ['1499.9999999999', 'JPY', '1500', { amount: '1499.9999999999' }],
  ['0.00012345', 'BTC', '0.00012345', null],
  ['0.0125', 'GBP', '0.0125', null],
  ['0.0000001', 'GBP', '0.0000001', null],
])('a stored amount of %s %s is %s', async (amount, currency, kept, amountsAsSent) => {
  const row = { text: '2026-07-11', at: null, on: '2026-07-11', amount, currency };
  expect(await migrated('uk', row)).toMatchObject({ amount: kept, effect: kept, amountsAsSent });
});
