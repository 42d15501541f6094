import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { beginStop } from '#lib/connections/begin-stop';
import { actingAs, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { linkPerson } from '#lib/testing/link-person';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { claimLease, SyncLostError } from './lease.ts';
import { loadSyncConnection } from './load-connection.ts';
import { newRun, openRun } from './run.ts';
import { createSession } from './session.ts';
import { syncUnattended } from './sync-unattended.ts';

const standIn = aStandIn(SHORT_HISTORY);

async function openSession() {
  const { system, connectionId } = await linkPerson(standIn.url);
  const lease = await claimLease(system, connectionId);
  const run = newRun(system);
  await openRun(system, { ...run, connectionId, trigger: 'scheduled', isAttended: false });
  const connection = await loadSyncConnection(system, connectionId);
  const parts = { connection, lease, run, presence: null, role: 'current', keepsAnswers: false } as const;
  return { session: createSession(system, parts), system, connectionId };
}

test('a call waits for nothing that is being stored meanwhile, and the next storing does', async () => {
  const { session } = await openSession();
  const done: string[] = [];
  const { promise: called, resolve: tellCalled } = Promise.withResolvers<void>();
  session.storeMeanwhile(async () => {
    await called;
    await nextTurn();
    done.push('first');
  });
  await session.call((call) => trueLayer().getMe(call));
  done.push('call');
  tellCalled();
  await session.store(async () => void done.push('second'));
  expect(done).toEqual(['call', 'first', 'second']);
});

test('what fails to be stored meanwhile stops whatever is stored next, and the run', async () => {
  const { session } = await openSession();
  session.storeMeanwhile(() => Promise.reject(new Error('no room')));
  await expect(session.store(async () => 'stored')).rejects.toThrow('no room');
  await expect(session.finishStoring()).rejects.toThrow('no room');
});

test('nothing is asked for or stored any more once another holds the lease, or the person has stopped sharing', async () => {
  for (const data of [{ syncLeaseId: null, syncLeaseUntil: null }, { revokingSince: new Date() }]) {
    const { session, system, connectionId } = await openSession();
    await system.db.connection.update({ where: { id: connectionId }, data, select: { id: true } });
    await expect(session.call((call) => trueLayer().listAccounts(call))).rejects.toThrow(SyncLostError);
    await expect(session.store(async () => 'stored')).rejects.toThrow(SyncLostError);
    const calls = await system.db.truelayerCall.count({ where: { connectionId, endpoint: 'accounts' } });
    expect(calls).toBe(0);
  }
});

test('a run during which the person stops sharing leaves the connection as the stop has left it', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-barclays' });
  const { system, connectionId } = person;
  const stopAfterFirstCall = vi.spyOn(trueLayer(), 'listCards').mockImplementationOnce(async (call) => {
    const asPerson = actingAs(system, person.ctx.actor);
    await inTransaction(asPerson, (tx) => beginStop(tx, connectionId, { erases: false, reason: 'stopped_by_person' }));
    return trueLayer().listCards(call);
  });
  const read = () =>
    system.db.connection.findUniqueOrThrow({
      where: { id: connectionId },
      select: { status: true, statusReason: true, lastErrorCode: true, nextSyncAt: true },
    });
  await expect(syncUnattended(system, { connectionId })).rejects.toThrow(SyncLostError);
  expect(stopAfterFirstCall).toHaveBeenCalled();
  expect(await read()).toMatchObject({ status: 'revoking', statusReason: 'stopped_by_person', lastErrorCode: null });
});
