import { randomInt } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { exportEntries } from '#lib/admin/audit/export-entries';
import { parseAuditFilter } from '#lib/admin/audit/filter';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { addUser } from '#lib/testing/link-person';
import { recordFailedSignIn, recordSignIn } from './record-sign-in.ts';

let nobody: Context;
beforeAll(async () => {
  nobody = await createContext({ actor: { kind: 'nobody' } });
});

/** A network that no other test uses. */
const somewhere = () => `11.${randomInt(256)}.${randomInt(256)}.77`;
const from = (callerAddress: string): Context => ({ ...nobody, callerAddress });
const entriesOf = (personId: string) =>
  nobody.db.auditEntry.findMany({ where: { personId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });

test('records a sign-in with the user and the network it came from', async () => {
  const userId = await addUser(nobody);
  await recordSignIn(from('81.2.69.160'), {
    userId,
    email: `${userId}@example.com`,
    method: 'email',
    isEmailProven: true,
  });
  expect(await entriesOf(userId)).toMatchObject([
    {
      action: 'user.signed_in',
      actorKind: 'user',
      actorId: userId,
      callerAddress: '81.2.69.0/24',
      after: { method: 'email' },
    },
  ]);
});

test('records an admin with the whole address, and the change of role once', async () => {
  const email = env().adminEmails[0] ?? '';
  expect(email).not.toBe('');
  const { id: userId } = await nobody.db.user.upsert({
    where: { email },
    create: { email, createdAt: new Date() },
    update: { role: 'user' },
    select: { id: true },
  });
  const before = (await entriesOf(userId)).length;
  await recordSignIn(from('81.2.69.160'), { userId, email, method: 'oidc', isEmailProven: true });
  await recordSignIn(from('81.2.69.160'), { userId, email, method: 'oidc', isEmailProven: true });
  const entries = (await entriesOf(userId)).slice(before);
  expect(entries.map(({ action, callerAddress }) => [action, callerAddress])).toEqual([
    ['user.role_changed', '81.2.69.160'],
    ['user.signed_in', '81.2.69.160'],
    ['user.signed_in', '81.2.69.160'],
  ]);
  expect(entries[0]).toMatchObject({ before: { role: 'user' }, after: { role: 'admin' } });
  expect(await nobody.db.user.findUnique({ where: { id: userId } })).toMatchObject({ role: 'admin' });
});

test('takes the role from an admin who is not listed any more, and records that', async () => {
  const userId = await addUser(nobody);
  await nobody.db.user.update({ where: { id: userId }, data: { role: 'admin' } });
  await recordSignIn(nobody, { userId, email: `${userId}@example.com`, method: 'email', isEmailProven: true });
  expect(await entriesOf(userId)).toMatchObject([
    { action: 'user.role_changed', before: { role: 'admin' }, after: { role: 'user' } },
    { action: 'user.signed_in', callerAddress: null },
  ]);
});

test('records failed sign-ins of a user, at most 5 an hour however many networks they come from', async () => {
  const userId = await addUser(nobody);
  const email = `${userId}@Example.com`;
  for (let times = 0; times < 8; times++) {
    await recordFailedSignIn(from(somewhere()), { method: 'email', code: 'Verification', email });
  }
  const entries = await entriesOf(userId);
  expect(entries).toHaveLength(5);
  expect(entries[0]).toMatchObject({
    action: 'user.sign_in_failed',
    actorKind: 'nobody',
    actorId: null,
    after: { method: 'email', code: 'Verification' },
  });
});

test('records failed sign-ins of unknown users, at most 5 an hour for a network, and never the address they named', async () => {
  const address = somewhere();
  for (let times = 0; times < 8; times++) {
    const email = `unknown-${times}@example.com`;
    await recordFailedSignIn(from(address), { method: 'email', code: 'not a code\n', email });
  }
  const callerAddress = address.replace(/77$/, '0/24');
  const entries = await nobody.db.auditEntry.findMany({ where: { callerAddress } });
  expect(entries).toHaveLength(5);
  expect(entries[0]).toMatchObject({ personId: null, subjectId: 'email', after: { method: 'email', code: 'unknown' } });
  expect(JSON.stringify(entries)).not.toContain('unknown-');
});

test('the audit as CSV has the address', async () => {
  const userId = await addUser(nobody);
  await recordSignIn(from('2001:db8:1:2::9'), {
    userId,
    email: `${userId}@example.com`,
    method: 'email',
    isEmailProven: true,
  });
  const admin = actingAs(nobody, { kind: 'admin', userId: await addUser(nobody) });
  const lines = await Array.fromAsync(await exportEntries(admin, parseAuditFilter({ q: userId })));
  expect(lines.join('')).toContain('caller_address');
  expect(lines.join('')).toContain('2001:db8:1::/48');
});
