import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { joinAccount } from '#lib/accounts/joining/join';
import { actingAs, inTransaction } from '#lib/context/context';
import { matchTransfersTask } from '#lib/jobs/tasks/match-transfers';
import { ask } from '#lib/queue/ask';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { addAccount } from '#lib/testing/add-account';
import { aSystem, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { fixedClock } from '#lib/time/clock';
import { dayOf, startOf } from '#lib/time/day';
import { enrichAccount } from './enrich-account.ts';
import { storeTransfers } from './store-transfers.ts';

const standIn = aStandIn();

async function aPerson(bankId = 'ob-barclays', userId?: string) {
  const person = await linkPerson(standIn.url, { bankId, ...(userId === undefined ? {} : { userId }) });
  const { connectionId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(person.userId) });
  await syncFully(person.system, connectionId);
  return person;
}

async function enrichAll(userId: string): Promise<number> {
  const system = await aSystem();
  const accounts = await system.db.bankAccount.findMany({ where: { userId }, select: { id: true } });
  let rows = 0;
  for (const { id } of accounts) rows += (await enrichAccount(system, { accountId: id })).rows;
  await storeTransfers(system, { userId });
  return rows;
}

test('after a sync every row has a name and a category with their reasons, and the second time there is nothing to do', async () => {
  const { userId, system } = await aPerson();
  const asked = await system.db.$queryRaw<{ id: string }[]>`
    select data->>'accountId' as id from pgboss.job where name = 'account.enrich'
      and data->>'accountId' in (select id::text from accounts where user_id = ${userId}::uuid)`;
  expect(asked.length).toBeGreaterThan(0);

  const total = await system.db.transaction.count({ where: { account: { userId } } });
  expect(await enrichAll(userId)).toBe(total);
  expect(await system.db.enrichment.count({ where: { transaction: { account: { userId } } } })).toBe(total);
  expect(await enrichAll(userId)).toBe(0);

  const row = await system.db.transaction.findFirstOrThrow({ where: { account: { userId } }, select: { id: true } });
  await system.db.transaction.update({ where: { id: row.id }, data: { contentHash: 'changed' }, select: { id: true } });
  expect(await enrichAll(userId)).toBe(1);
});

test('bills come round with a next day ahead, and what was dismissed stays so', async () => {
  const { userId, system } = await aPerson();
  await enrichAll(userId);
  const where = { account: { userId } };
  const found = await system.db.recurringPayment.findMany({ where, orderBy: { seriesKey: 'asc' } });
  const today = dayOf(system.clock.now());
  expect(found.length).toBeGreaterThan(3);
  expect(found.some(({ cadence, nextOn }) => cadence === 'monthly' && dayOf(nextOn) > today)).toBe(true);
  expect(found.some(({ merchantName }) => merchantName === 'Oldline Telecom')).toBe(false);
  const [first] = found;
  await system.db.recurringPayment.update({
    where: { id: first?.id ?? '' },
    data: { dismissedAt: system.clock.now() },
  });
  await enrichAll(userId);
  const again = await system.db.recurringPayment.findMany({ where, orderBy: { seriesKey: 'asc' } });
  expect(again.map(({ id }) => id)).toEqual(found.map(({ id }) => id));
  expect(again[0]?.dismissedAt).not.toBeNull();
});

test('transfers between a person’s own accounts are matched on both sides, each row once; a person’s no undoes one', async () => {
  const { userId, system } = await aPerson();
  await enrichAll(userId);
  const where = { account: { userId } };
  const sides = await system.db.transfer.findMany({ where, include: { transaction: true } });
  expect(sides.length).toBeGreaterThan(4);
  const byId = new Map(sides.map((each) => [each.transactionId, each]));
  for (const each of sides) {
    const other = byId.get(each.otherTransactionId);
    expect(other?.otherTransactionId).toBe(each.transactionId);
    expect(other?.accountId).not.toBe(each.accountId);
    expect(other?.transaction.effect.negated().toFixed()).toBe(each.transaction.effect.toFixed());
  }
  const [one] = sides;
  if (one === undefined) throw new Error('no transfer');
  const now = system.clock.now();
  const said = { accountId: one.accountId, transactionId: one.transactionId, isTransfer: false };
  await system.db.transactionEdit.create({ data: { ...said, createdAt: now, changedAt: now } });
  await enrichAll(userId);
  const left = await system.db.transfer.findMany({ where, select: { transactionId: true } });
  expect(left.some(({ transactionId }) => transactionId === one.transactionId)).toBe(false);
  expect(left.some(({ transactionId }) => transactionId === one.otherTransactionId)).toBe(false);
});

