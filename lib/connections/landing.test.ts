import { beforeAll, expect, test } from 'vitest';
import type { Context } from '#lib/context/context';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { aSystem } from '#lib/testing/link-person';
import { withMovingClock } from '#lib/testing/moving-clock';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { comeBack, makeTrip, prepareTrips } from '#lib/testing/trip';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { getAttempt } from './get-attempt.ts';

const standIn = aStandIn(SHORT_HISTORY);
let system: Context;
beforeAll(async () => {
  system = await prepareTrips();
});

/** As the landing page sees it: before anything was fetched, and after the first pass and the job behind it. */
async function land(username: string, password: string, bankId = 'mock') {
  const trip = await makeTrip(system, { bankId, visit: { username, password } });
  await comeBack(trip);
  const linked = await getAttempt(trip.person, trip.attemptId);
  const connectionId = linked.connectionId ?? '';
  const presence = presenceOf(trip.person.actor.kind === 'user' ? trip.person.actor.userId : '');
  const { ctx, pause } = withMovingClock(trip.person, standIn.control);
  await firstAttendedPass(ctx, { connectionId, presence, pause });
  const job = withMovingClock(await aSystem(), standIn.control);
  await syncFully(job.ctx, connectionId, job.pause);
  return { linked, landed: await getAttempt(trip.person, trip.attemptId) };
}

test('whoever has just come back is linked, and what they wait for is said to be on its way', async () => {
  const { linked, landed } = await land('john', 'doe');
  expect(linked).toMatchObject({ stage: 'linked', steps: { accounts: 'running', balances: 'running' }, accounts: [] });
  expect(landed.steps).toEqual({ accounts: 'done', balances: 'done', transactions: 'done' });
  expect(landed.counts.transactions).toBeGreaterThan(0);
  expect(landed.accounts[0]).toMatchObject({ balance: { amount: expect.stringMatching(/^-?\d+(\.\d+)?$/) } });
});

test('what is owed on a card is less than nothing, as it is everywhere else', async () => {
  const { landed } = await land('john', 'doe', 'ob-amex');
  const amounts = landed.accounts.flatMap(({ balance }) => balance?.amount ?? []);
  expect(amounts).not.toEqual([]);
  for (const amount of amounts) expect(amount).toMatch(/^-\d/);
});

test('a bank that links and then gives nothing is told as that, and nobody waits for ever', async () => {
  const { landed } = await land('error.provider_error', 'error');
  expect(landed).toMatchObject({ stage: 'linked', accounts: [] });
  expect(landed.steps).toEqual({ accounts: 'failed', balances: 'failed', transactions: 'failed' });
});

test('accounts without rows are complete, and one balance that is refused is part of a success', async () => {
  expect((await land('empty', 'empty')).landed).toMatchObject({
    steps: { transactions: 'done' },
    counts: { transactions: 0 },
  });
  expect((await land('trap', 'trap', 'ob-amex')).landed.steps.balances).toBe('partly');
});
