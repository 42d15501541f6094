import { expect, test } from 'vitest';
import { actingAs, type Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { exportData } from '#lib/export/export-data';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { addUser, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { eraseEnded } from './erase-ended.ts';
import { sweepLeaving } from './finish-leaving.ts';
import { finishStop } from './finish-stop.ts';
import { leave } from './leave.ts';
import { listHistory } from './list-history.ts';
import { stopSharing } from './stop-sharing.ts';
import { sweepStops } from './sweep-stops.ts';
import { getAccessToken } from './tokens.ts';

const standIn = aStandIn(SHORT_HISTORY);

async function linkAndFetch(): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { userId, connectionId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncFully(person.system, connectionId);
  return person;
}

const find = ({ system, connectionId }: LinkedPerson) =>
  system.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { status: true, endedAt: true, erasedAt: true, credentialsId: true, tokens: { select: { id: true } } },
  });

const countRows = async ({ system, connectionId }: LinkedPerson) => ({
  accounts: await system.db.bankAccount.count({ where: { connectionId } }),
  transactions: await system.db.transaction.count({ where: { account: { connectionId } } }),
  holders: await system.db.holderDetails.count({ where: { connectionId } }),
  answers: await system.db.bankAnswer.count({ where: { connectionId } }),
  calls: await system.db.truelayerCall.count({ where: { connectionId } }),
  receipts: await system.db.consentReceipt.count({ where: { connectionId } }),
});

test('stopping ends the access at TrueLayer, destroys the tokens and keeps what was fetched, all on record', async () => {
  const person = await linkAndFetch();
  const { ctx, connectionId } = person;
  const before = await countRows(person);
  const { accessToken } = await getAccessToken(person.system, connectionId);
  await stopSharing(ctx, { connectionId, choice: 'keep' });
  expect(await find(person)).toMatchObject({ status: 'revoking' });
  expect(await syncUnattended(person.system, { connectionId })).toBeNull();

  expect(await finishStop(person.system, connectionId)).toBe(person.userId);
  expect(await find(person)).toMatchObject({
    status: 'revoked',
    endedAt: expect.any(Date),
    erasedAt: null,
    tokens: [],
  });
  await expect(trueLayer().getMe({ accessToken })).rejects.toMatchObject({ httpStatus: 401 });
  expect(await countRows(person)).toMatchObject({
    accounts: before.accounts,
    transactions: before.transactions,
    receipts: 1,
  });
  expect(before.transactions).toBeGreaterThan(100);
  const history = await listHistory(ctx, connectionId);
  expect(history.find(({ action }) => action === 'connection.stopped')?.after).toEqual({ told: 'truelayer' });
  expect(history.find(({ action }) => action === 'connection.stop_requested')).toMatchObject({
    by: 'you',
    after: { erases: false },
  });
  expect(await finishStop(person.system, connectionId)).toBeNull();

  await eraseEnded(ctx, { connectionId });
  expect(await countRows(person)).toMatchObject({ accounts: 0, transactions: 0 });
  await expect(eraseEnded(ctx, { connectionId })).rejects.toMatchObject({ code: 'nothing_to_erase' });
});

test('erasing leaves nothing that the bank has told, and the record of the consent', async () => {
  const person = await linkAndFetch();
  const { ctx, connectionId } = person;
  await stopSharing(ctx, { connectionId, choice: 'erase' });
  await finishStop(person.system, connectionId);
  expect(await countRows(person)).toEqual({
    accounts: 0,
    transactions: 0,
    holders: 0,
    answers: 0,
    calls: 0,
    receipts: 1,
  });
  expect(await find(person)).toMatchObject({ status: 'revoked', erasedAt: expect.any(Date), credentialsId: null });
});

test('a stop that breaks off half-way is finished by a job, and fetches nothing meanwhile', async () => {
  const person = await linkAndFetch();
  const { system, connectionId } = person;
  await standIn.control('POST', '/faults', {
    match: { method: 'DELETE', path: '/api/delete' },
    action: { status: 500 },
    times: 1,
  });
  await stopSharing(person.ctx, { connectionId, choice: 'erase' });
  await expect(finishStop(system, connectionId)).rejects.toMatchObject({ isRetryable: true });
  expect(await find(person)).toMatchObject({ status: 'revoking' });
  expect((await countRows(person)).accounts).toBeGreaterThan(0);
  expect(await syncUnattended(system, { connectionId })).toBeNull();
  expect(await sweepStops(system)).toBeGreaterThan(0);
  expect(await finishStop(system, connectionId)).toBe(person.userId);
  expect(await find(person)).toMatchObject({ status: 'revoked', tokens: [] });
});

