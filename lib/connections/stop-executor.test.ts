import { afterEach, expect, test, vi } from 'vitest';
import { actingAs } from '#lib/context/context';
import { killAtOnce, startForTest } from '#lib/testing/child-of-ours';
import { addUser, aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { renewPerson } from '#lib/testing/renew-person';
import { useStandIn as aSimulator } from '#lib/testing/use-stand-in';
import { finishStop } from './finish-stop.ts';
import { promoteRenewal } from './promote-renewal.ts';
import { retireGrants } from './retire-grants.ts';
import { revokeGrants } from './revoke-grants.ts';
import { claimRevokeLease, releaseRevokeLease } from './revoke-lease.ts';
import { stopSharing } from './stop-sharing.ts';
import { sweepStops } from './sweep-stops.ts';

const simulator = aSimulator();
afterEach(() => simulator.control('POST', '/reset'));

const HANG_MS = 300_000;

type Logged = { id: number; method: string; path: string; status: number };

const requests = async (since = 0) => (await simulator.control('GET', `/requests?since=${since}`)) as Logged[];
const lastRequest = async () => (await requests()).at(-1)?.id ?? 0;

/** Calls that present tokens, after this request. */
const callsSince = async (since: number) =>
  (await requests(since))
    .filter(({ path }) => path === '/api/delete' || path === '/connect/token')
    .map(({ method, path, status }) => `${method} ${path} ${status}`);

const find = ({ system, connectionId }: LinkedPerson) =>
  system.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { status: true, stopTold: true, revokeLeaseId: true, tokens: { select: { id: true } } },
  });

const stopOf = async (person: LinkedPerson) =>
  (
    await person.system.db.auditEntry.findMany({
      where: { connectionId: person.connectionId, action: 'connection.stopped' },
    })
  ).map(({ after }) => after);

/** The deletion, and the one refresh whose refusal proves that access has ended. */
const ONE_REVOCATION = ['DELETE /api/delete 200', 'POST /connect/token 400'];

async function stopped(choice: 'keep' | 'erase' = 'keep'): Promise<LinkedPerson> {
  const person = await linkPerson(simulator.url, { bankId: 'ob-monzo' });
  await stopSharing(person.ctx, { connectionId: person.connectionId, choice });
  return person;
}

test.each(['keep', 'erase'] as const)(
  'of ten executors of one stop (%s) one calls TrueLayer, with one deletion and no dead token',
  async (choice) => {
    const person = await stopped(choice);
    await simulator.control('POST', '/faults', { match: { path: '/api/delete' }, action: { delay_ms: 150 } });
    const since = await lastRequest();
    const contexts = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? person.ctx : person.system));
    const done = await Promise.all(contexts.map((ctx) => finishStop(ctx, person.connectionId)));
    expect(done.filter((userId) => userId !== null)).toEqual([person.userId]);
    expect(await callsSince(since)).toEqual(ONE_REVOCATION);
    expect(await find(person)).toMatchObject({ status: 'revoked', stopTold: 'truelayer', tokens: [] });
    expect(await stopOf(person)).toEqual([{ told: 'truelayer' }]);
  },
);

test('two processes that finish one stop make one deletion', { timeout: HANG_MS }, async () => {
  const person = await stopped();
  await simulator.control('POST', '/faults', { match: { path: '/api/delete' }, action: { delay_ms: 3000 } });
  const since = await lastRequest();
  const args = ['lib/testing/children/finish-stop.ts', person.connectionId];
  const processes = [startForTest('stop-a', args), startForTest('stop-b', args)];
  await Promise.all(processes.map(({ hasExited }) => hasExited));
  expect(processes.flatMap((each) => each.lines()).sort()).toEqual(['finished', 'left']);
  expect(await callsSince(since)).toEqual(ONE_REVOCATION);
  expect(await find(person)).toMatchObject({ status: 'revoked', tokens: [] });
});

test('a process killed after its claim is replaced once the lease has expired', { timeout: HANG_MS }, async () => {
  const person = await stopped();
  const { system, connectionId } = person;
  await simulator.control('POST', '/faults', {
    match: { path: '/api/delete' },
    action: { delay_ms: 600_000, drop: true },
    times: 1,
  });
  const child = startForTest('stop-killed', ['lib/testing/children/finish-stop.ts', connectionId]);
  await vi.waitFor(async () => expect((await find(person)).revokeLeaseId).not.toBeNull(), { timeout: HANG_MS });
  await killAtOnce(child);
  await simulator.control('DELETE', '/faults');
  const since = await lastRequest();
  expect(await finishStop(system, connectionId)).toBeNull();
  expect(await callsSince(since)).toEqual([]);
  expect(await find(person)).toMatchObject({ status: 'revoking' });

  await system.db.$executeRaw`
    update connections set revoke_lease_until = revoke_lease_until - interval '1 hour' where id = ${connectionId}::uuid`;
  expect(await sweepStops(system)).toBeGreaterThan(0);
  expect(await finishStop(system, connectionId)).toBe(person.userId);
  expect(await callsSince(since)).toEqual(ONE_REVOCATION);
});

