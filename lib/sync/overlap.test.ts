import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { joinAccounts } from '#lib/accounts/joining/join-accounts';
import { separateAccounts } from '#lib/accounts/joining/separate-accounts';
import { listPairingQuestions } from '#lib/accounts/list-pairing-questions';
import { actingAs, createContext } from '#lib/context/context';
import { addAccount, addBareConnection } from '#lib/testing/add-account';
import { type ShortRow, storeRows } from '#lib/testing/store-rows';
import { answerPairing } from './answer-pairing.ts';
import { askAboutOverlaps, isSameHistory } from './overlap.ts';

const WINDOW = { from: '2026-03-01', to: '2026-03-31' };
const ROWS: readonly ShortRow[] = [
  ['2026-03-02', -900, 'RENT'],
  ['2026-03-04', -3.5, 'COFFEE'],
  ['2026-03-09', -40, 'SHOES'],
  ['2026-03-12', -7.2, 'LUNCH'],
];

type Setting = {
  old?: readonly ShortRow[];
  new?: readonly ShortRow[];
  /** Where the new account is: beside the old one, or at a connection of its own with this bank. */
  newBank?: string;
  isOldOver?: boolean;
  isOldGone?: boolean;
  kind?: 'account' | 'card';
  newKind?: 'account' | 'card';
};

async function aPair(setting: Setting = {}) {
  const system = await createContext({ actor: { kind: 'system', job: 'test' } });
  const now = system.clock.now();
  const { kind = 'card', newKind = kind } = setting;
  const old = await addAccount(system, { kind, bankId: 'ob-overlap' });
  if (setting.isOldGone ?? true)
    await system.db.bankAccount.update({ where: { id: old.accountId }, data: { goneAt: now } });
  const connectionId =
    setting.newBank === undefined
      ? old.connectionId
      : await addBareConnection(system, { userId: old.userId, bankId: setting.newBank });
  const { accountId: newId } = await addAccount(system, { userId: old.userId, connectionId, kind: newKind });
  if (setting.isOldOver === true) {
    await system.db.connection.update({ where: { id: old.connectionId }, data: { status: 'revoked', endedAt: now } });
  }
  await storeRows(system, old.accountId, { window: WINDOW, rows: setting.old ?? ROWS });
  await storeRows(system, newId, { window: WINDOW, rows: setting.new ?? ROWS });
  const ctx = actingAs(system, { kind: 'user', userId: old.userId });
  const ask = () => askAboutOverlaps(system, connectionId);
  const questions = async () =>
    (await listPairingQuestions(ctx)).map(({ account, candidates, reason }) => ({
      account: account.id,
      candidates: candidates.map(({ id }) => id),
      reason,
    }));
  return { ctx, system, ask, questions, oldId: old.accountId, newId, connectionId, userId: old.userId };
}

test.each<[string, Setting]>([
  ['a replaced card at the same connection', {}],
  [
    'an account that moved to a renamed provider of its bank',
    { kind: 'account', newBank: 'ob-overlap', isOldOver: true, isOldGone: false },
  ],
  [
    'an account at a provider of another name, when the old connection has ended',
    { newBank: 'ob-successor', isOldOver: true, isOldGone: false },
  ],
  [
    'a joint account through two logins whose numbers the bank doesn’t tell',
    { kind: 'account', newBank: 'ob-overlap', isOldGone: false },
  ],
  [
    'a history of which some rows are new and some were reworded',
    { new: [...ROWS.slice(1), ['2026-03-20', -1, 'GUM']] },
  ],
])('the same transactions ask once: %s', async (_, setting) => {
  const { ask, questions, oldId, newId } = await aPair(setting);
  await ask();
  await ask();
  expect(await questions()).toEqual([{ account: newId, candidates: [oldId], reason: 'same_transactions' }]);
});

test.each<[string, Setting]>([
  ['few rows in common', { new: [...ROWS.slice(0, 2), ['2026-03-10', -8, 'TEA'], ['2026-03-11', -9, 'BUS']] }],
  ['too few rows to be more than chance', { old: ROWS.slice(0, 2), new: ROWS.slice(0, 2) }],
  [
    'the same amounts with the other sign: transfers between own accounts',
    { new: ROWS.map(([day, amount, text]) => [day, -amount, text]) },
  ],
  [
    'the same amounts on other days',
    { new: ROWS.map(([, amount, text], index) => [`2026-03-2${index}`, amount, text]) },
  ],
  ['an account that the bank lists beside it', { isOldGone: false }],
  ['an account and a card', { newKind: 'account' }],
  ['an account at another bank that goes on', { newBank: 'ob-other', isOldGone: false }],
])('nothing is asked about %s', async (_, setting) => {
  const { ask, questions } = await aPair(setting);
  await ask();
  expect(await questions()).toEqual([]);
});

