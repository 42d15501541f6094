import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { unsubscribe, unsubscribeToken } from '#lib/connections/reminders/unsubscribe';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { addUser, aSystem } from '#lib/testing/link-person';
import { type MailServer, startMailServer } from '#lib/testing/mail-server';
import { isAdmin } from './admin-role.ts';
import {
  confirmEmailChange,
  confirmEmailChangeCode,
  findEmailChange,
  findPendingEmail,
} from './confirm-email-change.ts';
import { canObject, notifyOldEmail, objectionToken, objectToEmailChange } from './object-to-email-change.ts';
import { recordSignIn } from './record-sign-in.ts';
import { requestEmailChange } from './request-email-change.ts';
import { startSession } from './sessions.ts';

let nobody: Context;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  process.env.SMTP_URL = mail.url;
  nobody = await createContext({ actor: { kind: 'nobody' } });
});
afterAll(() => mail.close());
afterEach(() => {
  mail.mails.length = 0;
});

const someone = () => `${randomSecret().toLowerCase()}@example.com`;

type Person = { ctx: Context; userId: string; email: string; sessionId: string };

async function aPerson(email = someone()): Promise<Person> {
  const userId = await addUser(nobody);
  await nobody.db.user.update({ where: { id: userId }, data: { email, emailVerifiedAt: new Date() } });
  const callerAddress = `11.${randomInt(256)}.${randomInt(256)}.9`;
  const ctx = { ...actingAs(nobody, { kind: 'user', userId }), callerAddress };
  return { ctx, userId, email, sessionId: await aSession(userId) };
}

async function aSession(userId: string): Promise<string> {
  const { token } = await startSession(nobody, { userId, device: null });
  return (await nobody.db.session.findUniqueOrThrow({ where: { tokenHash: hashOf(token) } })).id;
}

const tokenIn = (text: string | undefined, path: string) =>
  new URL(new RegExp(`\\S+${path}\\?\\S+`).exec(text ?? '')?.[0] ?? 'x:').searchParams.get('token') ?? '';

/** Asks for the address; returns the token that only the mail to it contains. */
async function ask({ ctx, sessionId }: Person, email: string): Promise<string> {
  await requestEmailChange(ctx, { email, sessionId });
  expect(mail.mails.at(-1)?.to).toMatchObject({ text: email });
  return tokenIn(mail.mails.at(-1)?.text, '/email-change/confirm');
}

async function codeOf(token: string): Promise<string> {
  const change = await findEmailChange(nobody, { token, sessionId: null });
  return change === null || change.isSameBrowser ? '' : change.code;
}

