import { afterEach, expect, test } from 'vitest';
import { editTransaction } from '#lib/accounts/edit-transaction';
import { listAccounts } from '#lib/accounts/list-accounts';
import { listPairingQuestions } from '#lib/accounts/list-pairing-questions';
import { listTransactions } from '#lib/accounts/list-transactions';
import { finishStop } from '#lib/connections/finish-stop';
import { stopSharing } from '#lib/connections/stop-sharing';
import { aSystem, type LinkedPerson, linkPerson, signInAgain } from '#lib/testing/link-person';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { dayOf } from '#lib/time/day';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { answerPairing } from './answer-pairing.ts';
import { refreshNow } from './refresh-now.ts';

withOwnDatabase();
const standIn = aStandIn(SHORT_HISTORY);
afterEach(() => standIn.control('POST', '/reset'));

const BANK = 'ob-revolut';
const IBAN = 'GB33BUKB20201555555555';
const PLACES = [
  'BAKERY',
  'BOOKSHOP',
  'PHARMACY',
  'CINEMA',
  'FLORIST',
  'BUTCHER',
  'GARAGE',
  'TAILOR',
  'DENTIST',
  'CAFE',
];

const answer = (path: string, results: object[]) =>
  standIn.control('POST', '/faults', {
    match: { path: `/data/v1${path}` },
    action: { status: 200, body: { status: 'Succeeded', results } },
  });

/** Ten purchases, one a day, ending so many days ago, as one account sends them. */
function purchases(now: Date, currency: string, lastDaysAgo: number) {
  return PLACES.map((place, index) => ({
    transaction_id: crypto.randomUUID(),
    timestamp: `${dayOf(addMs(now, -(lastDaysAgo + PLACES.length - 1 - index) * DAY_MS))}T00:00:00Z`,
    description: `${place} ${currency}`,
    amount: -(10 + index),
    currency,
    transaction_type: 'DEBIT',
    transaction_category: 'PURCHASE',
  }));
}

type Listed = { id: string; currency: string; rows: object[] };

/** What the bank answers from now on: its accounts or cards, each with a balance and transactions. */
async function bankLists(kind: 'accounts' | 'cards', listed: readonly Listed[], extras: (id: string) => object) {
  await standIn.control('DELETE', '/faults');
  const other = kind === 'accounts' ? 'cards' : 'accounts';
  await answer(`/${other}`, []);
  await answer(
    `/${kind}`,
    listed.map(({ id, currency }) => ({ account_id: id, currency, ...extras(id) })),
  );
  for (const { id, currency, rows } of listed) {
    await answer(`/${kind}/${id}/balance`, [{ currency, current: 100, available: 100 }]);
    await answer(`/${kind}/${id}/transactions`, rows);
    for (const resource of ['transactions/pending', 'direct_debits', 'standing_orders']) {
      await answer(`/${kind}/${id}/${resource}`, []);
    }
  }
}

const pocketOf = () => ({ account_type: 'TRANSACTION', display_name: 'Pocket', account_number: { iban: IBAN } });

async function link(userId?: string): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: BANK, ...(userId === undefined ? {} : { userId }) });
  await syncFully(person.system, person.connectionId);
  return person;
}

/** The user presses "Refresh now": the bank's list is asked for too. */
async function refresh({ ctx, connectionId, userId }: LinkedPerson): Promise<void> {
  const system = await aSystem();
  await refreshNow({ ...system, actor: ctx.actor }, { connectionId, presence: presenceOf(userId) });
  await syncFully(system, connectionId);
}

async function stop({ ctx, connectionId }: LinkedPerson): Promise<void> {
  await stopSharing(ctx, { connectionId, choice: 'keep' });
  await finishStop(await aSystem(), connectionId);
}

