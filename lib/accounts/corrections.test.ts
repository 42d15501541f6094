import { beforeAll, expect, test } from 'vitest';
import { actingAs, type Context } from '#lib/context/context';
import { enrichAccount } from '#lib/enrich/enrich-account';
import { storeTransfers } from '#lib/enrich/store-transfers';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { addUser, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { correctTransaction } from './correct-transaction.ts';
import { dismissRecurring } from './dismiss-recurring.ts';
import { exportTransactions } from './export-transactions.ts';
import { getAccount } from './get-account.ts';
import { getTransaction } from './get-transaction.ts';
import { listAccounts } from './list-accounts.ts';
import { listHolders } from './list-holders.ts';
import { listRecurring } from './list-recurring.ts';
import { listTransactions } from './list-transactions.ts';
import { sumSpending } from './sum-spending.ts';
import { takeBackCorrection } from './take-back-correction.ts';
import type { TransactionLine } from './transaction-dto.ts';
import { undoCorrection } from './undo-correction.ts';

const standIn = aStandIn();
let person: LinkedPerson;
let ctx: Context;
let accountId: string;

beforeAll(async () => {
  person = await linkPerson(standIn.url, { bankId: 'ob-barclays' });
  ctx = person.ctx;
  await firstAttendedPass(ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) });
  await syncUnattended(person.system, { connectionId: person.connectionId });
  await enrichAll();
  accountId = (await listAccounts(ctx))[0]?.id ?? '';
});

async function enrichAll(): Promise<void> {
  for (const { id } of await listAccounts(ctx)) await enrichAccount(person.system, { accountId: id });
  await storeTransfers(person.system, person);
}

async function search(words: string): Promise<TransactionLine[]> {
  return (await listTransactions(ctx, { accountId, search: words, limit: 100 })).booked;
}

/** One of a merchant of which there are several, as it is told before anybody says anything. */
async function oneOf(words: string): Promise<TransactionLine> {
  const [line, second] = await search(words);
  if (line === undefined || second === undefined) throw new Error(`fewer than two of ${words}`);
  return line;
}

function asItIs({ id: transactionId, name, category, note }: TransactionLine) {
  return { accountId, transactionId, name, category, note: note ?? '', isTransfer: null, isAlways: false };
}

const read = (transactionId: string) => getTransaction(ctx, { accountId, transactionId });

test('a correction of one row is of that row only, and no re-sync or new edition of the rules takes it back', async () => {
  const line = await oneOf('Tesco');
  expect(line).toMatchObject({ name: 'Tesco', category: 'groceries', categoryReason: 'truelayer' });
  const { undoId } = await correctTransaction(ctx, {
    ...asItIs(line),
    name: 'Party food',
    category: 'gifts',
    note: '=1+1',
  });
  const corrected = {
    name: 'Party food',
    nameReason: 'edited',
    category: 'gifts',
    categoryReason: 'edited',
    note: '=1+1',
  };
  expect(await read(line.id)).toMatchObject(corrected);
  expect((await search('Tesco')).filter(({ name }) => name === 'Party food')).toHaveLength(1);
  expect(await search('party food')).toHaveLength(1);

  // The bank sends it again in other words, and the rules are of another edition.
  await person.system.db.$executeRaw`
    update transactions set content_hash = 'stale', classification = '{}' where id = ${line.id}::uuid`;
  await person.system.db.$executeRaw`
    update enrichments set rules = 0 where transaction_id in (select id from transactions where account_id = ${accountId}::uuid)`;
  await enrichAll();
  expect(await read(line.id)).toMatchObject(corrected);

  expect(await undoCorrection(ctx, { undoId })).toEqual({ accountId, transactionId: line.id });
  expect(await read(line.id)).toMatchObject({
    name: 'Tesco',
    nameReason: 'truelayer',
    category: 'groceries',
    note: null,
  });
  await expect(undoCorrection(ctx, { undoId })).rejects.toMatchObject({ code: 'undo_step_not_found' });
});

