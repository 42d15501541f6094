import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { addUser } from '#lib/testing/link-person';
import { addPasskeyUser } from '#lib/testing/passkey-user';
import { recordSignIn } from './record-sign-in.ts';
import { resolveOpenIdUser } from './resolve-open-id-user.ts';

let ctx: Context;
beforeAll(async () => {
  ctx = await createContext({ actor: { kind: 'nobody' }, callerAddress: '81.2.69.160' });
});

const someone = () => `${randomSecret().toLowerCase()}@example.com`;
const as = (email: string, subject: string = randomUUID()) => ({ subject, email, name: 'Ann' });
const userOf = (id: string) => ctx.db.user.findUniqueOrThrow({ where: { id }, include: { signIns: true } });
const actionsOf = async (personId: string) =>
  (await ctx.db.auditEntry.findMany({ where: { personId }, orderBy: { id: 'asc' } })).map(({ action }) => action);

const noticesOf = async (userId: string) =>
  (
    await ctx.db.$queryRaw<{ notice: string }[]>`
      select data->>'notice' as notice from pgboss.job
      where name = 'user.security-notice' and data->>'userId' = ${userId}`
  ).map(({ notice }) => notice);

/** A user who signed in by mail first. */
async function byMail(email: string, isVerified = true): Promise<string> {
  const now = new Date();
  const data = { email, createdAt: now, emailVerifiedAt: isVerified ? now : null };
  return (await ctx.db.user.create({ data, select: { id: true } })).id;
}

test('a new subject with a new address becomes a user with a verified address', async () => {
  const claims = as(someone());
  const id = await resolveOpenIdUser(ctx, claims);
  expect(await userOf(id)).toMatchObject({
    email: claims.email,
    name: 'Ann',
    emailVerifiedAt: expect.any(Date),
    role: 'user',
  });
  expect(await resolveOpenIdUser(ctx, claims)).toBe(id);
  expect(await noticesOf(id)).toEqual([]);
});

test('first by mail, then by the provider with the same verified address: one user, linked and audited once', async () => {
  const email = someone();
  const id = await byMail(email);
  const claims = as(email);
  expect(await resolveOpenIdUser(ctx, claims)).toBe(id);
  expect(await resolveOpenIdUser(ctx, claims)).toBe(id);
  expect((await userOf(id)).signIns).toMatchObject([{ provider: 'oidc', providerAccountId: claims.subject, email }]);
  expect(await actionsOf(id)).toEqual(['user.sign_in_linked']);
  expect(await noticesOf(id)).toEqual(['sign_in_linked']);
});

test('a user who has a passkey is not linked, and the account stays as it is', async () => {
  const { userId } = await addPasskeyUser(ctx);
  const email = someone();
  await ctx.db.user.update({ where: { id: userId }, data: { email, emailVerifiedAt: new Date(), role: 'admin' } });
  const before = await userOf(userId);
  const linking = () => resolveOpenIdUser(ctx, as(email));
  await expect(linking()).rejects.toMatchObject({ kind: 'forbidden', code: 'passkey_needed' });
  expect(await userOf(userId)).toEqual(before);
  expect(await actionsOf(userId)).not.toContain('user.sign_in_linked');
  expect(await noticesOf(userId)).toEqual(['passkey_added']);
  await ctx.db.passkey.deleteMany({ where: { userId } });
  expect(await linking()).toBe(userId);
});

test('the address and the role of a user who has a passkey stay when the provider states another address', async () => {
  const { userId } = await addPasskeyUser(ctx);
  const [old, now, subject] = [someone(), someone(), randomUUID()];
  await ctx.db.user.update({ where: { id: userId }, data: { email: old, role: 'admin' } });
  const identity = { userId, provider: 'oidc', providerAccountId: subject, email: old };
  await ctx.db.signInAccount.create({ data: identity });
  const before = await userOf(userId);
  // Signing in goes on: the passkey is still to come.
  expect(await resolveOpenIdUser(ctx, as(now, subject))).toBe(userId);
  expect(await userOf(userId)).toEqual(before);
  expect(await ctx.db.emailChange.count({ where: { userId } })).toBe(0);
  await ctx.db.passkey.deleteMany({ where: { userId } });
  await resolveOpenIdUser(ctx, as(now, subject));
  expect(await userOf(userId)).toMatchObject({ email: now, role: 'user' });
});

test('an address that nobody has proven to hold here is not linked', async () => {
  const email = someone();
  const id = await byMail(email, false);
  await expect(resolveOpenIdUser(ctx, as(email))).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'account_unverified',
  });
  expect((await userOf(id)).signIns).toEqual([]);
  // Once it is proven, it is linked.
  await ctx.db.user.update({ where: { id }, data: { emailVerifiedAt: new Date() } });
  expect(await resolveOpenIdUser(ctx, as(email))).toBe(id);
});