test('three currency pockets that share an IBAN are recognised when they come back under new ids', async () => {
  const now = (await aSystem()).clock.now();
  const pockets = (prefix: string, currencies: readonly string[]) =>
    currencies.map((currency) => ({ id: `${prefix}-${currency}`, currency, rows: purchases(now, currency, 2) }));
  await bankLists('accounts', pockets('before', ['GBP', 'EUR', 'USD']), pocketOf);
  const before = await link();
  const accounts = await listAccounts(before.ctx);
  expect(accounts.map(({ currency }) => currency)).toEqual(['GBP', 'EUR', 'USD']);
  const euro = accounts.find(({ currency }) => currency === 'EUR')?.id ?? '';
  const [purchase] = (await listTransactions(before.ctx, { accountId: euro })).booked;
  await editTransaction(before.ctx, { transactionId: purchase?.id ?? '', note: 'For Ann' });
  await stop(before);

  await bankLists('accounts', pockets('after', ['USD', 'GBP', 'EUR']), pocketOf);
  const after = await link(before.userId);
  expect((await listAccounts(after.ctx)).map(({ id }) => id).toSorted()).toEqual(
    accounts.map(({ id }) => id).toSorted(),
  );
  expect(await listPairingQuestions(after.ctx)).toEqual([]);
  const { booked } = await listTransactions(after.ctx, { accountId: euro });
  expect(booked).toHaveLength(PLACES.length);
  expect(booked.filter(({ note }) => note === 'For Ann').map(({ id }) => id)).toEqual([purchase?.id]);
});

test('a replaced card asks one question, and joined it is one card with its history and notes', async () => {
  const now = (await aSystem()).clock.now();
  const cardOf = (id: string) => ({
    card_network: 'VISA',
    card_type: 'CREDIT',
    display_name: 'Platinum',
    partial_card_number: id === 'stolen' ? '1111' : '2222',
  });
  const rows = purchases(now, 'GBP', 2);
  await bankLists('cards', [{ id: 'stolen', currency: 'GBP', rows }], cardOf);
  const person = await link();
  const [stolen] = await listAccounts(person.ctx);
  const [purchase] = (await listTransactions(person.ctx, { accountId: stolen?.id ?? '' })).booked;
  await editTransaction(person.ctx, { transactionId: purchase?.id ?? '', note: 'Ask for a refund' });

  // The bank took the last purchases over to the new card, under new ids.
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + HOUR_MS });
  const takenOver = purchases(now, 'GBP', 2).slice(-6);
  await bankLists('cards', [{ id: 'replacement', currency: 'GBP', rows: takenOver }], cardOf);
  await refresh(person);
  const questions = await listPairingQuestions(person.ctx);
  expect(questions).toHaveLength(1);
  const [question] = questions;
  await answerPairing(person.ctx, { questionId: question?.id ?? '', formerAccountId: stolen?.id ?? '' });
  expect(await listPairingQuestions(person.ctx)).toEqual([]);
  const [card, ...others] = await listAccounts(person.ctx);
  expect(others).toEqual([]);
  const { booked } = await listTransactions(person.ctx, { accountId: card?.id ?? '' });
  expect(booked).toHaveLength(PLACES.length);
  expect(booked.filter(({ note }) => note === 'Ask for a refund')).toHaveLength(1);
});

test('a second card that is new asks nothing', async () => {
  const now = (await aSystem()).clock.now();
  const cardOf = (id: string) => ({
    card_network: 'VISA',
    card_type: 'CREDIT',
    display_name: id === 'first' ? 'Platinum' : 'Travel',
    partial_card_number: id === 'first' ? '1111' : '2222',
  });
  const first = { id: 'first', currency: 'GBP', rows: purchases(now, 'GBP', 2) };
  await bankLists('cards', [first], cardOf);
  const person = await link();
  await bankLists('cards', [first, { id: 'second', currency: 'GBP', rows: [] }], cardOf);
  // The list of cards is asked for once per sign-in.
  await signInAgain(person);
  await refresh(person);
  expect(await listAccounts(person.ctx)).toHaveLength(2);
  expect(await listPairingQuestions(person.ctx)).toEqual([]);
});
