import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { addUser } from '#lib/testing/link-person';
import { addPasskeyUser, addSession, enrol, type TestSession } from '#lib/testing/passkey-user';
import { createAuthenticator, type Deviation } from '#lib/testing/software-authenticator';
import { adapter } from '../adapter.ts';
import { beginEnrolment, enrolPasskey, MAX_PASSKEYS } from './enrol-passkey.ts';
import { beginAssertion } from './pass-second-factor.ts';

vi.mock('next/headers', () => ({ headers: () => Promise.resolve(new Headers()) }));

let nobody: Context;
let user: Context;
let session: TestSession;
beforeAll(async () => {
  nobody = await createContext({ actor: { kind: 'nobody' }, callerAddress: '81.2.69.160' });
});
beforeEach(async () => {
  const userId = await addUser(nobody);
  user = actingAs(nobody, { kind: 'user', userId });
  session = await addSession(nobody, userId);
});

const count = () => nobody.db.passkey.count({ where: { userId: session.userId } });
const enrolWith = (response: unknown, name: unknown = 'Laptop') =>
  enrolPasskey(user, { sessionId: session.sessionId, name, response });
const isIncomplete = async ({ token }: TestSession) =>
  (await adapter.getSessionAndUser(token))?.user.isIncomplete ?? 'ended';

test('stores a passkey, creates 10 recovery codes, and records and announces it', async () => {
  const authenticator = createAuthenticator();
  const options = await beginEnrolment(user, session);
  expect(options.rp).toEqual({ id: new URL(env().appUrl).hostname, name: env().company.name });
  expect(options.authenticatorSelection).toMatchObject({ userVerification: 'required' });
  const { recoveryCodes } = await enrolWith(authenticator.create(options), '  Laptop ');

  expect(new Set(recoveryCodes).size).toBe(10);
  for (const code of recoveryCodes ?? []) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{6}-){3}[0-9A-HJKMNP-TV-Z]{6}$/);
  const [passkey] = await nobody.db.passkey.findMany({ where: { userId: session.userId } });
  expect(passkey).toMatchObject({ name: 'Laptop', counter: 1n, transports: ['internal'], lastUsedAt: null });
  const stored = await nobody.db.recoveryCode.findMany({ where: { userId: session.userId } });
  expect(JSON.stringify(stored)).not.toContain(recoveryCodes?.[0]);
  const entries = await nobody.db.auditEntry.findMany({ where: { personId: session.userId }, orderBy: { id: 'asc' } });
  expect(entries).toMatchObject([
    { action: 'passkey.added', subjectId: passkey?.id, actorId: session.userId, callerAddress: '81.2.69.0/24' },
    { action: 'recovery_codes.created' },
  ]);
  const queued = await nobody.db.$queryRaw`
    select data->>'notice' as notice from pgboss.job
    where name = 'user.security-notice' and data->>'userId' = ${session.userId}`;
  expect(queued).toEqual([{ notice: 'passkey_added' }]);
});

test('the enrolling session stays complete, and the user’s other sessions become incomplete', async () => {
  const other = await addSession(nobody, session.userId);
  const foreign = await addSession(nobody, await addUser(nobody));
  expect([await isIncomplete(session), await isIncomplete(other)]).toEqual([false, false]);
  const { token } = await enrol(user, session, createAuthenticator());
  expect([await isIncomplete({ ...session, token }), await isIncomplete(other), await isIncomplete(foreign)]).toEqual([
    false,
    true,
    false,
  ]);
});

test('the enrolling session gets a new token each time, so that a copy of the one before is worth nothing', async () => {
  const first = await enrol(user, session, createAuthenticator());
  expect(await isIncomplete(session)).toBe('ended');
  expect((await adapter.getSessionAndUser(first.token))?.user.sessionId).toBe(session.sessionId);
  const second = await enrol(user, session, createAuthenticator());
  expect(await isIncomplete({ ...session, token: first.token })).toBe('ended');
  expect(await isIncomplete({ ...session, token: second.token })).toBe(false);
});

