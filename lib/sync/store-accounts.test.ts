import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { listAccounts } from '#lib/accounts/list-accounts';
import { listPairingQuestions } from '#lib/accounts/list-pairing-questions';
import { listTransactions } from '#lib/accounts/list-transactions';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { storeRows } from '#lib/testing/store-rows';
import { addMs, DAY_MS } from '#lib/time/span';
import type { AccountNumbers } from './account-number.ts';
import { answerPairing } from './answer-pairing.ts';
import type { ListedAccount } from './listed-account.ts';
import { storeAccounts } from './store-accounts.ts';

const hashKey = randomBytes(32);
const IBAN = 'LT123456789012345678';

function numbers(given: Partial<AccountNumbers>): AccountNumbers {
  const none = { number: null, sortCode: null, iban: null, swiftBic: null, routingNumber: null, bsb: null };
  return { ...none, partialCardNumber: null, nameOnCard: null, ...given };
}

const pocket = (trueLayerId: string, currency: string | null, rest: Partial<ListedAccount> = {}): ListedAccount => ({
  kind: 'account',
  trueLayerId,
  type: 'TRANSACTION',
  displayName: 'Current account',
  currency,
  cardNetwork: null,
  cardType: null,
  numbers: numbers({ iban: IBAN }),
  ...rest,
});

const card = (trueLayerId: string, lastFour: string, rest: Partial<ListedAccount> = {}): ListedAccount => ({
  ...pocket(trueLayerId, 'GBP'),
  kind: 'card',
  type: null,
  displayName: 'Platinum',
  cardNetwork: 'VISA',
  cardType: 'CREDIT',
  numbers: numbers({ partialCardNumber: lastFour, nameOnCard: 'J SMITH' }),
  ...rest,
});

async function aUser(bankId = 'ob-pockets') {
  const system = await createContext({ actor: { kind: 'system', job: 'test' } });
  const userId = await addUser(system);
  const ctx = actingAs(system, { kind: 'user', userId });
  const link = (bank = bankId) => addBareConnection(system, { userId, bankId: bank });
  const list = (connectionId: string, listed: readonly ListedAccount[]) =>
    inTransaction(system, (tx) =>
      storeAccounts(tx, { connectionId, userId }, listed[0]?.kind ?? 'account', { listed, hashKey, isWhole: true }),
    );
  const end = (connectionId: string) =>
    system.db.connection.update({
      where: { id: connectionId },
      data: { status: 'revoked', endedAt: system.clock.now() },
    });
  return { system, ctx, userId, link, list, end };
}

const stored = async ({ db }: Context, userId: string) =>
  (
    await db.bankAccount.findMany({
      where: { userId },
      select: { id: true, truelayerId: true, currency: true, connectionId: true, goneAt: true },
      orderBy: { id: 'asc' },
    })
  ).map(({ goneAt, ...row }) => ({ ...row, isGone: goneAt !== null }));

test('the pockets of one IBAN go on, each with its history, when the login is stopped and linked again', async () => {
  const { system, ctx, userId, link, list, end } = await aUser();
  const first = await link();
  await list(
    first,
    ['GBP', 'EUR', 'USD'].map((currency) => pocket(`old ${currency}`, currency)),
  );
  const before = await stored(system, userId);
  await end(first);
  const second = await link();
  await list(
    second,
    ['USD', 'GBP', 'EUR'].map((currency) => pocket(`new ${currency}`, currency)),
  );
  expect(await stored(system, userId)).toEqual(
    before.map((row) => ({ ...row, truelayerId: `new ${row.currency}`, connectionId: second })),
  );
  expect(await listPairingQuestions(ctx)).toEqual([]);
});

test('a retired provider’s accounts go on at the one that came in its place, and a different bank’s do not', async () => {
  const { system, userId, link, list, end } = await aUser('ob-santander');
  const first = await link();
  const uk = { numbers: numbers({ sortCode: '09-01-26', number: '12345678' }) };
  await list(first, [pocket('old', 'GBP', uk)]);
  await end(first);
  await list(await link('ob-other'), [pocket('elsewhere', 'GBP', uk)]);
  expect(await stored(system, userId)).toHaveLength(2);
  // The successor tells the same number as an IBAN.
  const third = await link('ob-santander-personal');
  await list(third, [pocket('new', 'GBP', { numbers: numbers({ iban: 'GB29 ABBY 0901 2612 3456 78' }) })]);
  const rows = await stored(system, userId);
  expect(rows).toHaveLength(2);
  expect(rows.find(({ connectionId }) => connectionId === third)).toMatchObject({
    truelayerId: 'new',
    id: rows[0]?.id,
  });
});

