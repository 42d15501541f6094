import { afterEach, expect, test } from 'vitest';
import { getAccount } from '#lib/accounts/get-account';
import type { Context } from '#lib/context/context';
import { learnBank } from '#lib/testing/learned-bank';
import { aSystem, type LinkedPerson, linkPerson, signInAgain } from '#lib/testing/link-person';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { addDays, dayOf, daysBetween } from '#lib/time/day';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { syncUnattended } from './sync-unattended.ts';

withOwnDatabase();
const standIn = aStandIn();
const BANK = 'ob-tesco';

const traits = (change: Record<string, unknown>) => standIn.control('PUT', '/switches', { banks: { [BANK]: change } });
const wait = (ms: number) => standIn.control('PUT', '/clock', { advance_ms: ms });

/** Each test begins with a bank of which nothing is known. */
afterEach(async () => {
  await standIn.control('POST', '/reset');
  await forgetBank(await aSystem());
});

/** Links, fetches while the user is present, and lets a job do the rest. */
async function linkAndFetch(login = 'john/doe'): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: BANK, login });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(await aSystem(), { connectionId });
  return person;
}

/** Links at a bank that is known to return all of a long history at once: the history is left to a job, which comes later. */
async function linkAndWait(waitMs: number, login = 'john/doe'): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: BANK, login });
  const { connectionId, userId } = person;
  await learnBank(person.ctx, BANK);
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await wait(waitMs);
  await syncUnattended(await aSystem(), { connectionId });
  return person;
}

async function mainAccount({ ctx, connectionId }: LinkedPerson) {
  const { id } = await ctx.db.bankAccount.findFirstOrThrow({
    where: { connectionId, kind: 'account' },
    orderBy: { position: 'asc' },
  });
  const account = await getAccount(ctx, { accountId: id });
  const days = daysBetween(account.coveredFrom ?? '', account.coveredTo ?? '');
  return { ...account, days };
}

const calls = ({ ctx }: LinkedPerson, accountId: string) =>
  ctx.db.truelayerCall.findMany({
    where: { accountId, endpoint: 'account_transactions' },
    select: { code: true },
    orderBy: { startedAt: 'asc' },
  });

async function forgetBank(ctx: Context) {
  const nothing = {
    accountHistoryDays: null,
    cardHistoryDays: null,
    accountHistoryCheckedAt: null,
    cardHistoryCheckedAt: null,
    rowsPerAnswer: null,
    largestAnswerRows: 0,
  };
  await ctx.db.bank.updateMany({ where: { id: BANK }, data: nothing });
}

test('windows shrink when a bank refuses one, and the next customer is asked for the one that it took', async () => {
  await traits({ too_wide: 'refuse', account_days: 400 });
  const first = await linkAndFetch();
  const account = await mainAccount(first);
  expect(account).toMatchObject({ days: 365, historyLimitCode: 'invalid_date_range' });
  const refused = { code: 'invalid_date_range' };
  expect(await calls(first, account.id)).toEqual([refused, refused, { code: null }]);

  const second = await linkAndFetch('john2/doe2');
  const other = await mainAccount(second);
  expect(other).toMatchObject({ days: 365 });
  expect(await calls(second, other.id)).toEqual([{ code: null }]);
  await forgetBank(first.ctx);
});

test('when the job comes too late for the deep past, only the open days are asked for, and that is said', async () => {
  const person = await linkAndWait(6 * MINUTE_MS);
  const account = await mainAccount(person);
  expect(account).toMatchObject({ days: 89, historyLimitCode: 'sca_exceeded', troubles: [] });
  expect(await calls(person, account.id)).toEqual([{ code: null }]);
});

test.each(['sca_exceeded', 'access_denied', 'empty'])(
  'a bank that refuses the deep past (%s) refuses that and no more',
  async (refusal) => {
    await traits({ sca_minutes: 0, deep_refusal: refusal });
    const person = await linkAndFetch();
    const account = await mainAccount(person);
    expect(account.days).toBeLessThan(91);
    expect(await person.ctx.db.connection.findUnique({ where: { id: person.connectionId } })).toMatchObject({
      status: 'active',
      grantRefusedAt: null,
    });
  },
);