test('a session that became incomplete during its enrolment adds no passkey until it passes the second factor', async () => {
  const other = await addSession(nobody, session.userId);
  const early = createAuthenticator().create(await beginEnrolment(user, other));
  await enrol(user, session, createAuthenticator());
  const enrolOther = (response: unknown) => enrolPasskey(user, { sessionId: other.sessionId, name: 'x', response });
  await expect(enrolOther(early)).rejects.toMatchObject({ kind: 'unauthenticated', code: 'second_factor_required' });
  expect([await count(), await isIncomplete(other)]).toEqual([1, true]);
  await nobody.db.session.update({ where: { id: other.sessionId }, data: { secondFactorAt: new Date() } });
  await enrolOther(createAuthenticator().create(await beginEnrolment(user, other)));
  expect(await count()).toBe(2);
});

test('of two sessions that add a first passkey at once, one does', async () => {
  const other = await addSession(nobody, session.userId);
  const answers = await Promise.allSettled([session, other].map((one) => enrol(user, one, createAuthenticator())));
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await count()).toBe(1);
});

test('a second passkey leaves the recovery codes as they are', async () => {
  await enrol(user, session, createAuthenticator());
  const codes = await nobody.db.recoveryCode.findMany({ where: { userId: session.userId }, orderBy: { id: 'asc' } });
  const { recoveryCodes } = await enrol(user, session, createAuthenticator());
  expect(recoveryCodes).toEqual([]);
  const after = await nobody.db.recoveryCode.findMany({ where: { userId: session.userId }, orderBy: { id: 'asc' } });
  expect(after).toEqual(codes);
});

const DEVIATIONS: [string, Deviation][] = [
  ['another origin', { origin: 'https://evil.example' }],
  ['a lookalike origin', { origin: 'http://localhost.evil.example' }],
  ['another port of our host', { origin: 'http://localhost:1' }],
  ['another relying party', { rpId: 'evil.example' }],
  ['an unverified user', { isUserVerified: false }],
  ['another challenge', { challenge: 'bm90IG91cnM' }],
  ['an assertion', { type: 'webauthn.get' }],
];
test.each(DEVIATIONS)('refuses a passkey for %s, and accepts the same without', async (_, deviation) => {
  const refused = createAuthenticator().create(await beginEnrolment(user, session), deviation);
  await expect(enrolWith(refused)).rejects.toMatchObject({ kind: 'invalid', code: 'passkey_refused' });
  expect(await count()).toBe(0);
  await enrolWith(createAuthenticator().create(await beginEnrolment(user, session)));
  expect(await count()).toBe(1);
});

test('uses a challenge once', async () => {
  const options = await beginEnrolment(user, session);
  await enrolWith(createAuthenticator().create(options));
  await expect(enrolWith(createAuthenticator().create(options))).rejects.toMatchObject({ code: 'passkey_refused' });
  expect(await count()).toBe(1);
});