test('a stop whose answer was lost is told again, and an access that is gone already counts as ended', async () => {
  const person = await linkAndFetch();
  const { system, connectionId } = person;
  const { accessToken } = await getAccessToken(system, connectionId);
  await stopSharing(person.ctx, { connectionId, choice: 'keep' });
  // As if TrueLayer had done it and the process had died before it was noted.
  await trueLayer().revoke({ accessToken });
  expect(await finishStop(system, connectionId)).toBe(person.userId);
  expect(await find(person)).toMatchObject({ status: 'revoked', tokens: [] });
});

test('two who finish one stop at once end the same', async () => {
  const person = await linkAndFetch();
  const { system, connectionId } = person;
  await stopSharing(person.ctx, { connectionId, choice: 'erase' });
  const done = await Promise.all([finishStop(system, connectionId), finishStop(system, connectionId)]);
  expect(done).toContain(person.userId);
  const stopped = { connectionId, action: 'connection.stopped' };
  expect(await system.db.auditEntry.count({ where: stopped })).toBe(1);
});

test('refuses to stop, erase or hand out what is somebody else’s, and to stop twice', async () => {
  const person = await linkAndFetch();
  const { connectionId } = person;
  const stranger = actingAs(person.ctx, { kind: 'user', userId: await addUser(person.system) });
  const nobody = actingAs(person.ctx, { kind: 'nobody' });
  const input = { connectionId, choice: 'erase' } as const;
  for (const verb of [stopSharing, eraseEnded, exportData]) {
    await expect(verb(stranger, input)).rejects.toMatchObject({ code: 'connection_not_found' });
  }
  for (const verb of [stopSharing, eraseEnded, exportData, leave]) {
    await expect(verb(nobody, input)).rejects.toMatchObject({ kind: 'unauthenticated' });
  }
  await expect(eraseEnded(person.ctx, input)).rejects.toMatchObject({ code: 'nothing_to_erase' });
  const both = await Promise.allSettled([stopSharing(person.ctx, input), stopSharing(person.ctx, input)]);
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('everything that is held can be taken along, and no token with it', async () => {
  const person = await linkAndFetch();
  const text = await readAll(person.ctx, null);
  const data = JSON.parse(text);
  const rows = await countRows(person);
  expect(data.connections[0].accounts).toHaveLength(rows.accounts);
  const kept = data.connections[0].accounts.flatMap((account: { transactions: unknown[] }) => account.transactions);
  expect(kept).toHaveLength(rows.transactions);
  expect(kept[0].amount).toMatch(/^-?\d+(\.\d+)?$/);
  expect(data.connections[0].holders[0].details).toEqual(expect.anything());
  const { accessToken } = await getAccessToken(person.system, person.connectionId);
  expect(text).not.toContain(accessToken);
  expect(text).not.toMatch(/sealed|token/i);
});

test('who leaves is gone with everything, except for audit entries that name a number', async () => {
  const person = await linkAndFetch();
  const { system, userId, connectionId } = person;
  const { email } = await system.db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
  const { accessToken } = await getAccessToken(system, connectionId);
  const { reference, isDone } = await leave(person.ctx);
  expect(reference).toMatch(/^LW-/);
  expect(isDone).toBe(true);
  await expect(trueLayer().getMe({ accessToken })).rejects.toMatchObject({ httpStatus: 401 });
  expect(await system.db.user.count({ where: { id: userId } })).toBe(0);
  expect(await system.db.connection.count({ where: { userId } })).toBe(0);
  expect(await system.db.consentReceipt.count({ where: { userId } })).toBe(0);
  expect(await system.db.truelayerCall.count({ where: { connectionId } })).toBe(0);
  const entries = await system.db.auditEntry.findMany({ where: { personId: userId } });
  expect(entries.map(({ action }) => action)).toContain('person.left');
  expect(JSON.stringify(entries)).not.toContain(email);
});

test('who leaves while TrueLayer is down is nameless at once, and gone when it answers again', async () => {
  const person = await linkAndFetch();
  const { system, userId, connectionId } = person;
  await standIn.control('POST', '/faults', {
    match: { method: 'DELETE', path: '/api/delete' },
    action: { status: 500 },
    times: 1,
  });
  expect(await leave(person.ctx)).toMatchObject({ isDone: false });
  const user = await system.db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true, name: true } });
  expect(user).toEqual({ email: `${userId}@left.invalid`, name: null });
  await expect(leave(person.ctx)).rejects.toMatchObject({ code: 'already_leaving' });
  await sweepLeaving(system);
  expect(await system.db.user.count({ where: { id: userId } })).toBe(1);
  await finishStop(system, connectionId);
  await sweepLeaving(system);
  expect(await system.db.user.count({ where: { id: userId } })).toBe(0);
});

async function readAll(ctx: Context, connectionId: string | null): Promise<string> {
  let text = '';
  for await (const chunk of await exportData(ctx, { connectionId })) text += chunk;
  return text;
}