const rowsOf = async ({ ctx }: LinkedPerson, accountId: string) => {
  const select = { description: true, bookedOn: true, amount: true } as const;
  const rows = await ctx.db.transaction.findMany({ where: { accountId }, select });
  return rows.map((row) => `${dayOf(row.bookedOn)} ${row.amount} ${row.description}`).sort();
};

test.each([100, 50, 250])(
  'a bank that returns %s rows at once gives its first customer the whole history',
  async (cap) => {
    await traits({ rows_per_request: cap, account_days: 365 });
    const first = await linkAndFetch('john3/doe3');
    expect(await first.ctx.db.bank.findUnique({ where: { id: BANK } })).toMatchObject({ rowsPerAnswer: cap });
    const account = await mainAccount(first);
    expect(account).toMatchObject({ gaps: [], historyLimitCode: null, historyMissingFrom: null });
    const counted = await first.ctx.db.truelayerCall.count({ where: { accountId: account.id, isCounted: true } });
    expect(counted).toBe(1);
    const rows = await rowsOf(first, account.id);
    expect((await calls(first, account.id)).length).toBeLessThan((rows.length / cap) * 1.2 + 4);

    await traits({ rows_per_request: null, account_days: 365 });
    const whole = await linkAndFetch('john3/doe3');
    expect(rows).toEqual(await rowsOf(whole, (await mainAccount(whole)).id));
  },
);

test('a history that is too long for the calls of a job is recorded as cut, and the next sign-in brings the rest', async () => {
  await traits({ rows_per_request: 100, account_days: 365 });
  const person = await linkAndWait(0);
  const account = await mainAccount(person);
  expect(account).toMatchObject({ historyLimitCode: 'rows_capped', historyMissingFrom: expect.any(String) });
  await wait(2 * DAY_MS);
  await signInAgain(person);
  const { connectionId, userId } = person;
  const ctx = { ...(await aSystem()), actor: person.ctx.actor };
  await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
  expect(await mainAccount(person)).toMatchObject({ gaps: [], historyLimitCode: null, historyMissingFrom: null });
  await forgetBank(person.ctx);
});

test('cards and accounts are asked for the widest range, whatever a table says, and get what is there', async () => {
  for (const bankId of ['ob-hsbc', 'ob-boi-ie']) {
    await standIn.control('PUT', '/switches', { banks: { [bankId]: { account_days: 2190, card_days: 2190 } } });
    const person = await linkPerson(standIn.url, { bankId, login: 'john5/doe5' });
    const { connectionId, userId, ctx } = person;
    await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
    const accounts = await ctx.db.bankAccount.findMany({ where: { connectionId }, select: { coveredFrom: true } });
    expect(accounts.length).toBeGreaterThan(0);
    const today = dayOf(ctx.clock.now());
    for (const { coveredFrom } of accounts) expect(dayOf(coveredFrom ?? new Date())).toBe(addDays(today, -2190));
  }
});

test('a width that a bank took is asked for, and after a month the widest again while the user is present', async () => {
  await traits({ too_wide: 'refuse', account_days: 400, card_days: 400 });
  const first = await linkAndFetch();
  await traits({ too_wide: 'refuse', account_days: 2190, card_days: 2190 });
  const second = await linkAndFetch('john2/doe2');
  expect(await mainAccount(second)).toMatchObject({ days: 365 });
  await wait(31 * DAY_MS);
  const third = await linkAndFetch('john4/doe4');
  const account = await mainAccount(third);
  expect(account).toMatchObject({ days: 2190, historyLimitCode: null });
  expect(await calls(third, account.id)).toEqual([{ code: null }]);
  await forgetBank(first.ctx);
});

