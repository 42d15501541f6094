import { expect, test } from 'vitest';
import type { Context } from '#lib/context/context';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { addMs, MINUTE_MS, SECOND_MS } from '#lib/time/span';
import { readConsent } from './read-consent.ts';
import { refreshNow } from './refresh-now.ts';
import { syncUnattended } from './sync-unattended.ts';

const standIn = aStandIn(SHORT_HISTORY);

async function endConsent({ system, connectionId }: LinkedPerson, consentExpiresAt: Date): Promise<void> {
  await system.db.connection.update({ where: { id: connectionId }, data: { consentExpiresAt }, select: { id: true } });
}

const callsOf = ({ system, connectionId }: LinkedPerson) => system.db.truelayerCall.count({ where: { connectionId } });
const look = ({ system, connectionId }: LinkedPerson) =>
  system.db.connection.findUniqueOrThrow({ where: { id: connectionId } });

/** Ten seconds pass with every look at the clock. */
function hurried(ctx: Context, startsAt: Date): Context {
  let now = startsAt;
  const clock = {
    now: () => {
      now = addMs(now, 10 * SECOND_MS);
      return now;
    },
  };
  return { ...ctx, clock };
}

test('when the consent ends in the middle of a job’s run, the next call is not made', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-tesco' });
  const endsAt = addMs(person.system.clock.now(), 10 * MINUTE_MS);
  await endConsent(person, endsAt);
  const asked: Date[] = [];
  const ctx = hurried(person.system, addMs(endsAt, -6 * MINUTE_MS));
  const permitted = { ...ctx, clock: { now: () => asked[asked.push(ctx.clock.now()) - 1] ?? endsAt } };
  const report = await syncUnattended(permitted, { connectionId: person.connectionId });
  expect(report).toMatchObject({ outcome: 'partial', code: 'consent_ended' });
  const calls = await callsOf(person);
  expect(calls).toBeGreaterThan(1);
  expect(asked.at(-1)?.getTime()).toBeGreaterThan(endsAt.getTime());
  expect(await look(person)).toMatchObject({ status: 'expired', nextSyncAt: null, failures: 0, lastErrorCode: null });
  const refused = await person.system.db.accountResource.count({
    where: { account: { connectionId: person.connectionId }, code: 'consent_ended' },
  });
  expect(refused).toBe(0);

  // Nothing more comes, whoever asks; what is written down needn't say so yet.
  await person.system.db.connection.update({
    where: { id: person.connectionId },
    data: { status: 'active', nextSyncAt: endsAt },
    select: { id: true },
  });
  const later = hurried(person.system, endsAt);
  expect(await syncUnattended(later, { connectionId: person.connectionId })).toBeNull();
  await readConsent(later, { connectionId: person.connectionId });
  expect(await callsOf(person)).toBe(calls);
  expect(await look(person)).toMatchObject({ status: 'expired', nextSyncAt: null });
});

test('after the end a person who is there may still refresh, and that doesn’t bring the jobs back', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-tesco' });
  await syncUnattended(person.system, { connectionId: person.connectionId });
  await endConsent(person, addMs(person.system.clock.now(), -SECOND_MS));
  const ctx = { ...(await aSystem()), actor: person.ctx.actor };
  const { connectionId, userId } = person;
  expect(await refreshNow(ctx, { connectionId, presence: presenceOf(userId) })).toMatchObject({ outcome: 'complete' });
  expect(await look(person)).toMatchObject({ status: 'expired', nextSyncAt: null });
  await expect(refreshNow(ctx, { connectionId, presence: null })).rejects.toMatchObject({ code: 'sync_not_allowed' });
});
