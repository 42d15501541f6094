import { expect, test } from 'vitest';
import { actingAs, inTransaction } from '#lib/context/context';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser, aSystem } from '#lib/testing/link-person';
import { keepReceipt } from './keep-receipt.ts';
import { getSharedTerms } from './shared-terms.ts';

test('the dashboard says who sees the data, and how far back, in the words that were agreed to', async () => {
  const system = await aSystem();
  const userId = await addUser(system);
  const connectionId = await addBareConnection(system, { userId });
  const person = actingAs(system, { kind: 'user', userId });
  expect(await getSharedTerms(person, connectionId)).toEqual({
    sharing: expect.stringMatching(/^Only /),
    history: null,
  });

  const data = { connectionId, permission: 'transactions', grantedAt: system.clock.now() };
  await system.db.connectionPermission.create({ data });
  const wording = { version: 'of another year', sharing: 'Only Acme sees it.', history: '' };
  const about = {
    userId,
    connectionId,
    attemptId: null,
    bankId: null,
    bankName: null,
    purposeText: '',
    permissions: [],
  };
  await inTransaction(system, (tx) => keepReceipt(tx, { ...about, kind: 'consent', wording }));
  expect(await getSharedTerms(person, connectionId)).toEqual({
    sharing: 'Only Acme sees it.',
    history: expect.stringMatching(/^As far back as/),
  });
});

test('another person’s connection has no terms to be told', async () => {
  const system = await aSystem();
  const connectionId = await addBareConnection(system, { userId: await addUser(system) });
  const stranger = actingAs(system, { kind: 'user', userId: await addUser(system) });
  await expect(getSharedTerms(stranger, connectionId)).rejects.toMatchObject({ kind: 'not_found' });
});
