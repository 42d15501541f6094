import { afterEach, expect, test } from 'vitest';
import { getAccount } from '#lib/accounts/get-account';
import { aSystem, type LinkedPerson, linkPerson, signInAgain } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { addDays, dayOf, daysBetween } from '#lib/time/day';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { syncUnattended } from './sync-unattended.ts';

const standIn = aStandIn();
const BANK = 'ob-tesco';

const traits = (change: Record<string, unknown>) => standIn.control('PUT', '/switches', { banks: { [BANK]: change } });
const wait = (ms: number) => standIn.control('PUT', '/clock', { advance_ms: ms });

afterEach(() => standIn.control('POST', '/reset'));

/** Links, and lets `between` happen before the job looks for transactions. */
async function linkAndFetch(
  login = 'john/doe',
  between: () => Promise<unknown> = async () => null,
): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: BANK, login });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await between();
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

async function forgetBank({ ctx }: LinkedPerson) {
  const nothing = { accountHistoryDays: null, cardHistoryDays: null, rowsPerAnswer: null };
  await ctx.db.bank.update({ where: { id: BANK }, data: nothing });
}

test('windows shrink when a bank refuses one, and the next customer is asked for the one that it took', async () => {
  await traits({ too_wide: 'refuse', account_days: 400 });
  const first = await linkAndFetch();
  const account = await mainAccount(first);
  expect(account).toMatchObject({ days: 365, historyLimitCode: 'invalid_date_range' });
  expect(await calls(first, account.id)).toEqual([{ code: 'invalid_date_range' }, { code: null }]);

  const second = await linkAndFetch('john2/doe2');
  const other = await mainAccount(second);
  expect(other).toMatchObject({ days: 365 });
  expect(await calls(second, other.id)).toEqual([{ code: null }]);
  await forgetBank(first);
});

test('when the job comes too late for the deep past, only the open days are asked for, and that is said', async () => {
  const person = await linkAndFetch('john/doe', () => wait(6 * MINUTE_MS));
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
    await forgetBank(person);
  },
);

test('a bank that returns a hundred rows at once is asked for the rest while the person is there', async () => {
  await traits({ rows_per_request: 100, account_days: 365 });
  const first = await linkAndFetch();
  expect(await first.ctx.db.bank.findUnique({ where: { id: BANK } })).toMatchObject({ rowsPerAnswer: 100 });
  expect(await mainAccount(first)).toMatchObject({ historyLimitCode: 'rows_capped' });

  const person = await linkAndFetch('john3/doe3');
  const account = await mainAccount(person);
  expect(account).toMatchObject({ days: 730, gaps: [], historyLimitCode: null });
  const counted = await person.ctx.db.truelayerCall.count({ where: { accountId: account.id, isCounted: true } });
  expect(counted).toBe(1);
  await traits({ rows_per_request: null, account_days: 365 });
  const whole = await linkAndFetch('john3/doe3');
  const rows = async (accountId: string) =>
    (
      await person.ctx.db.transaction.findMany({
        where: { accountId },
        select: { description: true, bookedOn: true, amount: true },
      })
    )
      .map((row) => `${dayOf(row.bookedOn)} ${row.amount} ${row.description}`)
      .sort();
  expect(await rows(account.id)).toEqual(await rows((await mainAccount(whole)).id));
  await forgetBank(first);
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
  const person = await linkAndFetch('john3/doe3', () =>
    standIn.control('POST', '/faults', { match, action, after: 1, times: 1 }),
  );
  const account = await mainAccount(person);
  expect(await calls(person, account.id)).toHaveLength(3);
  expect(await person.ctx.db.transaction.count({ where: { accountId: account.id } })).toBeGreaterThan(200);
  const { bookedOn } = await person.ctx.db.transaction.findFirstOrThrow({
    where: { accountId: account.id },
    orderBy: { bookedOn: 'asc' },
  });
  // The third answer was full as well: of nothing before it is anything known.
  expect(account).toMatchObject({ coveredFrom: addDays(dayOf(bookedOn), 1), historyLimitCode: 'rows_capped' });
  await forgetBank(person);
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
  const person = await linkAndFetch('john/doe', () => wait(20 * MINUTE_MS));
  expect(await mainAccount(person)).toMatchObject({ days: 89, historyLimitCode: 'sca_exceeded' });
  await wait(2 * DAY_MS);
  await signInAgain(person);
  await firstAttendedPass(person.ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) });
  await syncFully(await aSystem(), person.connectionId);
  expect(await mainAccount(person)).toMatchObject({ days: 365, historyLimitCode: 'invalid_date_range' });
  await forgetBank(person);
});