test('what a person said about a merchant is carried to the key that newer rules give it', async () => {
  const { userId, system } = await aPerson();
  await enrichAll(userId);
  const tesco = await system.db.enrichment.findFirstOrThrow({
    where: { transaction: { account: { userId } }, categoryReason: 'truelayer' },
  });
  // As rules of before would have left it.
  await system.db.enrichment.update({
    where: { transactionId: tesco.transactionId },
    data: { merchantKey: 'oldspelling', rules: 0 },
    select: { rules: true },
  });
  const now = system.clock.now();
  await system.db.merchantRule.create({
    data: { userId, merchantKey: 'oldspelling', category: 'gifts', createdAt: now, changedAt: now },
  });
  expect(await enrichAll(userId)).toBe(1);
  const rules = await system.db.merchantRule.findMany({ where: { userId }, orderBy: { merchantKey: 'asc' } });
  expect(rules.map(({ merchantKey, category }) => [merchantKey, category])).toEqual(
    [tesco.merchantKey, 'oldspelling'].sort().map((key) => [key, 'gifts']),
  );
});

type Row = { accountId: string; bookedOn: string; amount: string; description: string; category?: string };

async function addRow({ accountId, bookedOn, amount, description, category = 'TRANSFER' }: Row): Promise<string> {
  const system = await aSystem();
  const id = uuidv7();
  const now = system.clock.now();
  await system.db.transaction.create({
    data: {
      id,
      accountId,
      truelayerId: id,
      bookedOn: startOf(bookedOn),
      timestampText: bookedOn,
      position: -1,
      description,
      amount,
      effect: amount,
      currency: 'GBP',
      type: amount.startsWith('-') ? 'DEBIT' : 'CREDIT',
      category,
      contentHash: id,
      firstSeenAt: now,
      changedAt: now,
    },
    select: { id: true },
  });
  return id;
}

test('money between two banks is one transfer, whichever is looked at first; another person’s equal money isn’t', async () => {
  const system = await aSystem();
  const here = await addAccount(system, { bankId: 'ob-one' });
  const there = await addAccount(system, { bankId: 'ob-two', userId: here.userId });
  const strangers = await addAccount(system, { bankId: 'ob-two' });
  const out = { bookedOn: '2026-11-06', amount: '-250.00', description: 'FASTER PAYMENT TO J DOE' };
  const into = { bookedOn: '2026-11-09', amount: '250.00', description: 'J DOE', category: 'CREDIT' };
  const outId = await addRow({ accountId: here.accountId, ...out });
  await addRow({ accountId: strangers.accountId, ...into });
  await enrichAll(here.userId);
  expect(await system.db.transfer.count({ where: { transactionId: outId } })).toBe(0);
  const inId = await addRow({ accountId: there.accountId, ...into });
  await Promise.all([here, there, here].map(({ accountId }) => enrichAccount(system, { accountId })));
  await Promise.all([here, there, here].map((person) => storeTransfers(system, person)));
  expect(
    await system.db.transfer.findMany({
      where: { transactionId: { in: [outId, inId] } },
      select: { transactionId: true, otherTransactionId: true, reason: true },
      orderBy: { transactionId: 'asc' },
    }),
  ).toEqual([
    { transactionId: outId, otherTransactionId: inId, reason: 'one_says_so' },
    { transactionId: inId, otherTransactionId: outId, reason: 'one_says_so' },
  ]);
  // The bank takes one of them back: half a transfer is none.
  await system.db.transaction.update({ where: { id: inId }, data: { vanishedAt: system.clock.now() } });
  await enrichAll(here.userId);
  expect(await system.db.transfer.count({ where: { transactionId: { in: [outId, inId] } } })).toBe(0);
});

test('a transfer is one for as long as the person says so, or the rows do', async () => {
  const system = await aSystem();
  const here = await addAccount(system);
  const there = await addAccount(system, here);
  const shop = { bookedOn: '2026-11-06', description: 'CORNER SHOP', category: 'PURCHASE' };
  const outId = await addRow({ accountId: here.accountId, amount: '-12.50', ...shop });
  const inId = await addRow({ accountId: there.accountId, amount: '12.50', ...shop });
  const isPaired = async () => {
    await enrichAll(here.userId);
    return (await system.db.transfer.count({ where: { transactionId: { in: [outId, inId] } } })) === 2;
  };
  const say = (isTransfer: boolean | null) => {
    const words = { isTransfer, note: 'mine', changedAt: system.clock.now() };
    return system.db.transactionEdit.upsert({
      where: { transactionId: outId },
      create: { accountId: here.accountId, transactionId: outId, ...words, createdAt: system.clock.now() },
      update: words,
      select: { id: true },
    });
  };
  const recode = (category: string, contentHash: string) =>
    system.db.transaction.updateMany({ where: { id: { in: [outId, inId] } }, data: { category, contentHash } });
  expect(await isPaired()).toBe(false);
  await say(true);
  expect(await isPaired()).toBe(true);
  await say(null);
  expect(await isPaired()).toBe(false);
  await recode('TRANSFER', 'first');
  expect(await isPaired()).toBe(true);
  await recode('PURCHASE', 'second');
  expect(await isPaired()).toBe(false);
});