test('another user’s account with the same transactions is nobody’s question', async () => {
  const { system } = await aPair();
  const mine = await addAccount(system, { kind: 'card', bankId: 'ob-overlap' });
  await storeRows(system, mine.accountId, { window: WINDOW, rows: ROWS });
  await askAboutOverlaps(system, mine.connectionId);
  expect(await listPairingQuestions(actingAs(system, { kind: 'user', userId: mine.userId }))).toEqual([]);
});

test('“it is a different card” is remembered, also when the accounts are compared again', async () => {
  const { ctx, system, ask, questions, connectionId, newId } = await aPair();
  await ask();
  const [question] = await listPairingQuestions(ctx);
  expect(await answerPairing(ctx, { questionId: question?.id ?? '', formerAccountId: null })).toEqual({
    accountId: newId,
  });
  await system.db.bankAccount.updateMany({ where: { connectionId }, data: { overlapCheckedAt: null } });
  await system.db.pairingQuestion.deleteMany({ where: { connectionId } });
  await ask();
  expect(await questions()).toEqual([]);
});

test('accounts that the user joined, or separated, are not asked about', async () => {
  const { ctx, system, ask, questions, connectionId, oldId, newId } = await aPair();
  await joinAccounts(ctx, { accountId: oldId, otherId: newId });
  await ask();
  expect(await questions()).toEqual([]);
  await separateAccounts(ctx, { accountId: oldId });
  await system.db.bankAccount.updateMany({ where: { connectionId }, data: { overlapCheckedAt: null } });
  await ask();
  expect(await questions()).toEqual([]);
});

test('an account whose transactions have not come yet is compared when they have', async () => {
  const { system, ask, questions, connectionId, oldId, newId } = await aPair({ new: [] });
  await system.db.$executeRaw`update accounts set covered = '{}' where id = ${newId}::uuid`;
  await ask();
  expect(await questions()).toEqual([]);
  await storeRows(system, newId, { window: WINDOW, rows: ROWS });
  await askAboutOverlaps(system, connectionId);
  expect(await questions()).toMatchObject([{ account: newId, candidates: [oldId] }]);
});

test('one question is open about two accounts, whichever of them is compared first', async () => {
  const { system, ask, questions, oldId, newId } = await aPair({ newBank: 'ob-overlap', isOldGone: false });
  await ask();
  const { connectionId } = await system.db.bankAccount.findUniqueOrThrow({ where: { id: oldId } });
  await askAboutOverlaps(system, connectionId);
  expect(await questions()).toMatchObject([{ account: newId, candidates: [oldId] }]);
});

test('a long history is compared by its newest rows', async () => {
  const { system, ask, questions, oldId, newId, userId } = await aPair({ old: [], new: [] });
  const insert = (accountId: string, from: number) => system.db.$executeRaw`
    insert into transactions (id, account_id, content_hash, truelayer_id, booked_on, timestamp_text, position,
      description, amount, effect, currency, type, category, classification, is_sign_mismatch, first_seen_at, changed_at)
    select gen_random_uuid(), ${accountId}::uuid, '', n::text, date '2020-01-01' + n, '', 0, 'ROW ' || n % 7, -n, -n, 'GBP',
      'DEBIT', 'PURCHASE', '{}', false, now(), now() from generate_series(${from}::int, 2000) as n`;
  await insert(oldId, 1);
  await insert(newId, 1800);
  await system.db.$executeRaw`
    update accounts set covered = datemultirange(daterange('2020-01-01', '2026-01-01')) where user_id = ${userId}::uuid`;
  await ask();
  expect(await questions()).toMatchObject([{ account: newId, candidates: [oldId] }]);
});

describe('isSameHistory', () => {
  test.each([
    [3, 3, true],
    [5, 3, true],
    [6, 3, false],
    [2, 2, false],
    [100, 60, true],
    [100, 59, false],
    [0, 0, false],
  ])('of %i compared rows %i in common: %s', (compared, common, expected) => {
    expect(isSameHistory({ compared, common })).toBe(expected);
  });
});

test('a question that names no account of the user’s is not shown', async () => {
  const { ctx, system, connectionId, newId } = await aPair();
  await system.db.pairingQuestion.create({
    data: { id: uuidv7(), connectionId, accountId: newId, candidateIds: [uuidv7()], askedAt: system.clock.now() },
  });
  expect(await listPairingQuestions(ctx)).toEqual([]);
});
