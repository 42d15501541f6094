import { beforeAll, expect, test } from 'vitest';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { randomSecret } from '#lib/crypto/secret';
import { NotFoundError } from '#lib/errors/app-error';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import { addUser, aSystem, EVERYTHING, travel } from '#lib/testing/link-person';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { type CallbackAnswer, readCallback } from '#lib/truelayer/callback';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REDIRECT_URI } from '#sandbox/config';
import { createAttempt } from './attempt.ts';
import { finishParked } from './finish-parked.ts';
import { makeFreshLink } from './fresh-link.ts';
import { getAttempt } from './get-attempt.ts';
import { receiveReturn } from './receive-return.ts';
import { writeAttempt } from './write-attempt.ts';

aStandIn(SHORT_HISTORY);

let system: Context;
beforeAll(async () => {
  system = await aSystem();
  await ensureSealedSettings(system);
  await saveClientCredentials(system, { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET });
});

/** Somebody has been to the bank, and the bank sends them back to wherever. */
async function aReturn() {
  const userId = await addUser(system);
  const attempt = createAttempt();
  const browserSecret = randomSecret();
  const trip = { userId, bankId: null, connectionId: null, purpose: 'connect', flow: 'bank-selection' } as const;
  const rest = { permissions: EVERYTHING, device: 'phone', isAppReturn: false, browserSecret };
  await inTransaction(system, (tx) => writeAttempt(tx, { attempt, ...trip, ...rest }));
  // The stand-in knows one redirect address; what an attempt goes by is the one that it was begun with.
  await system.db.attempt.update({ where: { id: attempt.id }, data: { redirectUri: DEFAULT_REDIRECT_URI } });
  const providers = ['uk-cs-mock'];
  const link = await makeFreshLink(system, {
    mayDropPermissions: true,
    attempt,
    flow: 'bank-selection',
    providers,
    bankId: 'mock',
    permissions: EVERYTHING,
  });
  const address = new URL(link);
  address.searchParams.set('redirect_uri', DEFAULT_REDIRECT_URI);
  const answer = readCallback(await travel(address.href, 'john/doe'));
  const person = actingAs(system, { kind: 'user', userId });
  return { attemptId: attempt.id, browserSecret, answer, person };
}

const nobody = () => actingAs(system, { kind: 'nobody' });

async function park(answer: CallbackAnswer) {
  const parked = await receiveReturn(nobody(), answer, null);
  if (parked.kind !== 'parked') throw new Error(`not parked: ${parked.kind}`);
  return parked;
}

test('a return in another browser is finished there, once its person has signed in and said that it was they', async () => {
  const { attemptId, answer, person } = await aReturn();
  const { returnSecret } = await park(answer);
  const here = { attemptId, browserSecret: null, returnSecret };
  expect(await finishParked(person, { ...here, isConfirmed: false })).toMatchObject({ kind: 'needs_confirmation' });
  const parked = await finishParked(person, { ...here, isConfirmed: true });
  if (parked.kind !== 'accepted') throw new Error(parked.kind);
  await parked.finish();
  expect(await getAttempt(person, attemptId)).toMatchObject({ stage: 'linked' });
});

test('whoever sent somebody else to the bank can’t collect what they gave, not even where the trip was begun', async () => {
  const { attemptId, browserSecret, answer, person } = await aReturn();
  await park(answer);
  for (const returnSecret of [null, randomSecret()]) {
    const input = { attemptId, browserSecret, returnSecret, isConfirmed: true };
    expect(await finishParked(person, input)).toEqual({ kind: 'elsewhere', attemptId });
  }
  expect(await getAttempt(person, attemptId)).toMatchObject({ stage: 'parked', connectionId: null });
});

test('a stranger who holds the browser that the return came to gets nothing', async () => {
  const { attemptId, answer } = await aReturn();
  const { returnSecret } = await park(answer);
  const stranger = actingAs(system, { kind: 'user', userId: await addUser(system) });
  const input = { attemptId, browserSecret: null, returnSecret, isConfirmed: true };
  await expect(finishParked(stranger, input)).rejects.toThrow(NotFoundError);
});

test('the same return twice may go on with the second answer; another code changes nothing', async () => {
  const { attemptId, answer, person } = await aReturn();
  const first = await park(answer);
  const second = await park(answer);
  if (answer.kind !== 'code') throw new Error(answer.kind);
  expect(await receiveReturn(nobody(), { ...answer, code: 'forged' }, null)).toMatchObject({ kind: 'settled' });
  const input = { attemptId, browserSecret: null, isConfirmed: true };
  const { returnSecret } = first;
  expect(await finishParked(person, { ...input, returnSecret })).toMatchObject({ kind: 'elsewhere' });
  expect(await finishParked(person, { ...input, returnSecret: second.returnSecret })).toMatchObject({
    kind: 'accepted',
  });
});