test('what is left as it stands is not a correction: better rules may still better it', async () => {
  const line = await oneOf('Lidl');
  await correctTransaction(ctx, { ...asItIs(line), note: 'for the flat' });
  expect((await read(line.id)).edit).toEqual({
    note: 'for the flat',
    category: null,
    merchantName: null,
    isTransfer: null,
  });
});

test('an “always” holds for everything of the merchant’s, and one row can still differ', async () => {
  const line = await oneOf('Costa');
  const { undoId } = await correctTransaction(ctx, {
    ...asItIs(line),
    name: 'Coffee',
    category: 'personal_care',
    isAlways: true,
  });
  const lines = await search('Costa');
  expect(new Set(lines.map(({ name, category }) => `${name} ${category}`))).toEqual(new Set(['Coffee personal_care']));
  expect(await read(line.id)).toMatchObject({ nameReason: 'always', categoryReason: 'always', edit: null });
  const [, other] = lines;
  if (other === undefined) throw new Error('only one');
  await correctTransaction(ctx, { ...asItIs(other), category: 'business' });
  expect(await read(other.id)).toMatchObject({ name: 'Coffee', category: 'business', categoryReason: 'edited' });
  await takeBackCorrection(ctx, { accountId, transactionId: other.id, what: 'row' });
  expect((await read(other.id)).category).toBe('personal_care');
  await undoCorrection(ctx, { undoId });
  expect((await read(line.id)).name).toBe('Costa Coffee');
  await correctTransaction(ctx, { ...asItIs(line), category: 'business', isAlways: true });
  await takeBackCorrection(ctx, { accountId, transactionId: line.id, what: 'merchant' });
  expect((await read(line.id)).rule).toBeNull();
});

test('a transfer leads to its other half, and a person’s no parts the two', async () => {
  const lines = await search('TRANSFER');
  const line = lines.find(({ transfer }) => transfer !== null);
  if (line === undefined) throw new Error('no transfer');
  const told = await read(line.id);
  expect(told).toMatchObject({ category: 'transfer', categoryReason: 'paired' });
  const { otherSide } = told;
  if (otherSide === null) throw new Error('no other side');
  const place = { accountId: otherSide.accountId, transactionId: otherSide.transactionId };
  expect((await getTransaction(ctx, place)).otherSide?.transactionId).toBe(line.id);
  await correctTransaction(ctx, { ...asItIs(line), isTransfer: false });
  await enrichAll();
  expect(await read(line.id)).toMatchObject({ otherSide: null, category: 'other', categoryReason: 'said_no_transfer' });
  expect((await getTransaction(ctx, place)).otherSide).toBeNull();
});

test('what only moves isn’t spent: calling a purchase a transfer takes it off this month’s sum, exactly', async () => {
  const before = await sumSpending(ctx);
  const line = (await listTransactions(ctx, { accountId })).booked.find(
    ({ day, effect, category }) => day >= before.month && effect.startsWith('-') && category === 'groceries',
  );
  if (line === undefined || before.total === null) throw new Error('nothing spent');
  await correctTransaction(ctx, { ...asItIs(line), isTransfer: true });
  const after = await sumSpending(ctx);
  const pence = (amount: string) => BigInt(Math.round(Number(amount) * 100));
  expect(pence(after.total?.thisMonth ?? '0')).toBe(pence(before.total.thisMonth) + pence(line.effect));
  expect(after.total?.lastMonthByNow).toBe(before.total.lastMonthByNow);
});

