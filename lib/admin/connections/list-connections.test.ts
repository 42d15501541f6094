import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { countConnections, foldCounts } from './count-connections.ts';
import { exportConnections } from './export-connections.ts';
import { parseConnectionFilter } from './filter.ts';
import { listFilterChoices } from './list-choices.ts';
import { listConnections } from './list-connections.ts';

let system: Context;
let admin: Context;
beforeAll(async () => {
  system = await createContext({ actor: { kind: 'system', job: 'test' } });
  admin = actingAs(system, { kind: 'admin', userId: await addUser(system) });
});

const idsOf = async (params: Record<string, string>) =>
  (await listConnections(admin, parseConnectionFilter(params))).lines.map(({ id }) => id);

/** Connections at a bank of their own, with columns that differ from the usual. */
async function bankWith(columns: readonly Prisma.ConnectionUncheckedUpdateInput[]) {
  const bank = `ob-${uuidv7()}`;
  const ids: string[] = [];
  for (const data of columns) {
    const id = await addBareConnection(system, { userId: await addUser(system), bankId: bank });
    await system.db.connection.update({ where: { id }, data });
    ids.push(id);
  }
  return { bank, ids };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('the list of all connections', () => {
  it('is shown to admins only', async () => {
    const person = actingAs(system, { kind: 'user', userId: await addUser(system) });
    await expect(listConnections(person, parseConnectionFilter({}))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(countConnections(person)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(listFilterChoices(actingAs(system, { kind: 'nobody' }))).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it.each(['newest', 'ends', 'updated'])('by %s loses and doubles nothing from page to page and back', async (sort) => {
    const now = system.clock.now();
    // Few different instants, so that most neighbours are equal in what they are ordered by.
    const { bank, ids } = await bankWith(
      times(120, (index) => ({
        consentExpiresAt: index % 4 === 0 ? null : addMs(now, (20 + (index % 4)) * DAY_MS),
        lastSyncedAt: index % 5 === 0 ? null : addMs(now, -(index % 5) * HOUR_MS),
      })),
    );
    const seen: string[] = [];
    let page = await listConnections(admin, parseConnectionFilter({ bank, sort }));
    expect(page.before).toBeNull();
    seen.push(...page.lines.map(({ id }) => id));
    while (page.after !== null) {
      page = await listConnections(admin, parseConnectionFilter({ bank, sort, after: page.after }));
      seen.push(...page.lines.map(({ id }) => id));
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen)).toEqual(new Set(ids));

    const back: string[] = page.lines.map(({ id }) => id);
    while (page.before !== null) {
      page = await listConnections(admin, parseConnectionFilter({ bank, sort, before: page.before }));
      back.unshift(...page.lines.map(({ id }) => id));
    }
    expect(back).toEqual(seen);
  });

  it('keeps its place when rows are added and taken away between two pages', async () => {
    const { bank, ids } = await bankWith(times(60, () => ({})));
    const first = await listConnections(admin, parseConnectionFilter({ bank }));
    await addBareConnection(system, { userId: await addUser(system), bankId: bank });
    await system.db.connection.delete({ where: { id: first.lines[3]?.id ?? '' } });
    const second = await listConnections(admin, parseConnectionFilter({ bank, after: first.after ?? '' }));
    expect(second.lines.map(({ id }) => id)).toEqual(ids.slice(0, 10).reverse());
  });

  it('begins at the beginning when the address holds a place that nobody gave out', async () => {
    const { bank, ids } = await bankWith([{}, {}]);
    for (const after of ['nonsense', `x~${ids[0]}`, `2020-01-01 00:00:00+00~${ids[0]}`, "';drop table users--~1"]) {
      expect(await idsOf({ bank, after })).toEqual([ids[1], ids[0]]);
    }
    expect(await idsOf({ bank, state: 'wrong', ends: '-1', sort: 'sideways', stale: 'maybe' })).toHaveLength(2);
  });

  it('is filtered by state, error, a near end and a long silence, each with the order that belongs to it', async () => {
    const now = system.clock.now();
    const { bank, ids } = await bankWith([
      { status: 'degraded', lastSyncedAt: addMs(now, -5 * DAY_MS), lastErrorCode: 'provider_error' },
      { status: 'needs_reconfirmation', consentExpiresAt: addMs(now, 5 * DAY_MS) },
      { status: 'needs_reconfirmation', consentExpiresAt: addMs(now, 2 * DAY_MS) },
      { status: 'expired', consentExpiresAt: addMs(now, -DAY_MS), lastSyncedAt: addMs(now, -3 * DAY_MS) },
      { status: 'revoked', endedAt: now, consentExpiresAt: addMs(now, DAY_MS) },
    ]);
    expect(await idsOf({ bank, state: 'degraded' })).toEqual([ids[0]]);
    expect(await idsOf({ bank, error: 'provider_error' })).toEqual([ids[0]]);
    expect(await idsOf({ bank, ends: '7' })).toEqual([ids[2], ids[1]]);
    expect(await idsOf({ bank, stale: 'yes' })).toEqual([ids[0], ids[3]]);
    expect(await idsOf({ bank, sort: 'ends' })).toEqual([ids[3], ids[2], ids[1], ids[0]]);
    expect(await idsOf({ bank, sort: 'newest', order: 'asc' })).toEqual(ids);
    expect((await listFilterChoices(admin)).errorCodes).toContain('provider_error');
  });

  it('finds by the beginning of an address, by bank, by reference and by any id', async () => {
    const {
      bank,
      ids: [id = ''],
    } = await bankWith([{ credentialsId: `${uuidv7().replaceAll('-', '')}abcdefghijk=` }]);
    const { userId, credentialsId } = await system.db.connection.findUniqueOrThrow({ where: { id } });
    const accountId = uuidv7();
    const correlationId = uuidv7();
    await system.db.truelayerCall.create({
      data: {
        connectionId: id,
        bankId: bank,
        endpoint: 'me',
        isAttended: true,
        isCounted: false,
        startedAt: new Date(),
        correlationId,
        truelayerCorrelationId: accountId,
      },
    });
    const attempt = await addAttempt(userId, id);
    for (const q of [
      id,
      userId,
      credentialsId,
      correlationId,
      accountId,
      attempt.id,
      attempt.reference,
      attempt.reference.toLowerCase(),
    ]) {
      expect(await idsOf({ q: String(q) }), String(q)).toEqual([id]);
    }
    expect(await idsOf({ q: `${userId.slice(0, 30)}` })).toEqual([id]);
    expect(await idsOf({ q: bank.slice(0, 20) })).toEqual([id]);
    expect(await idsOf({ q: `${userId}@example.com` })).toEqual([id]);
    for (const q of ['%%%%', '____________________________________@', uuidv7(), 'LW-ZZZZZZZZ', "o'brien@"]) {
      expect(await idsOf({ q }), q).toEqual([]);
    }
  });

  it('says how much of the day the busiest account has used', async () => {
    const {
      bank,
      ids: [id = ''],
    } = await bankWith([{}]);
    const startedAt = system.clock.now();
    const [one, two] = [uuidv7(), uuidv7()];
    for (const accountId of [one, one, two, null]) {
      await system.db.truelayerCall.create({
        data: {
          connectionId: id,
          bankId: bank,
          accountId,
          endpoint: 'x',
          isAttended: false,
          isCounted: true,
          startedAt,
          correlationId: uuidv7(),
        },
      });
    }
    const [line] = (await listConnections(admin, parseConnectionFilter({ bank }))).lines;
    expect(line?.calls).toEqual({ used: 3, of: 4, nextFreeAt: null });
  });
});

describe('the export', () => {
  it('holds every line of the list, says who took it, and makes no formula of anybody', async () => {
    const { bank, ids } = await bankWith(times(2, () => ({ bankName: '=HYPERLINK("http://evil")' })));
    const ctx = actingAs(admin, { kind: 'admin', userId: await addUser(system) });
    const lines = (await Array.fromAsync(await exportConnections(ctx, parseConnectionFilter({ bank }))))
      .join('')
      .split('\r\n');
    expect(lines[0]).toMatch(/^\uFEFFconnection_id,person_id,person,/);
    expect(lines.slice(1, 3).map((line) => line.slice(0, 36))).toEqual([ids[1], ids[0]]);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")"`);
    const entry = await system.db.auditEntry.findFirstOrThrow({
      where: { actorId: ctx.actor.kind === 'admin' ? ctx.actor.userId : '' },
    });
    expect(entry).toMatchObject({ action: 'connections.exported', after: { bank, sort: 'newest' } });
  });

  it('is for admins, and not without end', async () => {
    const person = actingAs(system, { kind: 'user', userId: await addUser(system) });
    await expect(exportConnections(person, parseConnectionFilter({}))).rejects.toMatchObject({ kind: 'forbidden' });
    const ctx = actingAs(admin, { kind: 'admin', userId: await addUser(system) });
    for (const _ of times(30, String)) {
      const chunks = await exportConnections(ctx, parseConnectionFilter({}));
      await chunks.return(undefined);
    }
    await expect(exportConnections(ctx, parseConnectionFilter({}))).rejects.toMatchObject({ kind: 'rate_limited' });
  });
});

describe('the counts per state', () => {
  it('are exact after every kind of change, folded or not, whoever folds at once', async () => {
    const { ids } = await bankWith(times(6, () => ({})));
    const writers = ids.map((id, index) =>
      system.db.connection.update({ where: { id }, data: { status: index % 2 === 0 ? 'expired' : 'degraded' } }),
    );
    await Promise.all([...writers, foldCounts(system), foldCounts(system), foldCounts(system)]);
    await system.db.connection.deleteMany({ where: { id: { in: ids.slice(0, 2) } } });
    await foldCounts(system);
    await inTransaction(admin, async (tx) => {
      await tx.db.$executeRaw`set transaction isolation level repeatable read`;
      const rows = await tx.db.connection.groupBy({ by: ['status'], _count: true });
      const counts = await countConnections(tx);
      for (const { status, _count } of rows) expect(counts[status], status).toBe(_count);
    });
  });
});

async function addAttempt(userId: string, connectionId: string) {
  const now = system.clock.now();
  const reference = `LW-${uuidv7().replaceAll('-', '').slice(-8).toUpperCase()}`;
  return system.db.attempt.create({
    data: {
      reference,
      userId,
      connectionId,
      purpose: 'connect',
      flow: 'direct',
      permissions: [],
      status: 'linked',
      stateHash: new Uint8Array(32).map(() => Math.floor(Math.random() * 256)),
      browserHash: new Uint8Array(32),
      redirectUri: 'http://localhost/',
      device: 'desktop',
      createdAt: now,
      expiresAt: addMs(now, HOUR_MS),
      finishedAt: now,
    },
    select: { id: true, reference: true },
  });
}