test('when one account is erased, nothing points to it any more', async () => {
  const system = await aSystem();
  const here = await addAccount(system);
  const there = await addAccount(system, here);
  const pair = { bookedOn: '2026-11-06', description: 'TRANSFER' };
  const outId = await addRow({ accountId: here.accountId, amount: '-10', ...pair });
  await addRow({ accountId: there.accountId, amount: '10', ...pair });
  await enrichAll(here.userId);
  expect(await system.db.transfer.count({ where: { transactionId: outId } })).toBe(1);
  await system.db.bankAccount.delete({ where: { id: there.accountId }, select: { id: true } });
  expect(await system.db.transfer.count({ where: { transactionId: outId } })).toBe(0);
});

test('a person’s transfers are matched once, after the last of their accounts is enriched', async () => {
  const system = await aSystem();
  const here = await addAccount(system);
  const there = await addAccount(system, here);
  const { userId } = here;
  const pair = { bookedOn: '2026-11-06', description: 'TRANSFER' };
  const outId = await addRow({ accountId: here.accountId, amount: '-10', ...pair });
  await addRow({ accountId: there.accountId, amount: '10', ...pair });
  const jobs = (name: string, key: string) => system.db.$queryRaw<{ id: string }[]>`
    select id from pgboss.job where name = ${name} and singleton_key = ${key} and state = 'created'`;
  for (const { accountId } of [here, there]) await enrichAccount(system, { accountId });
  expect(await jobs('transfers.match', userId)).toHaveLength(1);
  const isMatched = async () => (await system.db.transfer.count({ where: { transactionId: outId } })) > 0;
  expect(await isMatched()).toBe(false);

  const { signal } = new AbortController();
  await system.db.$executeRaw`delete from pgboss.job where name = 'transfers.match' and singleton_key = ${userId}`;
  await ask(system, 'account.enrich', { accountId: there.accountId }, { key: there.accountId });
  await matchTransfersTask(system, { userId }, signal);
  expect(await isMatched()).toBe(false);
  expect(await jobs('transfers.match', userId)).toHaveLength(1);

  await system.db.$executeRaw`
    update pgboss.job set state = 'completed' where name = 'account.enrich' and singleton_key = ${there.accountId}`;
  await matchTransfersTask(system, { userId }, signal);
  expect(await isMatched()).toBe(true);
});

test('what was dismissed stays so in the account that the former one is joined into', async () => {
  const system = await aSystem();
  const former = await addAccount(system);
  const { accountId } = await addAccount(system, former);
  for (const month of ['07', '08', '09', '10', '11']) {
    const gym = {
      bookedOn: `2026-${month}-05`,
      amount: '-21.99',
      description: 'PUREGYM LTD',
      category: 'DIRECT_DEBIT',
    };
    await addRow({ accountId: former.accountId, ...gym });
  }
  await enrichAccount({ ...system, clock: fixedClock(startOf('2026-11-20')) }, former);
  await system.db.recurringPayment.updateMany({
    where: { accountId: former.accountId },
    data: { dismissedAt: system.clock.now() },
  });
  await inTransaction(system, (tx) => joinAccount(tx, { accountId: former.accountId, rootId: accountId }));
  await enrichAccount({ ...system, clock: fixedClock(startOf('2026-11-20')) }, { accountId });
  expect(
    await system.db.recurringPayment.findMany({
      where: { accountId },
      select: { merchantName: true, dismissedAt: true },
    }),
  ).toEqual([{ merchantName: 'PureGym', dismissedAt: expect.any(Date) }]);
});

test('only a job enriches', async () => {
  const system = await aSystem();
  const nobody = actingAs(system, { kind: 'nobody' });
  await expect(storeTransfers(nobody, { userId: uuidv7() })).rejects.toMatchObject({ code: 'system_only' });
  await expect(enrichAccount(actingAs(system, { kind: 'nobody' }), { accountId: 'x' })).rejects.toMatchObject({
    code: 'system_only',
  });
});
