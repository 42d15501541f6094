import { beforeAll, expect, test } from 'vitest';
import { editTransaction } from '#lib/accounts/edit-transaction';
import { actingAs } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { listReplayable } from './list-replayable.ts';
import { replayAccount } from './replay-account.ts';

const standIn = aStandIn(SHORT_HISTORY);
let person: LinkedPerson;
let accountId: string;

beforeAll(async () => {
  person = await linkPerson(standIn.url, { bankId: 'ob-barclays' });
  const { connectionId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(person.userId) });
  await syncFully(person.system, connectionId);
  // A second answer over days that the first one covers, too.
  await standIn.control('PUT', '/clock', { advance_ms: 26 * HOUR_MS });
  await syncFully(await aSystem(), connectionId);
  const first = await person.system.db.bankAccount.findFirstOrThrow({
    where: { connectionId, kind: 'account' },
    select: { id: true },
    orderBy: { position: 'asc' },
  });
  accountId = first.id;
});

/** Everything that is stored of the account's rows, to the last stamp. */
async function rowsNow(): Promise<string> {
  const [row] = await person.system.db.$queryRaw<{ all: string }[]>`
    select md5(string_agg(to_jsonb(t)::text, '' order by id)) as all from transactions t where account_id = ${accountId}::uuid`;
  return row?.all ?? '';
}

const look = async () => replayAccount(await aSystem(), { accountId, isApplied: false });
const apply = async () => replayAccount(await aSystem(), { accountId, isApplied: true });

test('what was stored by today’s rules is what today’s rules make of the kept answers', async () => {
  const before = await rowsNow();
  expect((await look()).diff).toEqual([]);
  expect(await apply()).toMatchObject({ diff: [], isApplied: false });
  expect(await rowsNow()).toBe(before);
});

test('what other rules had stored is shown, mended only when asked, and only once; what the person said stays', async () => {
  const { db } = person.system;
  const [edited, dropped, twin] = await db.transaction.findMany({
    where: { accountId, vanishedAt: null },
    orderBy: { bookedOn: 'desc' },
    skip: 40,
    take: 3,
  });
  if (edited === undefined || dropped === undefined || twin === undefined) throw new Error('too few rows');
  await editTransaction(person.ctx, { transactionId: edited.id, note: 'mine', category: 'gifts' });
  // As rules with these three mistakes would have left it: a sign and a name wrong, a row lost, a row doubled.
  await db.transaction.update({
    where: { id: edited.id },
    data: { effect: edited.effect.negated(), merchantName: 'Wrong' },
    select: { id: true },
  });
  await db.transaction.delete({ where: { id: dropped.id }, select: { id: true } });
  const { id: _id, meta: _meta, amountsAsSent: _sent, ...double } = twin;
  const doubled = await db.transaction.create({ data: double, select: { id: true } });
  await db.balanceReading.updateMany({ where: { accountId }, data: { current: '1.23' } });
  const broken = await rowsNow();

  const { diff } = await look();
  expect(diff.find(({ resource }) => resource === 'transactions')).toMatchObject({ added: 1, changed: 1, gone: 1 });
  expect(diff.find(({ resource }) => resource === 'balance')?.changed).toBeGreaterThan(0);
  expect(diff.flatMap(({ samples }) => samples).map(({ kind }) => kind)).toContain('gone');
  expect(await rowsNow()).toBe(broken);

  expect((await apply()).isApplied).toBe(true);
  expect(await db.transaction.findUniqueOrThrow({ where: { id: edited.id }, include: { edit: true } })).toMatchObject({
    effect: edited.effect,
    merchantName: edited.merchantName,
    edit: { note: 'mine', category: 'gifts' },
  });
  const { bookedOn, description, amount } = dropped;
  expect(await db.transaction.count({ where: { accountId, bookedOn, description, amount, vanishedAt: null } })).toBe(1);
  expect(await db.transaction.findUniqueOrThrow({ where: { id: doubled.id } })).not.toMatchObject({ vanishedAt: null });
  const mended = await rowsNow();
  expect((await apply()).diff).toEqual([]);
  expect(await rowsNow()).toBe(mended);
});

test('a row that a later answer brought, which wasn’t kept, is not taken for gone', async () => {
  const { db } = person.system;
  const later = await db.transaction.findFirstOrThrow({ where: { accountId, vanishedAt: null }, skip: 60 });
  const { id: _id, meta: _meta, amountsAsSent: _sent, ...rest } = later;
  const firstSeenAt = addMs(person.system.clock.now(), 3 * DAY_MS);
  const row = { ...rest, description: 'BOOKED LATE', firstSeenAt };
  const { id } = await db.transaction.create({ data: row, select: { id: true } });
  expect((await look()).diff).toEqual([]);
  await db.transaction.delete({ where: { id }, select: { id: true } });
});

test('it refuses when nothing was kept, when the newest wasn’t, and whoever isn’t a job', async () => {
  const system = await aSystem();
  const bare = await addAccount(system);
  await expect(replayAccount(system, { accountId: bare.accountId, isApplied: true })).rejects.toMatchObject({
    code: 'nothing_kept',
  });
  await system.db.accountResource.updateMany({
    where: { accountId, resource: 'transactions' },
    data: { lastOkAt: addMs(system.clock.now(), 5 * HOUR_MS) },
  });
  await expect(look()).rejects.toMatchObject({ code: 'newest_not_kept' });
  const user = actingAs(system, { kind: 'user', userId: person.userId });
  await expect(replayAccount(user, { accountId, isApplied: false })).rejects.toMatchObject({ code: 'system_only' });
  const listed: string[] = [];
  for await (const id of listReplayable(system, { connectionId: person.connectionId })) listed.push(id);
  expect(listed).toContain(accountId);
});
