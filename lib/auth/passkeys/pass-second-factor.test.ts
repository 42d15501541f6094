import { randomInt } from 'node:crypto';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { addPasskeyUser, addSession, enrol, type TestSession } from '#lib/testing/passkey-user';
import { createAuthenticator, type Deviation } from '#lib/testing/software-authenticator';
import { adapter } from '../adapter.ts';
import { isFresh } from '../session-life.ts';
import { beginEnrolment } from './enrol-passkey.ts';
import { beginAssertion, redeemRecoveryCode, verifyPasskey } from './pass-second-factor.ts';

vi.mock('next/headers', () => ({ headers: () => Promise.resolve(new Headers()) }));

let nobody: Context;
let owner: Awaited<ReturnType<typeof addPasskeyUser>>;
/** Signed in by email, and incomplete. */
let session: TestSession;
beforeAll(async () => {
  nobody = await createContext({ actor: { kind: 'nobody' } });
});
beforeEach(async () => {
  owner = await addPasskeyUser(nobody);
  session = await addSession(nobody, owner.userId);
});

const stateOf = async (token: string) => (await adapter.getSessionAndUser(token))?.user;
const assertion = async (deviation?: Deviation) =>
  owner.authenticator.get(await beginAssertion(nobody, session), deviation);
const actionsOf = async (personId: string) =>
  (await nobody.db.auditEntry.findMany({ where: { personId }, orderBy: { id: 'asc' } })).map(({ action }) => action);

/** The response is refused and the session stays incomplete. */
async function expectRefused(response: unknown): Promise<void> {
  await expect(verifyPasskey(nobody, session, response)).rejects.toMatchObject({
    kind: 'invalid',
    code: 'passkey_refused',
  });
  expect(await stateOf(session.token)).toMatchObject({ isIncomplete: true });
}

test('a passkey completes the session, which gets a new token', async () => {
  expect(await stateOf(session.token)).toMatchObject({ isIncomplete: true });
  const { token } = await verifyPasskey(nobody, session, await assertion());
  expect(await stateOf(session.token)).toBeUndefined();
  expect(await stateOf(token)).toMatchObject({ id: owner.userId, isIncomplete: false, sessionId: session.sessionId });
  const passkey = await nobody.db.passkey.findUniqueOrThrow({ where: { id: owner.passkeyId } });
  expect(passkey).toMatchObject({ counter: 2n, lastUsedAt: expect.any(Date) });
  expect(await actionsOf(owner.userId)).toEqual(['passkey.added', 'recovery_codes.created', 'passkey.used']);
  const [entry] = await nobody.db.auditEntry.findMany({ where: { action: 'passkey.used', personId: owner.userId } });
  expect(entry).toMatchObject({ actorKind: 'user', actorId: owner.userId, subjectId: owner.passkeyId });
});

test('a passkey makes an old sign-in fresh, and a recovery code does not', async () => {
  const old = await addSession(nobody, owner.userId, new Date(Date.now() - 11 * 60_000));
  const { token } = await verifyPasskey(nobody, old, owner.authenticator.get(await beginAssertion(nobody, old)));
  expect(isFresh((await stateOf(token))?.signedInAt ?? new Date(0))).toBe(true);

  const other = await addSession(nobody, owner.userId, new Date(Date.now() - 11 * 60_000));
  const renewed = await redeemRecoveryCode(nobody, other, owner.recoveryCodes[0] ?? '');
  const state = await stateOf(renewed.token);
  expect(state).toMatchObject({ isIncomplete: false });
  expect(isFresh(state?.signedInAt ?? new Date())).toBe(false);
});

const DEVIATIONS: [string, Deviation][] = [
  ['another origin', { origin: 'https://evil.example' }],
  ['another port of our host', { origin: 'http://localhost:1' }],
  ['another relying party', { rpId: 'evil.example' }],
  ['an unverified user', { isUserVerified: false }],
  ['a counter that went back', { counter: 0 }],
  ['a counter that stayed', { counter: 1 }],
  ['a signature of another key', { hasForeignKey: true }],
  ['another challenge', { challenge: 'bm90IG91cnM' }],
  ['a registration', { type: 'webauthn.create' }],
];
test.each(DEVIATIONS)('refuses an assertion with %s, and accepts the same without', async (_, deviation) => {
  await expectRefused(await assertion(deviation));
  const { token } = await verifyPasskey(nobody, session, await assertion());
  expect(await stateOf(token)).toMatchObject({ isIncomplete: false });
});

