import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import {
  parseAccounts,
  parseCards,
  parseDirectDebits,
  parsePendingTransactions,
  parseStandingOrders,
} from '#lib/truelayer/parse';
import { listedAccount, listedCard } from './listed-account.ts';
import { storeAccounts } from './store-accounts.ts';
import { storeDirectDebits, storeStandingOrders } from './store-payments.ts';
import { storePending } from './store-pending.ts';

/** What .NET writes for a text that ends in the middle of an emoji, and what nobody should write at all. */
const ODD = String.raw`odd \ud83d\u0000`;
const TIDY = 'odd \ufffd';

function answerOf(row: object): Buffer {
  return Buffer.from(JSON.stringify({ results: [row], status: 'Succeeded' }).replaceAll('ODD', ODD));
}

async function anAccount() {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  return { ctx, ...(await addAccount(ctx)) };
}

test('characters that the database can’t hold cost no list of accounts or cards', async () => {
  const { ctx, connectionId, userId } = await anAccount();
  const owner = { connectionId, userId };
  const hashKey = randomBytes(32);
  const row = { account_id: 'a', display_name: 'ODD', currency: 'GBP', account_type: 'ODD', account_number: {} };
  const accounts = parseAccounts(answerOf(row)).items.map(listedAccount);
  const cards = parseCards(answerOf({ ...row, card_network: 'ODD' })).items.map(listedCard);
  await inTransaction(ctx, (tx) => storeAccounts(tx, owner, 'account', { listed: accounts, hashKey, isWhole: true }));
  await inTransaction(ctx, (tx) => storeAccounts(tx, owner, 'card', { listed: cards, hashKey, isWhole: true }));
  const where = { connectionId, truelayerId: 'a' };
  expect(await ctx.db.bankAccount.findMany({ where, orderBy: { position: 'asc' } })).toMatchObject([
    { kind: 'account', displayName: TIDY, type: TIDY },
    { kind: 'card', displayName: TIDY, cardNetwork: TIDY },
  ]);
});

test('nor any set of pending rows, direct debits or standing orders', async () => {
  const { ctx, accountId } = await anAccount();
  const pending = {
    transaction_id: 'ODD',
    timestamp: '2026-03-04T00:00:00Z',
    description: 'ODD',
    amount: -1,
    currency: 'GBP',
    meta: { user_comments: 'ODD' },
  };
  const debit = { direct_debit_id: 'a', name: 'ODD', meta: { provider_mandate_identification: 'ODD' } };
  const order = { frequency: 'ODD', payee: 'ODD', meta: { provider_account_id: 'ODD' } };
  await inTransaction(ctx, (tx) =>
    storePending(tx, accountId, parsePendingTransactions(answerOf(pending), 'account').items),
  );
  await storeDirectDebits(ctx, accountId, parseDirectDebits(answerOf(debit)).items);
  await storeStandingOrders(ctx, accountId, parseStandingOrders(answerOf(order)).items);
  const where = { accountId };
  expect(await ctx.db.pendingTransaction.findMany({ where })).toMatchObject([
    { description: TIDY, meta: { user_comments: TIDY } },
  ]);
  expect(await ctx.db.directDebit.findMany({ where })).toMatchObject([{ name: TIDY, reference: TIDY }]);
  expect(await ctx.db.standingOrder.findMany({ where })).toMatchObject([{ frequency: TIDY, payee: TIDY }]);
});