test('all transactions leave as CSV, exact, with the person’s words, and none of it a formula', async () => {
  const line = await oneOf('Greggs');
  await correctTransaction(ctx, { ...asItIs(line), note: '=HYPERLINK("http://evil")' });
  const { lines } = await exportTransactions(ctx, { accountId });
  let csv = '';
  for await (const chunk of lines) csv += chunk;
  const rows = csv.trimEnd().split('\r\n');
  expect(rows).toHaveLength(1 + (await person.system.db.transaction.count({ where: { accountId, vanishedAt: null } })));
  expect(rows[0]).toBe(
    '\uFEFFdate,time,name,amount,currency,category,category_from,note,bank_description,bank_merchant,bank_coding,balance_after,transaction_id,date_note,date_as_sent,amount_as_sent,status',
  );
  expect(csv).toContain(`"'=HYPERLINK(""http://evil"")"`);
  expect(rows.find((row) => row.includes(`,${line.id},`))).toContain(`,${line.effect},GBP,eating_out,`);
});

test('what comes round can be hidden and shown again; the holder is who the bank says', async () => {
  const [first] = await listRecurring(ctx, { accountId });
  if (first === undefined) throw new Error('nothing comes round');
  await dismissRecurring(ctx, { recurringId: first.id, isDismissed: true });
  const again = await listRecurring(ctx, { accountId });
  expect(again.find(({ id }) => id === first.id)?.isDismissed).toBe(true);
  const [holder] = await listHolders(ctx, { connectionId: person.connectionId });
  expect(holder?.fullName).toMatch(/\w+ \w+/);
});

test('a card says what its last statement was, an account has none', async () => {
  const card = (await listAccounts(ctx)).find(({ kind }) => kind === 'card');
  const { statement } = await getAccount(ctx, { accountId: card?.id ?? '' });
  expect(statement).toMatchObject({
    balance: expect.stringMatching(/^\d+(\.\d+)?$/),
    dueOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    currency: 'GBP',
  });
  expect((await getAccount(ctx, { accountId })).statement).toBeNull();
});

test('nobody corrects, undoes, hides or takes away what is another person’s', async () => {
  const line = await oneOf('Aldi');
  const { undoId } = await correctTransaction(ctx, { ...asItIs(line), note: 'mine' });
  const [recurring] = await listRecurring(ctx, { accountId });
  const stranger = actingAs(person.system, { kind: 'user', userId: await addUser(person.system) });
  const nobody = actingAs(person.system, { kind: 'nobody' });
  const place = { accountId, transactionId: line.id };
  const attempts = (who: Context) => [
    () => correctTransaction(who, { ...asItIs(line), note: 'theirs' }),
    () => takeBackCorrection(who, { ...place, what: 'merchant' }),
    () => getTransaction(who, place),
    () => undoCorrection(who, { undoId }),
    () => dismissRecurring(who, { recurringId: recurring?.id ?? '', isDismissed: true }),
    () => exportTransactions(who, { accountId }),
    () => listHolders(who, { connectionId: person.connectionId }),
  ];
  for (const attempt of attempts(stranger)) await expect(attempt()).rejects.toMatchObject({ kind: 'not_found' });
  for (const attempt of attempts(nobody)) await expect(attempt()).rejects.toMatchObject({ kind: 'unauthenticated' });
  await expect(correctTransaction(ctx, { ...asItIs(line), category: 'nonsense' })).rejects.toThrow();
  expect((await read(line.id)).note).toBe('mine');
});

test('what is shared through two logins is spent once', async () => {
  const before = await sumSpending(ctx);
  expect(before.lines).not.toEqual([]);
  const { userId, bankId } = person;
  const permissions = ['accounts', 'balance', 'transactions', 'offline_access'];
  const fewer = await linkPerson(standIn.url, { bankId, userId, permissions });
  await syncUnattended(fewer.system, { connectionId: fewer.connectionId });
  const accounts = await listAccounts(ctx, { connectionId: fewer.connectionId });
  expect(accounts).not.toEqual([]);
  for (const { id } of accounts) await enrichAccount(fewer.system, { accountId: id });
  expect(await sumSpending(ctx)).toEqual(before);
});
