import { afterEach, expect, test } from 'vitest';
import { database } from '#lib/db/client';
import { killAtOnce, type Running, startForTest } from '#lib/testing/child-of-ours';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { getAccessToken } from './tokens.ts';

/** A time limit for tests that start and kill processes. */
const KILLS = 300_000;

const standIn = aStandIn(SHORT_HISTORY);
afterEach(() => standIn.control('POST', '/reset'));

const aProcess = (person: LinkedPerson, times: number) =>
  startForTest('use-tokens', ['lib/testing/children/use-tokens.ts', person.connectionId, String(times)]);

const tokensOf = ({ system, connectionId }: LinkedPerson) =>
  system.db.connectionTokens.findFirstOrThrow({ where: { connectionId, role: 'current' } });
const statusOf = async ({ system, connectionId }: LinkedPerson) =>
  (await system.db.connection.findUniqueOrThrow({ where: { id: connectionId } })).grantRefusedAt;
const refreshesOf = ({ system, connectionId }: LinkedPerson) =>
  system.db.truelayerCall.findMany({
    where: { connectionId, endpoint: 'token_refresh' },
    orderBy: { startedAt: 'asc' },
  });

/** A dead process holds its lease for three quarters of a minute: that time passes. */
async function outliveLease({ system, connectionId }: LinkedPerson): Promise<void> {
  await system.db.$executeRaw`
    update connection_tokens set lease_until = lease_until - interval '1 minute' where connection_id = ${connectionId}::uuid`;
}

async function expectAlive(person: LinkedPerson): Promise<void> {
  await outliveLease(person);
  const { generation } = await tokensOf(person);
  const token = await getAccessToken(await aSystem(), person.connectionId, { refused: generation });
  expect(token.generation).toBe(generation + 1);
  expect(await statusOf(person)).toBeNull();
}

/** Waits until the stand-in has had a refresh more than before. */
async function untilAsked(person: LinkedPerson, before: number): Promise<void> {
  await expect.poll(async () => (await refreshesOf(person)).length).toBeGreaterThan(before);
}

test(
  'many processes that all need a fresh token refresh one after another, and none gets a token that was replaced',
  async () => {
    const person = await linkPerson(standIn.url);
    const { generation } = await tokensOf(person);
    await standIn.control('POST', '/faults', { match: { path: '/connect/token' }, action: { delay_ms: 20 } });
    const processes = Array.from({ length: 5 }, () => aProcess(person, 6));
    await Promise.all(processes.map(({ hasExited }) => hasExited));
    const seen = processes.flatMap((each) => each.lines());
    expect(seen).toHaveLength(30);
    expect(seen.filter((line) => line.startsWith('failed'))).toEqual([]);
    const refreshes = await refreshesOf(person);
    expect(refreshes.map(({ code }) => code)).toEqual(refreshes.map(() => null));
    expect((await tokensOf(person)).generation).toBe(generation + refreshes.length);
    for (const [index, { startedAt }] of refreshes.entries()) {
      const before = refreshes[index - 1]?.finishedAt;
      if (before !== undefined && before !== null) expect(startedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    }
    await expectAlive(person);
  },
  KILLS,
);

/** Killed with the new pair in its hands: its own row is locked against it, so that it can't store what it was sent. */
async function killBeforeStoring(person: LinkedPerson): Promise<void> {
  const before = (await refreshesOf(person)).length;
  await standIn.control('POST', '/faults', { match: { path: '/connect/token' }, action: { hold: true }, times: 1 });
  const child = aProcess(person, 2);
  await untilFirst(child);
  await untilAsked(person, before);
  await database().$transaction(async (tx) => {
    await tx.$queryRaw`select id from connection_tokens where connection_id = ${person.connectionId}::uuid for update`;
    await standIn.control('DELETE', '/faults');
    await expect.poll(async () => (await storing()).length).toBeGreaterThan(0);
    await killAtOnce(child);
    // A statement that had reached the database would outlive its sender: here the whole machine is gone.
    for (const { pid } of await storing()) await database().$queryRaw`select pg_terminate_backend(${pid}::int)`;
  });
}

const storing = () => database().$queryRaw<{ pid: number }[]>`
  select pid from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%update%connection_tokens%'`;

async function untilFirst(child: Running): Promise<void> {
  await expect.poll(() => child.lines().length).toBeGreaterThan(0);
}

test(
  'a process killed between "received" and "stored" loses nothing where refresh tokens stay',
  async () => {
    await standIn.control('PUT', '/switches', { rotation: false });
    const person = await linkPerson(standIn.url);
    const { generation } = await tokensOf(person);
    await killBeforeStoring(person);
    expect((await tokensOf(person)).generation).toBe(generation);
    await expectAlive(person);
  },
  KILLS,
);

test(
  'where they rotate, the one token that died with its process is found out by TrueLayer’s own word and by nothing else',
  async () => {
    const person = await linkPerson(standIn.url);
    await killBeforeStoring(person);
    expect(await statusOf(person)).toBeNull();

    // Passing faults prove nothing, however many.
    await outliveLease(person);
    const { generation } = await tokensOf(person);
    const system = await aSystem();
    for (const action of [
      { status: 503, error: 'temporarily_unavailable' },
      { status: 500 },
      { drop: true },
      { malformed: true },
    ]) {
      await standIn.control('POST', '/faults', { match: { path: '/connect/token' }, action, times: 1 });
      await expect(getAccessToken(system, person.connectionId, { refused: generation })).rejects.toThrow();
      expect(await statusOf(person)).toBeNull();
    }
    await expect(getAccessToken(system, person.connectionId, { refused: generation })).rejects.toMatchObject({
      code: 'grant_refused',
    });
    expect(await system.db.connection.findUnique({ where: { id: person.connectionId } })).toMatchObject({
      status: 'needs_reauthentication',
      grantRefusedCode: 'invalid_grant',
    });
  },
  KILLS,
);

test(
  'processes killed at any moment, and others in their place, end with the last pair that was stored',
  async () => {
    await standIn.control('PUT', '/switches', { rotation: false });
    const person = await linkPerson(standIn.url);
    await standIn.control('POST', '/faults', { match: { path: '/connect/token' }, action: { delay_ms: 15 } });
    for (let round = 0; round < 2; round++) {
      const processes = [aProcess(person, 200), aProcess(person, 200)];
      await Promise.all(processes.map(untilFirst));
      const before = (await refreshesOf(person)).length;
      await untilAsked(person, before + round);
      await Promise.all(processes.map(killAtOnce));
      await outliveLease(person);
    }
    await standIn.control('DELETE', '/faults');
    await expectAlive(person);
  },
  KILLS,
);

test('a refusal that only means "superseded" is no death: the pair that somebody stored meanwhile is used', async () => {
  const person = await linkPerson(standIn.url);
  const { generation, id } = await tokensOf(person);
  await standIn.control('POST', '/faults', {
    match: { path: '/connect/token' },
    action: { status: 400, error: 'invalid_grant', hold: true },
    times: 1,
  });
  const asking = getAccessToken(await aSystem(), person.connectionId, { refused: generation });
  await expect.poll(async () => (await tokensOf(person)).leaseId).not.toBeNull();
  // What a renewal does: a newer pair is there by the time that the old one is refused.
  await person.system.db.connectionTokens.update({ where: { id }, data: { generation: { increment: 1 } } });
  await standIn.control('DELETE', '/faults');
  expect((await asking).generation).toBe(generation + 1);
  expect(await statusOf(person)).toBeNull();
});
