import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { listTransactions } from '#lib/accounts/list-transactions';
import { endSupportGrant, listSupportGrants } from '#lib/connections/support-grants';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { addMs, HOUR_MS } from '#lib/time/span';
import { listSharedTransactions } from './list-shared.ts';
import { openSupportGrant } from './open-grant.ts';

const reason = 'The person says that a payment is missing.';

let system: Context;
beforeAll(async () => {
  system = await createContext({ actor: { kind: 'system', job: 'test' } });
});

const anAdmin = async () => actingAs(system, { kind: 'admin', userId: await addUser(system) });
const later = (ctx: Context, hours: number): Context => ({
  ...ctx,
  clock: { ...ctx.clock, now: () => addMs(system.clock.now(), hours * HOUR_MS) },
});

async function aPerson() {
  const { userId, connectionId, accountId } = await addAccount(system);
  const now = system.clock.now();
  await system.db.transaction.create({
    data: {
      accountId,
      truelayerId: 'one',
      bookedOn: now,
      timestampText: now.toISOString(),
      position: 0,
      description: 'A private thing',
      amount: '-12.30',
      effect: '-12.30',
      currency: 'GBP',
      type: 'DEBIT',
      category: 'PURCHASE',
      classification: [],
      contentHash: 'x',
      firstSeenAt: now,
      changedAt: now,
    },
    select: { id: true },
  });
  return { person: actingAs(system, { kind: 'user', userId }), userId, connectionId, accountId };
}

const actionsAbout = async (personId: string) =>
  (
    await system.db.auditEntry.findMany({
      where: { personId, action: { startsWith: 'support_grant' } },
      select: { action: true },
      orderBy: { id: 'asc' },
    })
  ).map(({ action }) => action);

describe('a person’s transactions', () => {
  it('are shown to one of the team only by a leave, of which the person is told and sees each use', async () => {
    const { person, userId, connectionId, accountId } = await aPerson();
    const admin = await anAdmin();
    await expect(listTransactions(admin, { accountId })).rejects.toMatchObject({ kind: 'not_found' });
    await expect(listSharedTransactions(admin, { connectionId })).rejects.toMatchObject({ code: 'no_grant' });

    await openSupportGrant(admin, { connectionId, hours: 1, reason });
    const [grant] = await listSupportGrants(person, connectionId);
    expect(grant).toMatchObject({ reason, lastUsedAt: null });
    const told = await system.db.$queryRaw`
      select data from pgboss.job where name = 'grant.tell' and singleton_key = ${grant?.id}`;
    expect(told).toEqual([{ data: { grantId: grant?.id } }]);

    const shared = await listSharedTransactions(admin, { connectionId });
    expect(shared.page?.booked.map(({ description }) => description)).toEqual(['A private thing']);
    expect((await listSupportGrants(person, connectionId))[0]?.lastUsedAt).not.toBeNull();
    expect(await actionsAbout(userId)).toEqual(['support_grant.opened', 'support_grant.used']);
  });

  it('stay hidden from another admin, for another connection, and once the time is over', async () => {
    const { connectionId } = await aPerson();
    const other = await aPerson();
    const admin = await anAdmin();
    await openSupportGrant(admin, { connectionId, hours: 1, reason });
    for (const [ctx, id] of [
      [await anAdmin(), connectionId],
      [admin, other.connectionId],
      [later(admin, 1), connectionId],
    ] as const) {
      await expect(listSharedTransactions(ctx, { connectionId: id })).rejects.toMatchObject({ code: 'no_grant' });
    }
    await expect(listSharedTransactions(admin, { connectionId, accountId: other.accountId })).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  it('are hidden from the moment in which the person ends the leave; nobody else’s leave can be ended', async () => {
    const { person, userId, connectionId } = await aPerson();
    const stranger = (await aPerson()).person;
    const admin = await anAdmin();
    await openSupportGrant(admin, { connectionId, hours: 24, reason });
    const grantId = (await listSupportGrants(person, connectionId))[0]?.id ?? '';
    await expect(listSupportGrants(stranger, connectionId)).rejects.toMatchObject({ kind: 'not_found' });
    for (const id of [grantId, uuidv7(), 'x']) {
      await expect(endSupportGrant(stranger, { grantId: id })).rejects.toMatchObject({ kind: 'not_found' });
    }
    await endSupportGrant(person, { grantId });
    await expect(listSharedTransactions(admin, { connectionId })).rejects.toMatchObject({ code: 'no_grant' });
    await expect(endSupportGrant(person, { grantId })).rejects.toMatchObject({ code: 'grant_over' });
    expect(await actionsAbout(userId)).toEqual(['support_grant.opened', 'support_grant.ended']);
  });

  it('need a reason, one of the spans, and one leave at a time, however often the button is pressed', async () => {
    const { person, connectionId } = await aPerson();
    const admin = await anAdmin();
    const open = (hours: number, why: string) => openSupportGrant(admin, { connectionId, hours, reason: why });
    await expect(open(1, 'curious')).rejects.toMatchObject({ code: 'reason_too_short' });
    await expect(open(48, reason)).rejects.toMatchObject({ code: 'hours_invalid' });
    await expect(openSupportGrant(person, { connectionId, hours: 1, reason })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(listSharedTransactions(person, { connectionId })).rejects.toMatchObject({ kind: 'forbidden' });
    const answers = await Promise.allSettled([open(1, reason), open(1, reason)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await listSupportGrants(person, connectionId)).toHaveLength(1);
  });
});
