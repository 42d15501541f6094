import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readTypedReasons } from '#lib/audit/typed-reasons';
import { leave } from '#lib/connections/leave';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { exportData } from '#lib/export/export-data';
import { addUser } from '#lib/testing/link-person';
import { addPasskeyUser, addSession, enrol } from '#lib/testing/passkey-user';
import { createAuthenticator } from '#lib/testing/software-authenticator';
import { getPasskey, getSecondFactor, removePasskey, renamePasskey } from './passkeys.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';
import { isPasskeyRequiredOfAdmins } from './requirement.ts';
import { resetSecondFactor } from './reset-second-factor.ts';

vi.mock('./requirement.ts', () => ({ isPasskeyRequiredOfAdmins: vi.fn(() => false) }));

let nobody: Context;
let owner: Awaited<ReturnType<typeof addPasskeyUser>>;
beforeAll(async () => {
  nobody = await createContext({ actor: { kind: 'nobody' } });
});
beforeEach(async () => {
  owner = await addPasskeyUser(nobody);
});

const codesOf = (userId: string) => nobody.db.recoveryCode.count({ where: { userId } });
const passkeysOf = (userId: string) => nobody.db.passkey.count({ where: { userId } });

/** An address that the environment lists as an admin's, for one test. */
async function makeAdmin(userId: string): Promise<void> {
  const email = env().adminEmails[0] ?? '';
  await nobody.db.user.updateMany({ where: { email }, data: { email: `${randomUUID()}@example.com` } });
  await nobody.db.user.update({ where: { id: userId }, data: { email, role: 'admin' } });
}

test('lists the user’s own passkeys and how many codes are left', async () => {
  await addPasskeyUser(nobody);
  const { passkeys, recoveryCodesLeft } = await getSecondFactor(owner.ctx);
  expect(passkeys).toEqual([
    { id: owner.passkeyId, name: 'Test device', createdAt: expect.any(Date), lastUsedAt: null },
  ]);
  expect(recoveryCodesLeft).toBe(10);
  await expect(getSecondFactor(nobody)).rejects.toMatchObject({ kind: 'unauthenticated' });
});

test('renames a passkey, and refuses another user’s like one that does not exist', async () => {
  const stranger = (await addPasskeyUser(nobody)).ctx;
  for (const passkeyId of [owner.passkeyId, randomUUID(), 'x', '\0']) {
    const refused = passkeyId === owner.passkeyId ? stranger : owner.ctx;
    const notFound = { kind: 'not_found', code: 'passkey_not_found' };
    await expect(renamePasskey(refused, { passkeyId, name: 'x' })).rejects.toMatchObject(notFound);
    await expect(removePasskey(refused, { passkeyId, sessionId: owner.session.sessionId })).rejects.toMatchObject(
      notFound,
    );
    await expect(getPasskey(refused, { passkeyId })).rejects.toMatchObject(notFound);
  }
  await expect(renamePasskey(nobody, { passkeyId: owner.passkeyId, name: 'x' })).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
  await expect(renamePasskey(owner.ctx, { passkeyId: owner.passkeyId, name: 'a\0' })).rejects.toMatchObject({
    code: 'name_invalid',
  });
  await renamePasskey(owner.ctx, { passkeyId: owner.passkeyId, name: 'Phone' });
  expect(await getPasskey(owner.ctx, { passkeyId: owner.passkeyId })).toMatchObject({ name: 'Phone' });
});

/** Another session of the owner, which has passed the second factor. */
async function addComplete(): Promise<string> {
  const { sessionId } = await addSession(nobody, owner.userId);
  await nobody.db.session.update({ where: { id: sessionId }, data: { secondFactorAt: new Date() } });
  return sessionId;
}

const sessionsOf = async (userId: string) =>
  (await nobody.db.session.findMany({ where: { userId }, select: { id: true } })).map(({ id }) => id);