test('refuses a replayed response, and one whose challenge was used by a refused response', async () => {
  const response = await assertion();
  await verifyPasskey(nobody, session, response);
  await expect(verifyPasskey(nobody, session, response)).rejects.toMatchObject({ code: 'passkey_refused' });

  const next = await addSession(nobody, owner.userId);
  const options = await beginAssertion(nobody, next);
  const foreign = owner.authenticator.get(options, { origin: 'https://evil.example' });
  await expect(verifyPasskey(nobody, next, foreign)).rejects.toMatchObject({ code: 'passkey_refused' });
  await expect(verifyPasskey(nobody, next, owner.authenticator.get(options))).rejects.toMatchObject({
    code: 'passkey_refused',
  });
});

test('of two requests with one response, one completes the session', async () => {
  const response = await assertion();
  const answers = await Promise.allSettled([
    verifyPasskey(nobody, session, response),
    verifyPasskey(nobody, session, response),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('refuses an expired challenge and one of another session or ceremony', async () => {
  const expired = await assertion();
  await nobody.db.session.update({
    where: { id: session.sessionId },
    data: { challengeExpiresAt: new Date(Date.now() - 1) },
  });
  await expectRefused(expired);

  const other = await addSession(nobody, owner.userId);
  await expectRefused(owner.authenticator.get(await beginAssertion(nobody, other)));

  const { challenge } = await beginEnrolment(owner.ctx, session);
  await expectRefused(owner.authenticator.get({ ...(await beginAssertion(nobody, other)), challenge }));
  await verifyPasskey(nobody, session, await assertion());
});

test('refuses another user’s passkey', async () => {
  const other = await addPasskeyUser(nobody);
  await expectRefused(other.authenticator.get(await beginAssertion(nobody, session)));
  const foreignUser = { sessionId: session.sessionId, userId: other.userId };
  await expect(beginAssertion(nobody, foreignUser)).rejects.toMatchObject({ kind: 'unauthenticated' });
  await expect(verifyPasskey(nobody, foreignUser, await assertion())).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
});

test('refuses malformed responses', async () => {
  const good = await assertion();
  const bad: unknown[] = [
    null,
    [],
    {},
    { ...good, id: '\0', rawId: '\0' },
    { ...good, id: { length: 1 } },
    { ...good, response: { ...good.response, signature: 'AA' } },
    { ...good, response: { ...good.response, authenticatorData: 'AA' } },
    { ...good, response: { ...good.response, clientDataJSON: 'AA' } },
  ];
  for (const response of bad) await expectRefused(response);
  await verifyPasskey(nobody, session, await assertion());
});

test('accepts a passkey whose counter is always 0, as synchronised ones have', async () => {
  owner = await addPasskeyUser(nobody, 0);
  for (let times = 0; times < 2; times++) {
    session = await addSession(nobody, owner.userId);
    const { token } = await verifyPasskey(nobody, session, await assertion());
    expect(await stateOf(token)).toMatchObject({ isIncomplete: false });
  }
});

test('records failures, at most 5 an hour for a user', async () => {
  for (let times = 0; times < 8; times++) await expectRefused(null);
  const failures = await nobody.db.auditEntry.findMany({
    where: { personId: owner.userId, action: 'user.second_factor_failed' },
  });
  expect(failures).toHaveLength(5);
  expect(failures[0]).toMatchObject({ actorKind: 'user', actorId: owner.userId, after: { method: 'passkey' } });
});

/** Nobody in a network that no other test, and no earlier run on this database, has tried from. */
const fromNewNetwork = () =>
  createContext({ actor: { kind: 'nobody' }, callerAddress: `10.${randomInt(256)}.${randomInt(256)}.1` });

test('whoever reads the email can’t use up the owner’s tries: they are counted by session and network', async () => {
  const elsewhere = await fromNewNetwork();
  for (let times = 0; times < 30; times++) {
    await expect(verifyPasskey(elsewhere, session, null)).rejects.toMatchObject({ code: 'passkey_refused' });
  }
  await expect(verifyPasskey(elsewhere, session, await assertion())).rejects.toMatchObject({ kind: 'rate_limited' });
  session = await addSession(nobody, owner.userId);
  const home = await fromNewNetwork();
  await verifyPasskey(home, session, await assertion());
});

test('the tries of one network are counted over all its sessions', async () => {
  const network = await fromNewNetwork();
  for (let times = 0; times < 300; times++) {
    if (times % 30 === 0) session = await addSession(nobody, owner.userId);
    await expect(verifyPasskey(network, session, null)).rejects.toMatchObject({ code: 'passkey_refused' });
  }
  session = await addSession(nobody, owner.userId);
  await expect(verifyPasskey(network, session, await assertion())).rejects.toMatchObject({ kind: 'rate_limited' });
});

test('a session that has ended passes nothing', async () => {
  const response = await assertion();
  await nobody.db.session.delete({ where: { id: session.sessionId } });
  for (const work of [
    () => beginAssertion(nobody, session),
    () => verifyPasskey(nobody, session, response),
    () => redeemRecoveryCode(nobody, session, owner.recoveryCodes[0] ?? ''),
  ]) {
    await expect(work()).rejects.toMatchObject({ kind: 'unauthenticated' });
  }
  expect(await nobody.db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(10);
});

test('an incomplete session ends 15 minutes after the sign-in, a complete one does not', async () => {
  const createdAt = new Date(Date.now() - 15 * 60_000 - 1000);
  const [incomplete, complete] = [
    await addSession(nobody, owner.userId, createdAt),
    await addSession(nobody, owner.userId, createdAt),
  ];
  await nobody.db.session.update({ where: { id: complete.sessionId }, data: { secondFactorAt: new Date() } });
  const isOpen = async (token: string) => {
    const found = await adapter.getSessionAndUser(token);
    return found !== null && found.session.expires > new Date();
  };
  expect([await isOpen(incomplete.token), await isOpen(complete.token), await isOpen(session.token)]).toEqual([
    false,
    true,
    true,
  ]);
});

test('a recovery code completes a session once, and is recorded and announced', async () => {
  const code = owner.recoveryCodes[3] ?? '';
  const { token } = await redeemRecoveryCode(nobody, session, ` ${code.toLowerCase().replaceAll('-', ' ')} `);
  expect(await stateOf(token)).toMatchObject({ isIncomplete: false });
  expect(await stateOf(session.token)).toBeUndefined();
  expect(await nobody.db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(9);

  const next = await addSession(nobody, owner.userId);
  await expect(redeemRecoveryCode(nobody, next, code)).rejects.toMatchObject({ kind: 'invalid', code: 'code_refused' });
  expect(await actionsOf(owner.userId)).toEqual([
    'passkey.added',
    'recovery_codes.created',
    'recovery_code.used',
    'user.second_factor_failed',
  ]);
  const queued = await nobody.db.$queryRaw`
    select data->>'notice' as notice from pgboss.job
    where name = 'user.security-notice' and data->>'userId' = ${owner.userId} order by 1`;
  expect(queued).toEqual([{ notice: 'passkey_added' }, { notice: 'recovery_code_used' }]);
});

test('of two sign-ins with one recovery code at once, one succeeds', async () => {
  const code = owner.recoveryCodes[0] ?? '';
  const other = await addSession(nobody, owner.userId);
  const answers = await Promise.allSettled([
    redeemRecoveryCode(nobody, session, code),
    redeemRecoveryCode(nobody, other, code),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await nobody.db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(9);
});

test('refuses another user’s code, and what is no code', async () => {
  const other = await addPasskeyUser(nobody);
  for (const typed of [other.recoveryCodes[0] ?? '', '', '\0', '%']) {
    await expect(redeemRecoveryCode(nobody, session, typed)).rejects.toMatchObject({ code: 'code_refused' });
  }
  expect(await stateOf(session.token)).toMatchObject({ isIncomplete: true });
  await redeemRecoveryCode(nobody, session, owner.recoveryCodes[0] ?? '');
});

test('refuses the sixth code within 15 minutes, also a right one, and keeps it', async () => {
  for (let times = 0; times < 5; times++) {
    const next = await addSession(nobody, owner.userId);
    await expect(redeemRecoveryCode(nobody, next, 'x')).rejects.toMatchObject({ code: 'code_refused' });
  }
  const right = redeemRecoveryCode(nobody, session, owner.recoveryCodes[0] ?? '');
  await expect(right).rejects.toMatchObject({ kind: 'rate_limited' });
  expect(await nobody.db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(10);
  // The passkey still works.
  await verifyPasskey(nobody, session, await assertion());
});

test('each of a user’s passkeys works', async () => {
  const second = createAuthenticator();
  await enrol(owner.ctx, owner.session, second);
  await verifyPasskey(nobody, session, second.get(await beginAssertion(nobody, session)));
  session = await addSession(nobody, owner.userId);
  await verifyPasskey(nobody, session, await assertion());
});
