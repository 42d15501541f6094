import { beforeAll, expect, test } from 'vitest';
import type { Context } from '#lib/context/context';
import { readConsent } from '#lib/sync/read-consent';
import { aSystem, linkPerson } from '#lib/testing/link-person';
import { comeBack, makeTrip, prepareTrips } from '#lib/testing/trip';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { addMs, DAY_MS } from '#lib/time/span';
import { getAttempt } from './get-attempt.ts';

const standIn = aStandIn(SHORT_HISTORY);

let system: Context;
beforeAll(async () => {
  system = await prepareTrips();
});

test('whoever leaves while they are at a bank is linked to nothing any more', async () => {
  const trip = await makeTrip(system);
  const { person, attemptId } = trip;
  const where = { id: person.actor.kind === 'user' ? person.actor.userId : '' };
  await system.db.user.update({ where, data: { leavingAt: system.clock.now() } });
  await comeBack(trip);
  expect(await getAttempt(person, attemptId)).toMatchObject({ stage: 'failed', outcomeCode: 'stopped_meanwhile' });
  expect(await system.db.connection.count({ where: { userId: where.id } })).toBe(0);
});

async function endOf(connectionId: string) {
  const where = { id: connectionId };
  return system.db.connection.findUniqueOrThrow({ where, select: { consentExpiresAt: true, credentialsId: true } });
}

test('an end that was only assumed gives way to TrueLayer’s, and the change is on record', async () => {
  const { connectionId } = await linkPerson(standIn.url);
  const told = await endOf(connectionId);
  const assumed = addMs(told.consentExpiresAt ?? new Date(), 30 * DAY_MS);
  const data = { consentExpiresAt: assumed, consentCheckedAt: null };
  await system.db.connection.update({ where: { id: connectionId }, data });
  await readConsent(await aSystem(), { connectionId });
  expect(await endOf(connectionId)).toEqual(told);
  const entry = await system.db.auditEntry.findFirst({ where: { connectionId, action: 'consent.end_changed' } });
  expect(entry?.before).toEqual({ consentExpiresAt: assumed.toISOString() });
});

test('an end that TrueLayer once told is never moved back', async () => {
  const { connectionId } = await linkPerson(standIn.url);
  const renewed = addMs((await endOf(connectionId)).consentExpiresAt ?? new Date(), 30 * DAY_MS);
  const data = { consentExpiresAt: renewed, consentCheckedAt: system.clock.now() };
  await system.db.connection.update({ where: { id: connectionId }, data });
  await readConsent(await aSystem(), { connectionId });
  expect((await endOf(connectionId)).consentExpiresAt).toEqual(renewed);
});