test('whoever continues after a crash between deletion and end calls nobody, and the audit still says that TrueLayer was told', async () => {
  const person = await stopped('erase');
  const { system, connectionId } = person;
  const lease = await claimRevokeLease(system, connectionId);
  if (lease === null) throw new Error('the lease is taken');
  await revokeGrants(system, lease);
  await releaseRevokeLease(system, lease);
  expect(await find(person)).toMatchObject({ status: 'revoking', stopTold: 'truelayer', tokens: [] });
  const since = await lastRequest();
  expect(await finishStop(system, connectionId)).toBe(person.userId);
  expect(await callsSince(since)).toEqual([]);
  expect(await stopOf(person)).toEqual([{ told: 'truelayer' }]);
});

test('superseded grants of a living connection are revoked by one of several jobs', async () => {
  const person = await linkPerson(simulator.url, { bankId: 'ob-monzo' });
  const { connectionId, system } = person;
  await renewPerson(simulator.url, person, { way: 'fresh_link' });
  expect(await promoteRenewal(system, connectionId)).toBe(true);
  await simulator.control('POST', '/faults', { match: { path: '/api/delete' }, action: { delay_ms: 150 } });
  const since = await lastRequest();
  await Promise.all(Array.from({ length: 4 }, async () => retireGrants(await aSystem(), connectionId)));
  expect(await callsSince(since)).toEqual(ONE_REVOCATION);
});

test('a job that retires grants and a stop don’t revoke the same grant twice', async () => {
  const person = await linkPerson(simulator.url, { bankId: 'ob-monzo' });
  const { connectionId, system } = person;
  await renewPerson(simulator.url, person, { way: 'fresh_link' });
  await promoteRenewal(system, connectionId);
  await simulator.control('POST', '/faults', { match: { path: '/api/delete' }, action: { delay_ms: 150 } });
  const since = await lastRequest();
  const retiring = retireGrants(await aSystem(), connectionId);
  await vi.waitFor(async () => expect((await find(person)).revokeLeaseId).not.toBeNull());
  await stopSharing(person.ctx, { connectionId, choice: 'keep' });
  expect(await finishStop(person.ctx, connectionId)).toBeNull();
  await retiring;
  expect(await finishStop(person.ctx, connectionId)).toBe(person.userId);
  expect(await callsSince(since)).toEqual([...ONE_REVOCATION, ...ONE_REVOCATION]);
});

test('a renewal of the same grant that waits when sharing stops doesn’t bring calls with superseded tokens', async () => {
  const person = await linkPerson(simulator.url, { bankId: 'ob-monzo' });
  const { connectionId } = person;
  await renewPerson(simulator.url, person, { way: 'reauth_link' });
  const since = await lastRequest();
  await stopSharing(person.ctx, { connectionId, choice: 'keep' });
  expect(await finishStop(person.ctx, connectionId)).toBe(person.userId);
  expect(await callsSince(since)).toEqual(ONE_REVOCATION);
});

test('refuses to finish a stop for nobody or another user, and finishes it for the owner', async () => {
  const person = await stopped();
  const { connectionId, ctx, system, userId } = person;
  const since = await lastRequest();
  await expect(finishStop(actingAs(ctx, { kind: 'nobody' }), connectionId)).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
  const stranger = actingAs(ctx, { kind: 'user', userId: await addUser(system) });
  expect(await finishStop(stranger, connectionId)).toBeNull();
  expect(await finishStop(stranger, 'no id at all')).toBeNull();
  expect(await callsSince(since)).toEqual([]);
  expect(await find(person)).toMatchObject({ status: 'revoking' });
  expect(await finishStop(ctx, connectionId)).toBe(userId);
});

test('a stop by the user leaves the web process time to finish it before the job starts', async () => {
  const person = await stopped();
  const [job] = await person.system.db.$queryRaw<{ seconds: number }[]>`
    select extract(epoch from start_after - created_on)::int as seconds from pgboss.job
    where name = 'connection.stop' and data->>'connectionId' = ${person.connectionId}`;
  expect(job?.seconds).toBe(30);
});