const emailOf = async ({ userId }: Person) => (await nobody.db.user.findUniqueOrThrow({ where: { id: userId } })).email;
const entriesOf = ({ userId }: Person) =>
  nobody.db.auditEntry.findMany({ where: { personId: userId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
const changeOf = ({ userId }: Person) => nobody.db.emailChange.findFirstOrThrow({ where: { userId } });

/** Changes the address and returns the token of the notice to the old one. */
async function change(person: Person, to: string): Promise<string> {
  await confirmEmailChange(person.ctx, { token: await ask(person, to), sessionId: person.sessionId });
  const made = await nobody.db.emailChange.findFirstOrThrow({
    where: { userId: person.userId },
    orderBy: { changedAt: 'desc' },
  });
  mail.mails.length = 0;
  await notifyOldEmail(await aSystem(), { emailChangeId: made.id });
  return tokenIn(mail.mails.at(-1)?.text, '/email-change/object');
}

test('the address changes when the new one confirms, in the session that asked, once', async () => {
  const person = await aPerson();
  const { ctx, sessionId } = person;
  const elsewhere = await aSession(person.userId);
  const to = someone();
  const token = await ask(person, `  ${to.toUpperCase()} `.trim().toLowerCase());
  expect(await emailOf(person)).toBe(person.email);
  expect(await findPendingEmail(ctx, { sessionId })).toBe(to);
  await confirmEmailChange(ctx, { token, sessionId });
  expect(await emailOf(person)).toBe(to);
  expect(await findPendingEmail(ctx, { sessionId })).toBeNull();
  const sessions = await nobody.db.session.findMany({ where: { userId: person.userId } });
  expect(sessions.map(({ id }) => id)).toEqual([sessionId]);
  expect(sessions.map(({ id }) => id)).not.toContain(elsewhere);
  await expect(confirmEmailChange(ctx, { token, sessionId })).rejects.toMatchObject({ code: 'link_over' });
  expect(await entriesOf(person)).toMatchObject([
    { action: 'user.email_change_requested', actorId: person.userId, callerAddress: expect.stringContaining('/24') },
    {
      action: 'user.email_changed',
      actorKind: 'user',
      actorId: person.userId,
      callerAddress: expect.stringContaining('/24'),
      after: { method: 'account', sessions: 1 },
    },
  ]);
  // Entries are never erased, so they name no address.
  expect(JSON.stringify(await entriesOf(person))).not.toContain('@');
});

test('another session, another user and a scanner confirm nothing and use nothing up', async () => {
  const [person, other] = [await aPerson(), await aPerson()];
  const to = someone();
  const token = await ask(person, to);
  const second = await aSession(person.userId);
  expect(await findEmailChange(nobody, { token, sessionId: null })).toMatchObject({
    isSameBrowser: false,
    newEmail: to,
  });
  const refused = { code: 'other_browser' };
  await expect(confirmEmailChange(person.ctx, { token, sessionId: second })).rejects.toMatchObject(refused);
  await expect(confirmEmailChange(other.ctx, { token, sessionId: other.sessionId })).rejects.toMatchObject(refused);
  // Somebody else who names the session that asked.
  await expect(confirmEmailChange(other.ctx, { token, sessionId: person.sessionId })).rejects.toThrow();
  await expect(confirmEmailChange(nobody, { token, sessionId: person.sessionId })).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
  expect([await emailOf(person), await emailOf(other)]).toEqual([person.email, other.email]);
  await confirmEmailChange(person.ctx, { token, sessionId: person.sessionId });
  expect(await emailOf(person)).toBe(to);
});

test('the code that the link shows elsewhere confirms in the session that asked; five may be typed', async () => {
  const [person, other] = [await aPerson(), await aPerson()];
  const { ctx, sessionId } = person;
  const to = someone();
  const code = await codeOf(await ask(person, to));
  await expect(confirmEmailChangeCode(other.ctx, { code, sessionId: other.sessionId })).rejects.toMatchObject({
    code: 'link_over',
  });
  await expect(confirmEmailChangeCode(ctx, { code: 'no', sessionId })).rejects.toMatchObject({
    code: 'code_malformed',
  });
  for (let time = 0; time < 4; time++) {
    await expect(confirmEmailChangeCode(ctx, { code: 'BBBB-BBBB', sessionId })).rejects.toMatchObject({
      code: 'code_wrong',
    });
  }
  await confirmEmailChangeCode(ctx, { code: code.toLowerCase(), sessionId });
  expect(await emailOf(person)).toBe(to);

  const again = await codeOf(await ask(person, someone()));
  const guesses = Array.from({ length: 7 }, () => confirmEmailChangeCode(ctx, { code: 'BBBB-BBBB', sessionId }));
  const codes = (await Promise.allSettled(guesses)).map((result) => result.status === 'rejected' && result.reason.code);
  expect(codes.filter((one) => one === 'code_wrong')).toHaveLength(5);
  await expect(confirmEmailChangeCode(ctx, { code: again, sessionId })).rejects.toMatchObject({ code: 'link_over' });
});

test('two confirmations at once change the address once', async () => {
  const person = await aPerson();
  const { ctx, sessionId } = person;
  const token = await ask(person, someone());
  const code = await codeOf(token);
  const results = await Promise.allSettled([
    confirmEmailChange(ctx, { token, sessionId }),
    confirmEmailChange(ctx, { token, sessionId }),
    confirmEmailChangeCode(ctx, { code, sessionId }),
  ]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await entriesOf(person)).filter(({ action }) => action === 'user.email_changed')).toHaveLength(1);
});

test('a change ends when it expires, when another is asked for, and with the session that asked', async () => {
  const person = await aPerson();
  const { ctx, sessionId } = person;
  const first = await ask(person, someone());
  const second = await ask(person, someone());
  const over = { code: 'link_over' };
  await expect(confirmEmailChange(ctx, { token: first, sessionId })).rejects.toMatchObject(over);
  await nobody.db.emailChange.updateMany({
    where: { userId: person.userId },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect(await findEmailChange(nobody, { token: second, sessionId: null })).toBeNull();
  await expect(confirmEmailChange(ctx, { token: second, sessionId })).rejects.toMatchObject(over);
  const third = await ask(person, someone());
  await nobody.db.session.delete({ where: { id: sessionId } });
  await expect(confirmEmailChange(ctx, { token: third, sessionId })).rejects.toMatchObject(over);
  expect(await emailOf(person)).toBe(person.email);
});

test('refuses what is no address, and the present one; nothing is mailed', async () => {
  const { ctx, sessionId, email } = await aPerson();
  for (const wrong of ['', 'ann', 'ann@', `${'a'.repeat(300)}@b.example`, 'ann\0@example.com']) {
    await expect(requestEmailChange(ctx, { email: wrong, sessionId })).rejects.toMatchObject({ code: 'email_invalid' });
  }
  await expect(requestEmailChange(ctx, { email: email.toUpperCase(), sessionId })).rejects.toMatchObject({
    code: 'email_unchanged',
  });
  expect(mail.mails).toHaveLength(0);
});

test('at most 5 changes an hour may be asked for', async () => {
  const person = await aPerson();
  for (let time = 0; time < 5; time++) await ask(person, someone());
  await expect(ask(person, someone())).rejects.toMatchObject({ kind: 'rate_limited' });
});

test('whether another user has the address is not revealed; its holder is told, and gets no link', async () => {
  const [person, holder] = [await aPerson(), await aPerson()];
  await requestEmailChange(person.ctx, { email: holder.email, sessionId: person.sessionId });
  expect(await findPendingEmail(person.ctx, { sessionId: person.sessionId })).toBe(holder.email);
  expect(mail.mails.at(-1)).toMatchObject({ to: { text: holder.email } });
  expect(mail.mails.at(-1)?.text).not.toContain('token=');
  await expect(
    confirmEmailChangeCode(person.ctx, { code: 'BBBB-BBBB', sessionId: person.sessionId }),
  ).rejects.toMatchObject({ code: 'code_wrong' });
  expect([await emailOf(person), await emailOf(holder)]).toEqual([person.email, holder.email]);
});

test('an address that somebody took meanwhile is refused, and so it is for one of two at once', async () => {
  const [one, other] = [await aPerson(), await aPerson()];
  const to = someone();
  const tokens = [await ask(one, to), await ask(other, to)];
  const results = await Promise.allSettled(
    [one, other].map(({ ctx, sessionId }, at) => confirmEmailChange(ctx, { token: tokens[at] ?? '', sessionId })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict', code: 'email_taken' });
  }
  expect([await emailOf(one), await emailOf(other)].filter((email) => email === to)).toHaveLength(1);
});

test('the old address gets a notice that hides the new one, and can undo the change once', async () => {
  const person = await aPerson();
  const to = someone();
  const token = await change(person, to);
  expect(mail.mails.at(-1)).toMatchObject({ to: { text: person.email } });
  expect(mail.mails.at(-1)?.text).not.toContain(to);
  expect(await canObject(nobody, token)).toBe(true);
  expect(await objectToEmailChange(nobody, token)).toBe(true);
  expect(await emailOf(person)).toBe(person.email);
  expect(await nobody.db.session.count({ where: { userId: person.userId } })).toBe(0);
  expect((await entriesOf(person)).at(-1)).toMatchObject({
    action: 'user.email_change_objected',
    actorKind: 'nobody',
    after: { restored: true, sessions: 1 },
  });
  await expect(objectToEmailChange(nobody, token)).rejects.toMatchObject({ code: 'objection_over' });
});

test('an objection undoes every later change too, and a later holder cannot undo the objection', async () => {
  const person = await aPerson();
  const [second, third] = [someone(), someone()];
  const first = await change(person, second);
  const ofSecond = await change(person, third);
  expect(await objectToEmailChange(nobody, first)).toBe(true);
  expect(await emailOf(person)).toBe(person.email);
  await expect(objectToEmailChange(nobody, ofSecond)).rejects.toMatchObject({ code: 'objection_over' });
});

test('no objection after 7 days, with a forged token, or before a change is made', async () => {
  const person = await aPerson();
  await ask(person, someone());
  const open = await changeOf(person);
  await expect(objectToEmailChange(nobody, objectionToken(open.id))).rejects.toMatchObject({ code: 'objection_over' });
  const token = await change(person, someone());
  const { id, changedAt, expiresAt } = await changeOf(person);
  expect(expiresAt.getTime() - (changedAt?.getTime() ?? 0)).toBe(7 * 24 * 3600_000);
  for (const forged of ['', id, `${id}.`, `${id}.${randomSecret()}`, objectionToken(randomUUID()), `${id}\0`]) {
    expect(await canObject(nobody, forged)).toBe(false);
    await expect(objectToEmailChange(nobody, forged)).rejects.toMatchObject({ code: 'objection_over' });
  }
  await nobody.db.emailChange.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
  await expect(objectToEmailChange(nobody, token)).rejects.toMatchObject({ code: 'objection_over' });
});

test('an old address that another user has by now is not taken back, but everybody is signed out', async () => {
  const person = await aPerson();
  const token = await change(person, someone());
  const holder = await aPerson(person.email);
  expect(await objectToEmailChange(nobody, token)).toBe(false);
  expect(await emailOf(holder)).toBe(person.email);
  expect(await nobody.db.session.count({ where: { userId: person.userId } })).toBe(0);
});

test('a change to an admin’s address makes no admin until a sign-in proves the address', async () => {
  const listed = env().adminEmails[0] ?? '';
  await nobody.db.user.deleteMany({ where: { email: listed } });
  const person = await aPerson();
  // An admin of earlier, whose address is not listed any more.
  await nobody.db.user.update({ where: { id: person.userId }, data: { role: 'admin' } });
  await change(person, listed);
  const user = () => nobody.db.user.findUniqueOrThrow({ where: { id: person.userId } });
  expect(isAdmin(await user())).toBe(false);
  expect((await entriesOf(person)).map(({ action }) => action)).toContain('user.role_changed');
  const { userId } = person;
  await recordSignIn(nobody, { userId, email: listed, method: 'oidc', isEmailProven: false });
  expect(isAdmin(await user())).toBe(false);
  await recordSignIn(nobody, { userId, email: listed, method: 'email', isEmailProven: true });
  expect(isAdmin(await user())).toBe(true);
  // Away from the listed address the role ends at once.
  await change(person, someone());
  expect(isAdmin(await user())).toBe(false);
  expect(await user()).toMatchObject({ role: 'user' });
});

test('sign-in links that were mailed to the old address end with it; links to unsubscribe go on working', async () => {
  const person = await aPerson();
  const tokenHash = hashOf(randomSecret()).toString('hex');
  const expiresAt = new Date(Date.now() + 60_000);
  await nobody.db.signInLink.create({ data: { email: person.email, tokenHash, browserHash: hashOf('x'), expiresAt } });
  await change(person, someone());
  expect(await nobody.db.signInLink.count({ where: { tokenHash } })).toBe(0);
  await unsubscribe(nobody, unsubscribeToken(person.userId));
  expect(await nobody.db.user.findUnique({ where: { id: person.userId } })).toMatchObject({ wantsReminders: false });
});

test('only a job sends the notice', async () => {
  await expect(notifyOldEmail(nobody, { emailChangeId: randomUUID() })).rejects.toMatchObject({ code: 'system_only' });
  await notifyOldEmail(await aSystem(), { emailChangeId: randomUUID() });
  expect(mail.mails).toHaveLength(0);
});