test('removing the last passkey removes the codes and ends the other sessions, complete or not', async () => {
  const foreign = await addPasskeyUser(nobody);
  await addSession(nobody, owner.userId);
  await addComplete();
  await removePasskey(owner.ctx, { passkeyId: owner.passkeyId, sessionId: owner.session.sessionId });
  expect([await passkeysOf(owner.userId), await codesOf(owner.userId)]).toEqual([0, 0]);
  expect(await sessionsOf(owner.userId)).toEqual([owner.session.sessionId]);
  expect(await sessionsOf(foreign.userId)).toHaveLength(1);
  const entry = await nobody.db.auditEntry.findFirst({ where: { personId: owner.userId, action: 'passkey.removed' } });
  expect(entry).toMatchObject({ subjectId: owner.passkeyId, actorId: owner.userId, after: { left: 0, sessions: 2 } });
});

test('removing one of two passkeys keeps the codes, and ends the other sessions', async () => {
  const other = await addComplete();
  await enrol(owner.ctx, owner.session, createAuthenticator());
  await removePasskey(owner.ctx, { passkeyId: owner.passkeyId, sessionId: owner.session.sessionId });
  expect([await passkeysOf(owner.userId), await codesOf(owner.userId)]).toEqual([1, 10]);
  expect(await sessionsOf(owner.userId)).toEqual([owner.session.sessionId]);
  expect(await sessionsOf(owner.userId)).not.toContain(other);
});

test('a session that has not passed the second factor, and another user’s, removes and replaces nothing', async () => {
  const foreign = await addPasskeyUser(nobody);
  const { sessionId } = await addSession(nobody, owner.userId);
  for (const refused of [sessionId, foreign.session.sessionId, randomUUID()]) {
    const refusal = { kind: 'unauthenticated', code: 'second_factor_required' };
    const removal = removePasskey(owner.ctx, { passkeyId: owner.passkeyId, sessionId: refused });
    await expect(removal).rejects.toMatchObject(refusal);
    await expect(replaceRecoveryCodes(owner.ctx, { sessionId: refused })).rejects.toMatchObject(refusal);
  }
  expect([await passkeysOf(owner.userId), await codesOf(owner.userId)]).toEqual([1, 10]);
  expect(await sessionsOf(owner.userId)).toHaveLength(2);
});