test('a replaced card asks one question; joining keeps history and notes, “a different card” is remembered', async () => {
  const { system, ctx, userId, link, list } = await aUser();
  const connectionId = await link();
  await list(connectionId, [card('old', '1111')]);
  const [old] = await stored(system, userId);
  await storeRows(system, old?.id ?? '', {
    window: { from: '2026-03-01', to: '2026-03-31' },
    rows: [['2026-03-09', -40, 'SHOES']],
  });
  await list(connectionId, [card('new', '2222')]);
  await list(connectionId, [card('new', '2222')]);
  const questions = await listPairingQuestions(ctx);
  expect(questions).toMatchObject([{ reason: 'number_changed', candidates: [{ id: old?.id }] }]);
  const { accountId } = await answerPairing(ctx, {
    questionId: questions[0]?.id ?? '',
    formerAccountId: old?.id ?? '',
  });
  expect((await listAccounts(ctx)).map(({ id }) => id)).toEqual([accountId]);
  expect((await listTransactions(ctx, { accountId })).booked.map(({ description }) => description)).toEqual(['SHOES']);

  const other = await aUser();
  const otherConnection = await other.link();
  await other.list(otherConnection, [card('old', '1111')]);
  await other.list(otherConnection, [card('new', '2222')]);
  const [question] = await listPairingQuestions(other.ctx);
  await answerPairing(other.ctx, { questionId: question?.id ?? '', formerAccountId: null });
  await other.list(otherConnection, [card('new', '2222')]);
  expect(await listPairingQuestions(other.ctx)).toEqual([]);
  expect(await listAccounts(other.ctx)).toHaveLength(2);
});

test('ids that change places don’t stop the list from being stored', async () => {
  const { system, userId, link, list } = await aUser();
  const connectionId = await link();
  await list(connectionId, [pocket('a', 'GBP'), pocket('b', 'EUR')]);
  const before = await stored(system, userId);
  await list(connectionId, [pocket('a', 'EUR'), pocket('b', 'GBP')]);
  const swapped = { a: 'b', b: 'a' } as Record<string, string>;
  expect(await stored(system, userId)).toEqual(
    before.map((row) => ({ ...row, truelayerId: swapped[row.truelayerId] ?? '' })),
  );
});

test('an id that is given to an account in another currency leaves the former one as it was', async () => {
  const { system, userId, link, list } = await aUser();
  const connectionId = await link();
  await list(connectionId, [pocket('a', 'GBP')]);
  await list(connectionId, [pocket('a', 'EUR')]);
  expect((await stored(system, userId)).map(({ currency, isGone }) => [currency, isGone])).toEqual([
    ['GBP', true],
    ['EUR', false],
  ]);
});

test('one id twice in a list is stored once', async () => {
  const { system, userId, link, list } = await aUser();
  await list(await link(), [pocket('a', 'GBP'), pocket('a', 'GBP'), pocket('b', 'EUR')]);
  expect(await stored(system, userId)).toHaveLength(2);
});

test('the same login linked twice is recognised although its accounts share one number', async () => {
  const { system, userId, link, list } = await aUser();
  const first = await link();
  await system.db.connection.update({
    where: { id: first },
    data: { connectedAt: addMs(system.clock.now(), -DAY_MS) },
  });
  await list(
    first,
    ['GBP', 'EUR'].map((currency) => pocket(`old ${currency}`, currency)),
  );
  const before = await stored(system, userId);
  const second = await link();
  await list(
    second,
    ['EUR', 'GBP'].map((currency) => pocket(`new ${currency}`, currency)),
  );
  expect(await stored(system, userId)).toEqual(
    before.map((row) => ({ ...row, truelayerId: `new ${row.currency}`, connectionId: second })),
  );
  expect(await system.db.connection.findUniqueOrThrow({ where: { id: first } })).toMatchObject({
    replacedById: second,
    status: 'revoking',
  });
});

test('of the same login, accounts that nothing tells apart are asked about', async () => {
  const { system, ctx, link, list } = await aUser();
  const first = await link();
  await system.db.connection.update({
    where: { id: first },
    data: { connectedAt: addMs(system.clock.now(), -DAY_MS) },
  });
  await list(first, [pocket('a', 'GBP'), pocket('b', 'GBP')]);
  const second = await link();
  await list(second, [pocket('x', 'GBP'), pocket('y', 'GBP')]);
  expect(await system.db.connection.findUniqueOrThrow({ where: { id: first } })).toMatchObject({
    replacedById: second,
  });
  const questions = await listPairingQuestions(ctx);
  expect(questions.map(({ candidates }) => candidates.length)).toEqual([2, 2]);
  await answerPairing(ctx, {
    questionId: questions[0]?.id ?? '',
    formerAccountId: questions[0]?.candidates[0]?.id ?? '',
  });
  expect((await listPairingQuestions(ctx)).map(({ candidates }) => candidates.length)).toEqual([1]);
});