test('bookings that arrive between two requests for the rest don’t pass for rows that a bank left out', async () => {
  await traits({ rows_per_request: 100, account_days: 365 });
  const bookings = Array.from({ length: 40 }, (_, index) => ({
    transaction_id: `x${index}`,
    timestamp: new Date().toISOString(),
    description: `JUST BOOKED ${index}`,
    amount: -1 - index,
    currency: 'GBP',
    transaction_type: 'DEBIT',
    transaction_category: 'PURCHASE',
    transaction_classification: [],
  }));
  const action = { status: 200, body: { status: 'Succeeded', results: bookings } };
  const match = { path: '/data/v1/accounts/*/transactions' };
  const person = await linkPerson(standIn.url, { bankId: BANK, login: 'john3/doe3' });
  const { connectionId } = person;
  // The lists and the balance have their calls already, so that the job has three for the history.
  await learnBank(person.ctx, BANK);
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(person.userId) });
  await standIn.control('POST', '/faults', { match, action, after: 1, times: 1 });
  await syncUnattended(await aSystem(), { connectionId });
  const account = await mainAccount(person);
  expect(await calls(person, account.id)).toHaveLength(3);
  expect(await person.ctx.db.transaction.count({ where: { accountId: account.id } })).toBeGreaterThan(200);
  const { bookedOn } = await person.ctx.db.transaction.findFirstOrThrow({
    where: { accountId: account.id },
    orderBy: { bookedOn: 'asc' },
  });
  // The third answer was full as well: of nothing before it is anything known.
  expect(account).toMatchObject({ coveredFrom: addDays(dayOf(bookedOn), 1), historyLimitCode: 'rows_capped' });
  await forgetBank(person.ctx);
});

test('what was missed during an outage is fetched with the next increment', async () => {
  const person = await linkAndFetch();
  await wait(20 * DAY_MS);
  await syncFully(await aSystem(), person.connectionId);
  const account = await mainAccount(person);
  expect(account).toMatchObject({ gaps: [], coveredTo: dayOf((await aSystem()).clock.now()) });
});

test('what the bank no longer opens after a long outage is told as a gap', async () => {
  const person = await linkAndFetch();
  const before = await mainAccount(person);
  await person.ctx.db.connection.update({ where: { id: person.connectionId }, data: { consentExpiresAt: null } });
  await standIn.control('POST', `/connections/${encodeURIComponent(person.me.credentialsId)}`, {
    consent_expires_at: '2099-01-01T00:00:00Z',
  });
  await standIn.control('PUT', '/switches', { refresh_window_days: 1000 });
  await wait(120 * DAY_MS);
  await syncFully(await aSystem(), person.connectionId);
  const account = await mainAccount(person);
  const today = dayOf((await aSystem()).clock.now());
  expect(account.gaps).toEqual([{ from: addDays(before.coveredTo ?? '', 1), to: addDays(today, -90) }]);
});

test('the same bank asked again an hour later costs one window, not the whole past', async () => {
  const person = await linkAndFetch();
  await wait(DAY_MS + 60 * MINUTE_MS);
  const before = await person.ctx.db.transaction.count({ where: { account: { connectionId: person.connectionId } } });
  const report = await syncFully(await aSystem(), person.connectionId);
  expect(report?.outcome).toBe('complete');
  const after = await person.ctx.db.transaction.count({ where: { account: { connectionId: person.connectionId } } });
  expect(after - before).toBeLessThan(40);
});

test('a second sign-in’s deep request may be refused too, and costs neither the past nor what is open to everybody', async () => {
  await traits({ too_wide: 'refuse', account_days: 400 });
  const person = await linkAndWait(20 * MINUTE_MS);
  expect(await mainAccount(person)).toMatchObject({ days: 89, historyLimitCode: 'sca_exceeded' });
  await wait(2 * DAY_MS);
  await signInAgain(person);
  await forgetBank(person.ctx);
  const ctx = { ...(await aSystem()), actor: person.ctx.actor };
  await firstAttendedPass(ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) });
  await syncFully(await aSystem(), person.connectionId);
  expect(await mainAccount(person)).toMatchObject({ days: 365, historyLimitCode: 'invalid_date_range' });
  await forgetBank(person.ctx);
});