test('an address that the provider gave to another person does not open the account of the first one', async () => {
  const email = someone();
  const first = as(email);
  const id = await resolveOpenIdUser(ctx, first);
  await expect(resolveOpenIdUser(ctx, as(email))).rejects.toMatchObject({ kind: 'forbidden', code: 'other_identity' });
  expect((await userOf(id)).signIns).toHaveLength(1);
  expect(await resolveOpenIdUser(ctx, first)).toBe(id);
});

test('two first sign-ins at once make one user with one identity', async () => {
  const claims = as(someone());
  const ids = await Promise.all([1, 2, 3].map(() => resolveOpenIdUser(ctx, claims)));
  expect(new Set(ids).size).toBe(1);
  expect((await userOf(ids[0] ?? '')).signIns).toHaveLength(1);
});

test('another verified address of the same subject becomes the user’s, audited, with a notice to the old one', async () => {
  const [old, now, subject] = [someone(), someone(), randomUUID()];
  const id = await resolveOpenIdUser(ctx, as(old, subject));
  expect(await resolveOpenIdUser(ctx, as(now, subject))).toBe(id);
  expect(await userOf(id)).toMatchObject({ email: now, signIns: [{ email: now }] });
  const entries = await ctx.db.auditEntry.findMany({ where: { personId: id } });
  expect(entries).toMatchObject([
    {
      action: 'user.email_changed',
      actorKind: 'user',
      actorId: id,
      callerAddress: '81.2.69.0/24',
      after: { method: 'oidc' },
    },
  ]);
  const change = await ctx.db.emailChange.findFirstOrThrow({ where: { userId: id } });
  expect(change).toMatchObject({ oldEmail: old, newEmail: now, changedAt: expect.any(Date) });
  const jobs = await ctx.db.$queryRaw<{ data: unknown }[]>`
    select data from pgboss.job where name = 'email_change.notify' and singleton_key = ${change.id}`;
  expect(jobs).toEqual([{ data: { emailChangeId: change.id } }]);
  // The old address is free, and belongs to nobody's account by itself.
  expect(await resolveOpenIdUser(ctx, as(old))).not.toBe(id);
});

test('an address that the user chose here stays when the provider goes on to state its own', async () => {
  const [ofProvider, chosen, later, subject] = [someone(), someone(), someone(), randomUUID()];
  const id = await resolveOpenIdUser(ctx, as(ofProvider, subject));
  await ctx.db.user.update({ where: { id }, data: { email: chosen } });
  expect(await resolveOpenIdUser(ctx, as(ofProvider, subject))).toBe(id);
  expect(await resolveOpenIdUser(ctx, as(later, subject))).toBe(id);
  expect((await userOf(id)).email).toBe(chosen);
});

test('the address of another user is not taken over, and the sign-in works without it', async () => {
  const [old, taken, subject] = [someone(), someone(), randomUUID()];
  const other = await byMail(taken);
  const id = await resolveOpenIdUser(ctx, as(old, subject));
  expect(await resolveOpenIdUser(ctx, as(taken, subject))).toBe(id);
  expect((await userOf(id)).email).toBe(old);
  expect((await userOf(other)).signIns).toEqual([]);
  // When it becomes free, the next sign-in takes it.
  await ctx.db.user.delete({ where: { id: other } });
  await resolveOpenIdUser(ctx, as(taken, subject));
  expect((await userOf(id)).email).toBe(taken);
});

test('an identity that an earlier release stored follows a changed address too', async () => {
  const [old, now, subject] = [someone(), someone(), randomUUID()];
  const id = await resolveOpenIdUser(ctx, as(old, subject));
  await ctx.db.signInAccount.updateMany({ where: { userId: id }, data: { email: null } });
  await resolveOpenIdUser(ctx, as(now, subject));
  expect((await userOf(id)).email).toBe(now);
});

test('an admin’s address gives the role only to a sign-in that proves it', async () => {
  const listed = env().adminEmails[0] ?? '';
  await ctx.db.user.deleteMany({ where: { email: listed } });
  const userId = await addUser(ctx);
  await ctx.db.user.update({ where: { id: userId }, data: { email: listed } });
  const signIn = (isEmailProven: boolean) =>
    recordSignIn(ctx, { userId, email: listed, method: 'oidc', isEmailProven }).then(() => userOf(userId));
  expect((await signIn(false)).role).toBe('user');
  expect((await signIn(true)).role).toBe('admin');
  // A later sign-in by other means takes nothing away.
  expect((await signIn(false)).role).toBe('admin');
  await ctx.db.user.delete({ where: { id: userId } });
});