test('uses a challenge once when two responses arrive at once', async () => {
  const options = await beginEnrolment(user, session);
  const answers = await Promise.allSettled([
    enrolWith(createAuthenticator().create(options)),
    enrolWith(createAuthenticator().create(options)),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await count()).toBe(1);
});

test('refuses a challenge that has expired, was replaced, or belongs to another session or ceremony', async () => {
  const expired = await beginEnrolment(user, session);
  await nobody.db.session.update({
    where: { id: session.sessionId },
    data: { challengeExpiresAt: new Date(Date.now() - 1) },
  });
  await expect(enrolWith(createAuthenticator().create(expired))).rejects.toMatchObject({ code: 'passkey_refused' });

  const replaced = await beginEnrolment(user, session);
  const current = await beginEnrolment(user, session);
  await expect(enrolWith(createAuthenticator().create(replaced))).rejects.toMatchObject({ code: 'passkey_refused' });

  const elsewhere = await beginEnrolment(user, await addSession(nobody, session.userId));
  await expect(enrolWith(createAuthenticator().create(elsewhere))).rejects.toMatchObject({ code: 'passkey_refused' });

  await enrolWith(createAuthenticator().create(current));
  const assertion = await beginAssertion(nobody, session);
  const { challenge } = assertion;
  const forAssertion = createAuthenticator().create({ ...current, challenge });
  await expect(enrolWith(forAssertion)).rejects.toMatchObject({ code: 'passkey_refused' });
  expect(await count()).toBe(1);
});

test('refuses a credential that another user has', async () => {
  const other = await addPasskeyUser(nobody);
  const response = other.authenticator.create(await beginEnrolment(user, session));
  await expect(enrolWith(response)).rejects.toMatchObject({ kind: 'conflict', code: 'passkey_known' });
  expect(await nobody.db.passkey.findUnique({ where: { id: other.passkeyId } })).toMatchObject({
    userId: other.userId,
  });
});

test('refuses malformed responses and names without storing anything', async () => {
  const good = createAuthenticator().create(await beginEnrolment(user, session));
  const bad: unknown[] = [
    null,
    'x',
    [],
    {},
    { ...good, id: '\0' },
    { ...good, id: 'x'.repeat(2000) },
    { ...good, type: 'password' },
    { ...good, response: { ...good.response, attestationObject: 'AAAA' } },
    { ...good, response: { ...good.response, clientDataJSON: 'AAAA' } },
    { ...good, response: { ...good.response, transports: ['\0'] } },
    { ...good, response: ['__proto__'] },
  ];
  for (const response of bad) {
    await expect(enrolWith(response), JSON.stringify(response)).rejects.toMatchObject({ kind: 'invalid' });
  }
  for (const name of ['', '   ', 'x'.repeat(61), 'a\0b', 'a\nb', ['x'], null, 7]) {
    await expect(enrolWith(good, name), JSON.stringify(name)).rejects.toMatchObject({ code: 'name_invalid' });
  }
  expect(await count()).toBe(0);
  await enrolWith(createAuthenticator().create(await beginEnrolment(user, session)));
  expect(await count()).toBe(1);
});

test('refuses a request without a user, and another user’s session', async () => {
  const foreign = await addSession(nobody, await addUser(nobody));
  await expect(beginEnrolment(nobody, session)).rejects.toMatchObject({ kind: 'unauthenticated' });
  await expect(beginEnrolment(user, foreign)).rejects.toMatchObject({ kind: 'unauthenticated' });
  const response = createAuthenticator().create(await beginEnrolment(user, session));
  await expect(enrolPasskey(nobody, { sessionId: session.sessionId, name: 'x', response })).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
  await expect(enrolPasskey(user, { sessionId: foreign.sessionId, name: 'x', response })).rejects.toMatchObject({
    code: 'passkey_refused',
  });
  await enrolWith(response);
});

test(`a user has at most ${MAX_PASSKEYS} passkeys, also when several are added at once`, async () => {
  await enrol(user, session, createAuthenticator());
  await nobody.db.passkey.createMany({
    data: Array.from({ length: MAX_PASSKEYS - 2 }, (_, index) => ({
      userId: session.userId,
      credentialId: Buffer.from(`${session.userId} ${index}`),
      publicKey: Buffer.from('x'),
      counter: 0,
      transports: [],
      name: 'x',
      createdAt: new Date(),
    })),
  });
  const sessions = [session, await addSession(nobody, session.userId)] as const;
  await nobody.db.session.updateMany({ where: { userId: session.userId }, data: { secondFactorAt: new Date() } });
  const responses = await Promise.all(
    sessions.map(async (one) => ({ one, response: createAuthenticator().create(await beginEnrolment(user, one)) })),
  );
  const answers = await Promise.allSettled(
    responses.map(({ one, response }) => enrolPasskey(user, { sessionId: one.sessionId, name: 'x', response })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await count()).toBe(MAX_PASSKEYS);
  await expect(beginEnrolment(user, session)).rejects.toMatchObject({ code: 'too_many_passkeys' });
});
