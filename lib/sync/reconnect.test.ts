import { afterEach, expect, test } from 'vitest';
import { editTransaction } from '#lib/accounts/edit-transaction';
import { listAccounts } from '#lib/accounts/list-accounts';
import { listPairingQuestions } from '#lib/accounts/list-pairing-questions';
import { listTransactions } from '#lib/accounts/list-transactions';
import { type Context, inTransaction } from '#lib/context/context';
import { addUser, aSystem, type LinkedPerson, linkPerson, signInAgain } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS } from '#lib/time/span';
import { answerPairing } from './answer-pairing.ts';
import { firstAttendedPass } from './first-attended-pass.ts';
import { loadCountedCalls } from './load-counted-calls.ts';
import { refreshNow } from './refresh-now.ts';

const standIn = aStandIn(SHORT_HISTORY);
// Of its own: what is learned of a bank is everybody's.
const BANK = 'ob-virgin-money';

afterEach(() => standIn.control('POST', '/reset'));

const traits = (change: Record<string, unknown>) => standIn.control('PUT', '/switches', { banks: { [BANK]: change } });

async function aLinkedPerson(input: { login?: string; userId?: string } = {}): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: BANK, ...input });
  await fetchAll(person);
  return person;
}

async function fetchAll(person: LinkedPerson): Promise<void> {
  const { connectionId, userId } = person;
  const system = await aSystem();
  await firstAttendedPass({ ...system, actor: person.ctx.actor }, { connectionId, presence: presenceOf(userId) });
  await syncFully(system, connectionId);
}

async function snapshot(system: Context, userId: string) {
  const accounts = await system.db.bankAccount.findMany({
    where: { userId },
    orderBy: { id: 'asc' },
    include: { transactions: { where: { vanishedAt: null }, orderBy: { id: 'asc' } } },
  });
  return accounts.map(({ id, goneAt, coveredFrom, transactions }) => ({
    id,
    goneAt,
    coveredFrom,
    rows: transactions
      .map((row) => `${row.bookedOn.toISOString().slice(0, 10)} ${row.amount} ${row.description}`)
      .sort(),
  }));
}

test('accounts that come back under other ids continue their history, and nothing doubles', async () => {
  await traits({ renews_account_ids: true });
  const person = await aLinkedPerson();
  const before = await snapshot(person.system, person.userId);
  const ids = await person.system.db.bankAccount.findMany({
    where: { userId: person.userId },
    select: { truelayerId: true },
  });
  await signInAgain(person);
  await fetchAll(person);
  const after = await snapshot(person.system, person.userId);
  expect(after).toEqual(before);
  const newIds = await person.system.db.bankAccount.findMany({
    where: { userId: person.userId },
    select: { truelayerId: true },
  });
  expect(newIds).not.toEqual(ids);
  expect(await listPairingQuestions(person.ctx)).toEqual([]);
});

test('an account id that dies between two sign-ins is looked up in a new list', async () => {
  const person = await aLinkedPerson();
  const [account] = await listAccounts(person.ctx);
  await person.system.db.bankAccount.update({
    where: { id: account?.id ?? '' },
    data: { truelayerId: 'id-of-before' },
  });
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + 600_000 });
  const system = await aSystem();
  const report = await refreshNow(
    { ...system, actor: person.ctx.actor },
    { connectionId: person.connectionId, presence: presenceOf(person.userId) },
  );
  expect((await listAccounts(person.ctx)).length).toBe((await snapshot(system, person.userId)).length);
  expect(report.rowsStored).toBeGreaterThanOrEqual(0);
  expect(await system.db.bankAccount.findUnique({ where: { id: account?.id ?? '' } })).toMatchObject({
    goneAt: null,
    truelayerId: expect.not.stringContaining('before'),
  });
});

test('a new connection takes over the accounts of the ended one', async () => {
  const third = await aLinkedPerson({ login: 'john2/doe2' });
  const owned = await snapshot(third.system, third.userId);
  await third.system.db.connection.update({
    where: { id: third.connectionId },
    data: { status: 'needs_reauthentication', grantRefusedAt: new Date(), grantRefusedCode: 'invalid_grant' },
  });
  await aLinkedPerson({ login: 'john2/doe2', userId: third.userId });
  expect(await snapshot(third.system, third.userId)).toEqual(owned);
});

/** What a user sees of an account, in the form of {@link snapshot}. */
async function shownRows(ctx: Context, accountId: string): Promise<string[]> {
  const rows: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTransactions(ctx, { accountId, limit: 200, cursor });
    rows.push(...page.booked.map((row) => `${row.day} ${row.amount} ${row.description}`));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows.sort();
}

