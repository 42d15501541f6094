import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { editTransaction } from '#lib/accounts/edit-transaction';
import { getAccount } from '#lib/accounts/get-account';
import { getTransaction } from '#lib/accounts/get-transaction';
import { listAccounts } from '#lib/accounts/list-accounts';
import { listBalances } from '#lib/accounts/list-balances';
import { listTransactions } from '#lib/accounts/list-transactions';
import { hideAccount } from '#lib/accounts/settings/hide-account';
import { renameAccount } from '#lib/accounts/settings/rename-account';
import { sumBalances } from '#lib/accounts/sum-balances';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { type ShortRow, storeRows } from '#lib/testing/store-rows';
import { addMs, DAY_MS } from '#lib/time/span';
import { joinAccounts } from './join-accounts.ts';
import { markDuplicates } from './mark-duplicates.ts';
import { separateAccounts } from './separate-accounts.ts';

const WINTER = { from: '2026-01-01', to: '2026-03-31' };
const SPRING = { from: '2026-03-01', to: '2026-05-31' };

/** A card that was replaced: the old one is no longer listed, the new one has the last month of its history too. */
async function aReplacedCard(input: { winter?: readonly ShortRow[]; spring?: readonly ShortRow[] } = {}) {
  const {
    winter = [
      ['2026-01-05', -900, 'RENT JAN'],
      ['2026-03-04', -3.5, 'COFFEE'],
      ['2026-03-04', -3.5, 'COFFEE'],
      ['2026-03-09', -40, 'SHOES'],
    ],
    spring = [
      ['2026-03-04', -3.5, 'COFFEE'],
      ['2026-03-04', -3.5, 'COFFEE'],
      ['2026-03-09', -40, 'SHOES'],
      ['2026-05-02', -12, 'CINEMA'],
    ],
  } = input;
  const system = await createContext({ actor: { kind: 'system', job: 'test' } });
  const old = await addAccount(system);
  const card = await addAccount(system, old);
  const now = system.clock.now();
  const balance = { balanceAt: now, balanceCurrency: 'GBP' };
  await system.db.bankAccount.update({
    where: { id: old.accountId },
    data: { goneAt: now, currentBalance: '10.00', ...balance },
  });
  await system.db.bankAccount.update({ where: { id: card.accountId }, data: { currentBalance: '25.50', ...balance } });
  await storeRows(system, old.accountId, { window: WINTER, rows: winter });
  await storeRows(system, card.accountId, { window: SPRING, rows: spring });
  const ctx = actingAs(system, { kind: 'user', userId: old.userId });
  return { ctx, system, oldId: old.accountId, newId: card.accountId, userId: old.userId };
}

const shown = async (ctx: Context, accountId: string) =>
  (await listTransactions(ctx, { accountId, limit: 200 })).booked.map(
    ({ day, amount, description, note }) => `${day} ${amount} ${description}${note === null ? '' : ` (${note})`}`,
  );

async function note(ctx: Context, accountId: string, description: string, text: string): Promise<string> {
  const { id } = await ctx.db.transaction.findFirstOrThrow({ where: { accountId, description } });
  await editTransaction(ctx, { transactionId: id, note: text });
  return id;
}

/** Everything that is stored for a user, but for what says that two accounts are different. */
async function snapshot({ db }: Context, userId: string) {
  const account = { userId };
  const [accounts, covered, transactions, edits] = await Promise.all([
    db.bankAccount.findMany({ where: account, orderBy: { id: 'asc' } }),
    db.$queryRaw`select id, covered::text from accounts where user_id = ${userId}::uuid order by id`,
    db.transaction.findMany({ where: { account }, orderBy: { id: 'asc' } }),
    db.transactionEdit.findMany({ where: { account }, orderBy: { id: 'asc' } }),
  ]);
  return { accounts, covered, transactions, edits };
}

