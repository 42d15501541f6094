import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Context } from '#lib/context/context';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { killAtOnce, type Running, startForTest } from '#lib/testing/child-of-ours';
import { learnBank } from '#lib/testing/learned-bank';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';

let own: OwnDatabase;
beforeAll(async () => {
  own = await ownDatabase();
});
afterAll(() => own.drop());
const standIn = aStandIn(SHORT_HISTORY);
const PATIENT = { timeout: 300_000, interval: 250 };

async function aWorker(): Promise<Running> {
  const worker = startForTest('worker', ['scripts/worker.ts'], { LOG_LEVEL: 'info', WORKER_CONCURRENCY: '2' });
  await vi.waitFor(() => expect(worker.tail()).toContain('worker.started'), PATIENT);
  return worker;
}

async function aLandedPerson(): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: 'ob-tesco' });
  await learnBank(person.ctx, person.bankId);
  await firstAttendedPass(person.ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) });
  return person;
}

/** Leases and heartbeats go by the database's clock; a dead worker's run out, sooner than the test would wait for. */
async function outliveTheDead(system: Context): Promise<void> {
  await system.db.$executeRaw`update connections set sync_lease_until = sync_lease_until - interval '3 minutes'`;
  await system.db.$executeRaw`update connection_tokens set lease_until = lease_until - interval '1 minute'`;
  await system.db.$executeRaw`
    update pgboss.job set heartbeat_on = heartbeat_on - interval '2 minutes' where state = 'active' and name = 'connection.sync'`;
}

async function rowsOf({ connectionId }: LinkedPerson) {
  const { db } = await aSystem();
  const rows = await db.$queryRaw<{ row: string }[]>`
    select a.display_name || ' ' || t.booked_on || ' ' || t.amount || ' ' || t.description as row
    from transactions t join accounts a on a.id = t.account_id
    where a.connection_id = ${connectionId}::uuid and t.vanished_at is null order by 1`;
  return rows.map(({ row }) => row);
}

const runningSyncs = (system: Context) => system.db.syncRun.count({ where: { outcome: 'running' } });

const slowCalls = (system: Context) =>
  system.db.truelayerCall.count({ where: { endpoint: 'account_transactions', finishedAt: null } });

async function openSyncs(system: Context): Promise<number> {
  const [row] = await system.db.$queryRaw<[{ count: number }]>`
    select count(*)::int as count from pgboss.job where name = 'connection.sync' and state < 'completed'`;
  return row.count;
}

test('workers that are killed or stopped in the middle lose nothing and double nothing; schedules fire once for all of them', async () => {
  const undisturbed = await aLandedPerson();
  const first = await aWorker();
  await vi.waitFor(async () => expect((await rowsOf(undisturbed)).length).toBeGreaterThan(0), PATIENT);
  const { system } = undisturbed;
  await vi.waitFor(async () => expect(await runningSyncs(system)).toBe(0), PATIENT);
  const truth = await rowsOf(undisturbed);

  const action = { delay_ms: 2500 };
  await standIn.control('POST', '/faults', { match: { path: '/data/v1/accounts/*/transactions' }, action });
  const second = await aWorker();
  const people = [await aLandedPerson(), await aLandedPerson()];
  await vi.waitFor(async () => expect(await slowCalls(system)).toBeGreaterThan(0), PATIENT);
  await killAtOnce(first);
  second.process.kill('SIGTERM');
  expect(await second.hasExited).toBe(0);
  expect(second.tail()).toContain('worker.stopped');
  await standIn.control('DELETE', '/faults');
  expect(await openSyncs(system)).toBeGreaterThan(0);

  await outliveTheDead(system);
  const workers = await Promise.all([aWorker(), aWorker()]);
  for (const person of people) {
    await vi.waitFor(async () => expect(await rowsOf(person)).toHaveLength(truth.length), PATIENT);
    expect(await rowsOf(person)).toEqual(truth);
  }
  await vi.waitFor(async () => expect(await openSyncs(system)).toBe(0), PATIENT);
  const [spent] = await system.db.$queryRaw<[{ most: number }]>`
    select coalesce(max(used), 0)::int as most from (
      select count(*) as used from truelayer_calls where is_counted and account_id is not null group by account_id) c`;
  expect(spent.most).toBeLessThanOrEqual(4);

  const minutes = () => system.db.$queryRaw<{ name: string; minute: Date; times: number }[]>`
    select name, date_trunc('minute', created_on) as minute, count(*)::int as times from pgboss.job
    where name in ('attempts.expire', 'tasks.sweep', 'connections.dispatch') group by 1, 2`;
  await vi.waitFor(async () => expect((await minutes()).length).toBeGreaterThanOrEqual(3), PATIENT);
  expect((await minutes()).filter(({ times }) => times > 1)).toEqual([]);
  for (const worker of workers) worker.process.kill('SIGTERM');
  expect(await Promise.all(workers.map(({ hasExited }) => hasExited))).toEqual([0, 0]);
}, 900_000);