/** Two accounts that nothing tells apart have lost their ids. */
async function anAmbiguousPerson() {
  await traits({ renews_account_ids: true });
  const person = await aLinkedPerson({ login: 'quiet/quiet' });
  const { system, userId } = person;
  const former = await listAccounts(person.ctx);
  const keep = former.slice(0, 2).map(({ id }) => id);
  await system.db.bankAccount.deleteMany({ where: { userId, id: { notIn: keep } } });
  await system.db.bankAccount.updateMany({
    where: { userId },
    data: { numberHash: null, type: 'TRANSACTION', currency: 'GBP', cardNetwork: null },
  });
  const note = await system.db.transaction.findFirstOrThrow({
    where: { accountId: keep[0] ?? '' },
    orderBy: { bookedOn: 'desc' },
  });
  await editTransaction(person.ctx, { transactionId: note.id, note: 'mine' });
  const before = await snapshot(system, userId);
  await signInAgain(person, 'quiet/quiet');
  await fetchAll(person);
  return { ...person, keep, before, noted: note.id };
}

test('what could be either of two is asked, and the answer makes one account with one history', async () => {
  const { ctx, system, keep, before, noted } = await anAmbiguousPerson();
  const questions = await listPairingQuestions(ctx);
  expect(questions.length).toBeGreaterThan(1);
  const newIds = questions.map(({ account }) => account.id);
  const rowsOf = async (accountId: string) =>
    (await system.db.transaction.findMany({ where: { accountId, vanishedAt: null } }))
      .map((row) => `${row.bookedOn.toISOString().slice(0, 10)} ${row.amount} ${row.description}`)
      .sort();
  const match = (await Promise.all(newIds.map(async (id) => ({ id, rows: await rowsOf(id) })))).find(
    ({ rows }) => rows.join() === before.find(({ id }) => id === keep[0])?.rows.join(),
  );
  const question = questions.find(({ account }) => account.id === match?.id);
  expect(question?.candidates.map(({ id }) => id).sort()).toEqual([...keep].sort());

  const { accountId } = await answerPairing(ctx, {
    questionId: question?.id ?? '',
    formerAccountId: keep[0] ?? '',
  });
  expect(accountId).toBe(match?.id);
  expect((await listAccounts(ctx)).map(({ id }) => id)).not.toContain(keep[0]);
  expect(await shownRows(ctx, accountId)).toEqual(match?.rows);
  const [line] = (await listTransactions(ctx, { accountId, search: 'mine' })).booked;
  expect(line).toMatchObject({ id: noted, note: 'mine' });
  for (const other of await listPairingQuestions(ctx)) expect(other.candidates.map(({ id }) => id)).toEqual([keep[1]]);
  await expect(answerPairing(ctx, { questionId: question?.id ?? '', formerAccountId: null })).rejects.toMatchObject({
    code: 'already_answered',
  });
});

test('the calls of joined accounts are counted together', async () => {
  const { ctx, system, connectionId, keep } = await anAmbiguousPerson();
  const [question] = await listPairingQuestions(ctx);
  const accountId = question?.account.id ?? '';
  const count = async (id: string) =>
    (await loadCountedCalls(system, connectionId, system.clock.now())).filter((call) => call.accountId === id).length;
  const sum = (await count(accountId)) + (await count(keep[1] ?? ''));
  expect(sum).toBeGreaterThan(await count(accountId));
  await answerPairing(ctx, { questionId: question?.id ?? '', formerAccountId: keep[1] ?? '' });
  expect(await count(accountId)).toBe(sum);
  expect(await count(keep[1] ?? '')).toBe(sum);
});

test('nobody answers for another person, or with an account that was not asked about', async () => {
  const { ctx, system } = await anAmbiguousPerson();
  const [question] = await listPairingQuestions(ctx);
  const questionId = question?.id ?? '';
  const stranger = { ...system, actor: { kind: 'user', userId: await addUser(system) } } as const;
  expect(await listPairingQuestions(stranger)).toEqual([]);
  await expect(answerPairing(stranger, { questionId, formerAccountId: null })).rejects.toMatchObject({
    kind: 'not_found',
  });
  const other = await aLinkedPerson({ login: 'john5/doe5' });
  const [foreign] = await listAccounts(other.ctx);
  await expect(answerPairing(ctx, { questionId, formerAccountId: foreign?.id ?? '' })).rejects.toMatchObject({
    code: 'not_a_candidate',
  });
  await expect(
    inTransaction(system, (tx) => answerPairing(tx, { questionId, formerAccountId: null })),
  ).rejects.toMatchObject({ kind: 'unauthenticated' });
});