test('an admin outside local keeps a last passkey, also when two are removed at once', async () => {
  vi.mocked(isPasskeyRequiredOfAdmins).mockReturnValue(true);
  await makeAdmin(owner.userId);
  const refusal = { kind: 'conflict', code: 'last_passkey_of_admin' };
  await expect(
    removePasskey(owner.ctx, { passkeyId: owner.passkeyId, sessionId: owner.session.sessionId }),
  ).rejects.toMatchObject(refusal);
  expect([await passkeysOf(owner.userId), await codesOf(owner.userId)]).toEqual([1, 10]);

  const { passkeyId } = await enrol(owner.ctx, owner.session, createAuthenticator());
  const answers = await Promise.allSettled([
    removePasskey(owner.ctx, { passkeyId, sessionId: owner.session.sessionId }),
    removePasskey(owner.ctx, { passkeyId: owner.passkeyId, sessionId: owner.session.sessionId }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await passkeysOf(owner.userId)).toBe(1);
});

test('a user outside local, and an admin in local, may remove the last passkey', async () => {
  vi.mocked(isPasskeyRequiredOfAdmins).mockReturnValue(true);
  await removePasskey(owner.ctx, { passkeyId: owner.passkeyId, sessionId: owner.session.sessionId });
  vi.mocked(isPasskeyRequiredOfAdmins).mockReturnValue(false);
  const admin = await addPasskeyUser(nobody);
  await makeAdmin(admin.userId);
  await removePasskey(admin.ctx, { passkeyId: admin.passkeyId, sessionId: admin.session.sessionId });
  expect([await passkeysOf(owner.userId), await passkeysOf(admin.userId)]).toEqual([0, 0]);
});

test('replaces the recovery codes of a user who has a passkey, and ends the other sessions', async () => {
  await addComplete();
  const { sessionId } = owner.session;
  const codes = await replaceRecoveryCodes(owner.ctx, { sessionId });
  expect(await sessionsOf(owner.userId)).toEqual([sessionId]);
  expect(codes).toHaveLength(10);
  expect(codes.filter((code) => owner.recoveryCodes.includes(code))).toEqual([]);
  expect(await codesOf(owner.userId)).toBe(10);
  const other = actingAs(nobody, { kind: 'user', userId: await addUser(nobody) });
  await expect(replaceRecoveryCodes(other, { sessionId })).rejects.toMatchObject({ code: 'no_passkey' });
  await expect(replaceRecoveryCodes(nobody, { sessionId })).rejects.toMatchObject({ kind: 'unauthenticated' });
});

test('an operator removes all passkeys, codes, identities and sessions of a user, with a reason that is recorded', async () => {
  const system = actingAs(nobody, { kind: 'system', job: 'second-factor' });
  const untouched = await addPasskeyUser(nobody);
  const { email } = await nobody.db.user.findUniqueOrThrow({ where: { id: owner.userId } });
  const reason = 'Lost the phone; identified by video call.';
  await expect(resetSecondFactor(owner.ctx, { email, reason })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(resetSecondFactor(system, { email, reason: 'lost' })).rejects.toMatchObject({ code: 'reason_invalid' });
  await expect(resetSecondFactor(system, { email: 'nobody@example.com', reason })).rejects.toMatchObject({
    code: 'user_not_found',
  });
  expect(await passkeysOf(owner.userId)).toBe(1);

  const identities = [owner.userId, untouched.userId];
  await nobody.db.signInAccount.createMany({
    data: identities.map((userId) => ({ userId, provider: 'oidc', providerAccountId: randomUUID(), email })),
  });
  const removed = await resetSecondFactor(system, { email: ` ${email.toUpperCase()} `, reason });
  expect(removed).toEqual({ passkeys: 1, recoveryCodes: 10, identities: 1, sessions: 1 });
  const left = await nobody.db.signInAccount.findMany({ where: { userId: { in: identities } } });
  expect(left).toMatchObject([{ userId: untouched.userId }]);
  expect([await passkeysOf(owner.userId), await codesOf(owner.userId)]).toEqual([0, 0]);
  expect([await passkeysOf(untouched.userId), await codesOf(untouched.userId)]).toEqual([1, 10]);
  const entry = await nobody.db.auditEntry.findFirst({
    where: { personId: owner.userId, action: 'user.second_factor_reset' },
  });
  expect(entry).toMatchObject({ actorKind: 'system', actorLabel: 'second-factor', after: removed });
  const reasons = await readTypedReasons(system, [entry?.id ?? '']);
  expect(reasons.get(entry?.id ?? '')).toEqual({ status: 'readable', text: reason });
});

test('the export names passkeys with their dates, and contains neither keys nor codes', async () => {
  const text = (await Array.fromAsync(await exportData(owner.ctx, { connectionId: null }))).join('');
  const { passkeys, recoveryCodes } = JSON.parse(text);
  expect(passkeys).toMatchObject([{ name: 'Test device', createdAt: expect.any(String), lastUsedAt: null }]);
  expect(recoveryCodes).toHaveLength(10);
  const { publicKey } = await nobody.db.passkey.findUniqueOrThrow({ where: { id: owner.passkeyId } });
  for (const secret of [owner.authenticator.id, Buffer.from(publicKey).toString('base64'), 'codeHash', 'publicKey']) {
    expect(text).not.toContain(secret);
  }
});

test('deleting the account deletes passkeys and codes', async () => {
  await leave(owner.ctx);
  expect([await passkeysOf(owner.userId), await codesOf(owner.userId)]).toEqual([0, 0]);
});
