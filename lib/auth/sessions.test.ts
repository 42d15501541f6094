import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { hashOf } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { addUser } from '#lib/testing/link-person';
import { DAY_MS, HOUR_MS } from '#lib/time/span';
import { adapter } from './adapter.ts';
import { recordPeer } from './client-address.ts';
import { isFresh } from './session-life.ts';
import { endAllSessions, endSession, endSessionOfToken, listSessions } from './sessions.ts';

let sent = new Headers();
vi.mock('next/headers', () => ({ headers: () => Promise.resolve(sent) }));

let nobody: Context;
let userId: string;
let user: Context;
beforeAll(async () => {
  nobody = await createContext({ actor: { kind: 'nobody' }, callerAddress: '81.2.69.160' });
});
beforeEach(async () => {
  userId = await addUser(nobody);
  user = actingAs(nobody, { kind: 'user', userId });
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
  recordPeer({ headers, socket: { remoteAddress: '81.2.69.160' } });
  sent = new Headers(headers);
});

const ago = (ms: number) => new Date(Date.now() - ms);

/** Signs `ownerId` in as next-auth does; `createdAt` lets the sign-in be some time ago. */
async function addSession(ownerId = userId, createdAt = new Date(), expiresAt = ago(-30 * DAY_MS)) {
  const token = randomUUID();
  await adapter.createSession({ sessionToken: token, userId: ownerId, expires: expiresAt });
  const { id } = await nobody.db.session.update({ where: { tokenHash: hashOf(token) }, data: { createdAt } });
  return { id, token };
}

async function anAdmin(): Promise<string> {
  const email = env().adminEmails[0] ?? '';
  const { id } = await nobody.db.user.upsert({
    where: { email },
    create: { email, role: 'admin', createdAt: new Date() },
    update: { role: 'admin' },
    select: { id: true },
  });
  return id;
}

const isOpen = async (token: string) => {
  const found = await adapter.getSessionAndUser(token);
  return found !== null && found.session.expires > new Date();
};

test('a user’s session ends 30 days after the sign-in, even if its row says later', async () => {
  const later = ago(-400 * DAY_MS);
  const [old, recent] = [
    await addSession(userId, ago(30 * DAY_MS + 1000), later),
    await addSession(userId, ago(29 * DAY_MS), later),
  ];
  expect(await isOpen(old.token)).toBe(false);
  expect(await isOpen(recent.token)).toBe(true);
  expect((await listSessions(user)).map(({ id }) => id)).toEqual([recent.id]);
});

test('an admin’s session ends 12 hours after the sign-in, a user’s of that age does not', async () => {
  const adminId = await anAdmin();
  const [old, recent, users] = [
    await addSession(adminId, ago(12 * HOUR_MS + 1000)),
    await addSession(adminId, ago(11 * HOUR_MS)),
    await addSession(userId, ago(12 * HOUR_MS + 1000)),
  ];
  expect([await isOpen(old.token), await isOpen(recent.token), await isOpen(users.token)]).toEqual([false, true, true]);
});

test('renewal does not pass the absolute end', async () => {
  const createdAt = ago(29 * DAY_MS);
  const { id, token } = await addSession(userId, createdAt);
  await adapter.updateSession({ sessionToken: token, expires: ago(-30 * DAY_MS) });
  const { expiresAt } = await nobody.db.session.findUniqueOrThrow({ where: { id } });
  expect(expiresAt).toEqual(new Date(createdAt.getTime() + 30 * DAY_MS));
});

test('lists where a user is signed in, with device, network and last use, and nobody else’s sessions', async () => {
  const { id, token } = await addSession(userId, ago(HOUR_MS));
  await addSession(await addUser(nobody));
  const [before] = await listSessions(user);
  expect(before).toMatchObject({ id, device: 'Firefox on Linux', network: '81.2.69.0/24' });
  expect(before?.lastUsedAt).toEqual(before?.createdAt);
  const found = await adapter.getSessionAndUser(token);
  expect(found?.user).toMatchObject({ sessionId: id, signedInAt: before?.createdAt });
  const [after] = await listSessions(user);
  expect(after?.lastUsedAt.getTime()).toBeGreaterThan(Date.now() - HOUR_MS / 2);
  expect(await listSessions(user)).toHaveLength(1);
});

test('signs one device out, and records it', async () => {
  const [one, other] = [await addSession(), await addSession()];
  await endSession(user, { sessionId: one.id });
  expect([await isOpen(one.token), await isOpen(other.token)]).toEqual([false, true]);
  expect(await nobody.db.auditEntry.findMany({ where: { personId: userId } })).toMatchObject([
    { action: 'user.session_ended', actorId: userId, subjectId: one.id, callerAddress: '81.2.69.0/24' },
  ]);
});

test('another user’s session is refused like one that does not exist', async () => {
  const foreign = await addSession(await addUser(nobody));
  for (const sessionId of [foreign.id, randomUUID(), 'x', '']) {
    await expect(endSession(user, { sessionId }), sessionId).rejects.toMatchObject({ kind: 'not_found' });
  }
  await expect(endSession(nobody, { sessionId: foreign.id })).rejects.toMatchObject({ kind: 'unauthenticated' });
  expect(await isOpen(foreign.token)).toBe(true);
});

test('signs a user out everywhere and nobody else, and records it', async () => {
  const [one, other, foreign] = [await addSession(), await addSession(), await addSession(await addUser(nobody))];
  await expect(endAllSessions(nobody)).rejects.toMatchObject({ kind: 'unauthenticated' });
  await endAllSessions(user);
  expect([await isOpen(one.token), await isOpen(other.token), await isOpen(foreign.token)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(await nobody.db.auditEntry.findMany({ where: { personId: userId } })).toMatchObject([
    { action: 'user.sessions_ended', after: { sessions: 2 } },
  ]);
});

test('signing out ends the session of the token and is recorded once', async () => {
  const [one, other] = [await addSession(), await addSession()];
  const hash = hashOf(one.token);
  await Promise.all([endSessionOfToken(nobody, hash), endSessionOfToken(nobody, hash)]);
  await endSessionOfToken(nobody, hashOf('unknown'));
  expect([await isOpen(one.token), await isOpen(other.token)]).toEqual([false, true]);
  expect(await nobody.db.auditEntry.findMany({ where: { personId: userId } })).toMatchObject([
    { action: 'user.signed_out', actorKind: 'user', actorId: userId, subjectId: one.id, callerAddress: '81.2.69.0/24' },
  ]);
});

test('a sign-in is fresh for 10 minutes', () => {
  const now = new Date();
  expect(isFresh(new Date(now.getTime() - 10 * 60_000), now)).toBe(true);
  expect(isFresh(new Date(now.getTime() - 10 * 60_000 - 1), now)).toBe(false);
});