test('joined accounts are one account with the history of both, each transaction once', async () => {
  const { ctx, oldId, newId } = await aReplacedCard();
  expect(await joinAccounts(ctx, { accountId: oldId, otherId: newId })).toEqual({ accountId: newId });
  expect((await listAccounts(ctx)).map(({ id }) => id)).toEqual([newId]);
  expect(await shown(ctx, newId)).toEqual([
    '2026-05-02 -12 CINEMA',
    '2026-03-09 -40 SHOES',
    '2026-03-04 -3.5 COFFEE',
    '2026-03-04 -3.5 COFFEE',
    '2026-01-05 -900 RENT JAN',
  ]);
  expect(await getAccount(ctx, { accountId: newId })).toMatchObject({
    coveredFrom: '2026-01-01',
    coveredTo: '2026-05-31',
    gaps: [],
  });
  expect(await getAccount(ctx, { accountId: oldId })).toMatchObject({ joinedIntoId: newId });
  expect(await sumBalances(ctx)).toEqual([{ currency: 'GBP', amount: '25.50', accounts: 1 }]);
});

test('pages of joined accounts leave out nothing and repeat nothing', async () => {
  const days = Array.from(
    { length: 40 },
    (_, index) => `2026-0${1 + Math.floor(index / 20)}-${String((index % 20) + 1).padStart(2, '0')}`,
  );
  const { ctx, oldId, newId } = await aReplacedCard({
    winter: days.map((day, index) => [day, -index - 1, `OLD ${'x'.repeat(index)}`]),
    spring: days.map((day) => [day.replace(/-0[12]-/, '-04-'), -5, `NEW ${day}`]),
  });
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTransactions(ctx, { accountId: newId, limit: 7, cursor });
    seen.push(...page.booked.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(80);
  expect(new Set(seen).size).toBe(80);
});

test('a note on either side stays visible, on one row', async () => {
  const { ctx, oldId, newId } = await aReplacedCard();
  const noted = await note(ctx, oldId, 'SHOES', 'for the wedding');
  await note(ctx, newId, 'CINEMA', 'with Ana');
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  expect((await shown(ctx, newId)).filter((row) => row.includes('SHOES') || row.includes('CINEMA'))).toEqual([
    '2026-05-02 -12 CINEMA (with Ana)',
    '2026-03-09 -40 SHOES (for the wedding)',
  ]);
  expect(await getTransaction(ctx, { accountId: newId, transactionId: noted })).toMatchObject({
    note: 'for the wedding',
  });
});

test('two notes on two copies are both shown', async () => {
  const { ctx, oldId, newId } = await aReplacedCard();
  await note(ctx, oldId, 'SHOES', 'one');
  await note(ctx, newId, 'SHOES', 'two');
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  expect((await shown(ctx, newId)).filter((row) => row.includes('SHOES')).sort()).toEqual([
    '2026-03-09 -40 SHOES (one)',
    '2026-03-09 -40 SHOES (two)',
  ]);
});

test('reworded transactions are shown once where the histories agree, and other purchases are not taken for copies', async () => {
  const winter: ShortRow[] = [
    ['2026-03-04', -3.5, '04.03 EXAMPLE STORE'],
    ['2026-03-05', -20, 'FUEL 1234'],
    ['2026-03-09', -40, 'SHOES'],
    ['2026-03-10', -7, 'BUS'],
  ];
  const agreeing = await aReplacedCard({
    winter,
    spring: [
      ['2026-03-04', -3.5, 'EXAMPLE STORE'],
      ['2026-03-05', -20, 'PETROL STATION'],
      ['2026-03-09', -40, 'SHOES'],
    ],
  });
  await joinAccounts(agreeing.ctx, { accountId: agreeing.newId, otherId: agreeing.oldId });
  expect(await shown(agreeing.ctx, agreeing.newId)).toEqual([
    '2026-03-10 -7 BUS',
    '2026-03-09 -40 SHOES',
    '2026-03-05 -20 PETROL STATION',
    '2026-03-04 -3.5 EXAMPLE STORE',
  ]);
  const following = await aReplacedCard({
    winter,
    spring: [
      ['2026-03-05', -20, 'FLOWERS'],
      ['2026-03-09', -8, 'LUNCH'],
      ['2026-03-04', -9, 'TEA'],
      ['2026-03-10', -1, 'GUM'],
    ],
  });
  await joinAccounts(following.ctx, { accountId: following.newId, otherId: following.oldId });
  expect(await shown(following.ctx, following.newId)).toHaveLength(8);
});

test('what comes after the joining is compared too', async () => {
  const { ctx, system, oldId, newId } = await aReplacedCard({ spring: [] });
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  const rows: ShortRow[] = [
    ['2026-03-09', -40, 'SHOES'],
    ['2026-03-12', -1, 'GUM'],
  ];
  await storeRows(system, newId, { window: SPRING, rows });
  await inTransaction(system, (tx) => markDuplicates(tx, newId, SPRING));
  expect((await shown(ctx, newId)).filter((row) => row.includes('SHOES'))).toHaveLength(1);
  expect(await shown(ctx, newId)).toHaveLength(5);
});

test('separating restores both accounts exactly, with what came meanwhile', async () => {
  const { ctx, system, oldId, newId, userId } = await aReplacedCard();
  await note(ctx, oldId, 'SHOES', 'for the wedding');
  await renameAccount(ctx, { accountId: oldId, name: 'Everyday' });
  await hideAccount(ctx, { accountId: oldId, isHidden: true });
  const before = await snapshot(system, userId);
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  expect(await snapshot(system, userId)).not.toEqual(before);
  expect(await separateAccounts(ctx, { accountId: oldId })).toEqual({ accountId: newId });
  expect(await snapshot(system, userId)).toEqual(before);

  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  await storeRows(system, newId, {
    window: { from: '2026-06-01', to: '2026-06-30' },
    rows: [['2026-06-02', -1, 'GUM']],
  });
  await separateAccounts(ctx, { accountId: oldId });
  expect((await shown(ctx, newId))[0]).toBe('2026-06-02 -1 GUM');
  expect(await shown(ctx, oldId)).toEqual([
    '2026-03-09 -40 SHOES (for the wedding)',
    '2026-03-04 -3.5 COFFEE',
    '2026-03-04 -3.5 COFFEE',
    '2026-01-05 -900 RENT JAN',
  ]);
});

test('the user’s name for an account and that it is hidden go over to the one that is shown, and back', async () => {
  const { ctx, oldId, newId } = await aReplacedCard();
  await renameAccount(ctx, { accountId: oldId, name: 'Everyday' });
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  expect((await listAccounts(ctx)).map(({ name }) => name)).toEqual(['Everyday']);
  await renameAccount(ctx, { accountId: newId, name: 'Mine' });
  await separateAccounts(ctx, { accountId: oldId });
  expect((await listAccounts(ctx)).map(({ name }) => name).sort()).toEqual(['Everyday', 'Mine']);
});

test('accounts joined one after another are separated in any order', async () => {
  const { ctx, system, oldId, newId, userId } = await aReplacedCard();
  const { connectionId } = await system.db.bankAccount.findUniqueOrThrow({ where: { id: newId } });
  const { accountId: newestId } = await addAccount(system, { userId, connectionId });
  const before = await snapshot(system, userId);
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  const two = await shown(ctx, newId);
  await joinAccounts(ctx, { accountId: newestId, otherId: newId });
  expect(await shown(ctx, newestId)).toEqual(two);
  await separateAccounts(ctx, { accountId: newId });
  expect(await shown(ctx, newId)).toEqual(two);
  expect(await shown(ctx, newestId)).toEqual([]);
  await joinAccounts(ctx, { accountId: newestId, otherId: newId });
  await separateAccounts(ctx, { accountId: oldId });
  await separateAccounts(ctx, { accountId: newId });
  expect(await snapshot(system, userId)).toEqual(before);
});

test('of two accounts the one that the bank still lists is shown, whichever the user was at', async () => {
  const { ctx, oldId, newId } = await aReplacedCard();
  expect(await joinAccounts(ctx, { accountId: newId, otherId: oldId })).toEqual({ accountId: newId });
  await separateAccounts(ctx, { accountId: oldId });
  expect(await joinAccounts(ctx, { accountId: oldId, otherId: newId })).toEqual({ accountId: newId });
});

test('balances of both are one line over time', async () => {
  const { ctx, system, oldId, newId } = await aReplacedCard();
  const at = (days: number) => addMs(system.clock.now(), -days * DAY_MS);
  const reading = (accountId: string, days: number, current: string) => ({
    accountId,
    readAt: at(days),
    current,
    currency: 'GBP',
  });
  await system.db.balanceReading.createMany({
    data: [reading(oldId, 9, '1.00'), reading(oldId, 8, '2.00'), reading(newId, 3, '3.00')],
  });
  expect(await listBalances(ctx, { accountId: newId })).toHaveLength(1);
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  expect((await listBalances(ctx, { accountId: newId })).map(({ current }) => current)).toEqual([
    '1.00',
    '2.00',
    '3.00',
  ]);
});

test('the four calls of a day are those of all joined accounts together', async () => {
  const { ctx, system, oldId, newId } = await aReplacedCard();
  const { connectionId } = await system.db.bankAccount.findUniqueOrThrow({ where: { id: newId } });
  const call = (accountId: string) =>
    system.db.truelayerCall.create({
      data: {
        id: uuidv7(),
        connectionId,
        accountId,
        bankId: 'ob-test',
        endpoint: 'account_balance',
        isAttended: false,
        isCounted: true,
        startedAt: system.clock.now(),
        correlationId: uuidv7(),
      },
    });
  for (const accountId of [oldId, oldId, newId]) await call(accountId);
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  await call(newId);
  await expect(call(newId)).rejects.toThrow('LW004');
  await expect(call(oldId)).rejects.toThrow('LW004');
  await separateAccounts(ctx, { accountId: oldId });
  await call(newId);
});

test('accounts of another kind or currency, the same account, and what is joined already, are refused', async () => {
  const { ctx, system, oldId, newId, userId } = await aReplacedCard();
  const { connectionId } = await system.db.bankAccount.findUniqueOrThrow({ where: { id: newId } });
  const { accountId: cardId } = await addAccount(system, { userId, connectionId, kind: 'card' });
  const { accountId: euroId } = await addAccount(system, { userId, connectionId });
  await system.db.bankAccount.update({ where: { id: euroId }, data: { currency: 'EUR' } });
  for (const otherId of [cardId, euroId]) {
    await expect(joinAccounts(ctx, { accountId: newId, otherId })).rejects.toMatchObject({
      code: 'different_accounts',
    });
  }
  await expect(joinAccounts(ctx, { accountId: newId, otherId: newId })).rejects.toMatchObject({ code: 'same_account' });
  await expect(separateAccounts(ctx, { accountId: oldId })).rejects.toMatchObject({ code: 'not_joined' });
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  await expect(joinAccounts(ctx, { accountId: newId, otherId: oldId })).rejects.toMatchObject({
    code: 'already_joined',
  });
});

test('nobody joins or separates another user’s accounts', async () => {
  const { ctx, system, oldId, newId } = await aReplacedCard();
  const strangerId = await addUser(system);
  const stranger = actingAs(system, { kind: 'user', userId: strangerId });
  const theirs = await addAccount(system, { userId: strangerId });
  const nobody = actingAs(system, { kind: 'nobody' });
  const notFound = { kind: 'not_found', code: 'account_not_found' };
  await expect(joinAccounts(stranger, { accountId: newId, otherId: oldId })).rejects.toMatchObject(notFound);
  await expect(joinAccounts(stranger, { accountId: theirs.accountId, otherId: newId })).rejects.toMatchObject(notFound);
  await expect(joinAccounts(ctx, { accountId: newId, otherId: theirs.accountId })).rejects.toMatchObject(notFound);
  await expect(joinAccounts(ctx, { accountId: newId, otherId: 'x' })).rejects.toMatchObject(notFound);
  await expect(joinAccounts(nobody, { accountId: newId, otherId: oldId })).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
  await joinAccounts(ctx, { accountId: newId, otherId: oldId });
  await expect(separateAccounts(stranger, { accountId: oldId })).rejects.toMatchObject(notFound);
  await expect(separateAccounts(nobody, { accountId: oldId })).rejects.toMatchObject({ kind: 'unauthenticated' });
  expect((await listAccounts(ctx)).map(({ id }) => id)).toEqual([newId]);
  await separateAccounts(ctx, { accountId: oldId });
  expect(await listAccounts(ctx)).toHaveLength(2);
});
