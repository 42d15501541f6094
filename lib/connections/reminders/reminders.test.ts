import { spawn } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeEmail } from '#lib/auth/change-email';
import { beginStop, type StopReason } from '#lib/connections/begin-stop';
import { finishStop } from '#lib/connections/finish-stop';
import { setReminders } from '#lib/connections/preferences';
import { dropRenewal } from '#lib/connections/renewal';
import { settleStatus } from '#lib/connections/settle-status';
import { storeTokens } from '#lib/connections/tokens';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { type MailServer, startMailServer } from '#lib/testing/mail-server';
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time/span';
import { planReminders } from './plan-reminders.ts';
import { sendReminders } from './send-reminders.ts';
import { unsubscribe, unsubscribeToken } from './unsubscribe.ts';

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
  process.env.SMTP_URL = server.url;
});
afterAll(() => server.close());
beforeEach(() => {
  server.onMail = (answer) => answer();
});

const BEGIN = new Date('2027-01-05T12:00:00.000Z');
const END = addMs(BEGIN, 90 * DAY_MS);

async function at(now: Date): Promise<Context> {
  return createContext({ actor: { kind: 'system', job: 'test' }, clock: { now: () => now } });
}

const before = (daysLeft: number) => at(addMs(END, -daysLeft * DAY_MS));

async function aConsent() {
  const system = await at(BEGIN);
  const userId = await addUser(system);
  const connectionId = await addBareConnection(system, { userId, bankId: 'ob-reminded' });
  await settle(system, connectionId, { consentExpiresAt: END });
  return { userId, connectionId, email: `${userId}@example.com` };
}

async function settle(ctx: Context, connectionId: string, facts: Parameters<typeof settleStatus>[2]['facts']) {
  await inTransaction(ctx, (tx) => settleStatus(tx, connectionId, { facts: facts ?? {}, reason: 'test' }));
}

async function run(ctx: Context): Promise<void> {
  await planReminders(ctx);
  await sendReminders(ctx);
}

const mailsTo = (email: string) => server.mails.filter(({ to }) => JSON.stringify(to).includes(email));
const statesOf = async (ctx: Context, connectionId: string) =>
  (await ctx.db.reminder.findMany({ where: { connectionId }, orderBy: { plannedAt: 'asc' } })).map(
    ({ kind, daysBefore, state }) => `${kind} ${daysBefore} ${state}`,
  );

test('each of the five is sent once, however often and by however many workers it is looked at', async () => {
  const { connectionId, email } = await aConsent();
  for (const daysLeft of [20, 14, 13, 7, 6.5, 3, 1, 0.2, 0.1, -0.5]) {
    const ctx = await before(daysLeft);
    await Promise.all([run(ctx), run(ctx)]);
    await run(ctx);
  }
  expect(await statesOf(await before(0), connectionId)).toEqual([14, 7, 3, 1, 0].map((days) => `ends ${days} sent`));
  expect(mailsTo(email).map(({ subject }) => subject)).toEqual(
    ['in 14 days', 'in 7 days', 'in 3 days', 'tomorrow', 'today'].map(
      (when) => `Sharing ob-reminded with Linkwell ends ${when}`,
    ),
  );
  const mail = mailsTo(email)[0];
  expect(mail?.text).toContain(`/connections/${connectionId}/reconfirm`);
  expect(mail?.attachments[0]).toMatchObject({ filename: 'permission-ends.ics', contentType: 'text/calendar' });
  expect(mail?.headers.get('list')).toMatchObject({
    unsubscribe: { url: expect.stringContaining('/api/unsubscribe/') },
    'unsubscribe-post': { name: 'List-Unsubscribe=One-Click' },
  });
});

test('a reminder goes to the address that the user has when it is sent', async () => {
  const { userId, connectionId, email } = await aConsent();
  const to = `new-${email}`;
  const ctx = await before(14);
  await planReminders(ctx);
  await inTransaction(ctx, (tx) => changeEmail(tx, { userId, from: email, to }));
  await sendReminders(ctx);
  expect(await statesOf(ctx, connectionId)).toEqual(['ends 14 sent']);
  expect(server.mails.filter(({ to: sent }) => JSON.stringify(sent).includes(`"${email}"`))).toEqual([]);
  expect(mailsTo(to)).toHaveLength(1);
});

test('a renewal ends the reminders, and who was reminded hears that all is clear, once', async () => {
  const { connectionId, email } = await aConsent();
  await run(await before(14));
  const later = await before(10);
  await settle(later, connectionId, { consentExpiresAt: addMs(END, 80 * DAY_MS) });
  for (const daysLeft of [10, 7, 3]) await run(await before(daysLeft));
  expect(mailsTo(email).map(({ subject }) => subject)).toEqual([
    'Sharing ob-reminded with Linkwell ends in 14 days',
    'All clear: you go on sharing ob-reminded',
  ]);
});

test('a renewal between planning and sending is seen: nothing is sent of an end that isn’t one', async () => {
  const { connectionId, email } = await aConsent();
  const ctx = await before(14);
  await planReminders(ctx);
  await settle(ctx, connectionId, { consentExpiresAt: addMs(END, 80 * DAY_MS) });
  await sendReminders(ctx);
  expect(mailsTo(email)).toEqual([]);
  expect(await statesOf(ctx, connectionId)).toEqual(['ends 14 dropped']);
});

test('who was never reminded gets no all-clear, and who doesn’t want reminders gets none at all', async () => {
  const quiet = await aConsent();
  await settle(await before(30), quiet.connectionId, { consentExpiresAt: addMs(END, 60 * DAY_MS) });
  const unwilling = await aConsent();
  const ctx = await before(14);
  await setReminders(actingAs(ctx, { kind: 'user', userId: unwilling.userId }), { wantsReminders: false });
  await run(ctx);
  expect([...mailsTo(quiet.email), ...mailsTo(unwilling.email)]).toEqual([]);
  await setReminders(actingAs(ctx, { kind: 'user', userId: unwilling.userId }), { wantsReminders: true });
  await run(ctx);
  expect(mailsTo(unwilling.email)).toHaveLength(1);
});

test('one click from the mail ends them; a token that was tampered with does nothing', async () => {
  const { userId, email } = await aConsent();
  const ctx = await before(14);
  const anonymous = actingAs(ctx, { kind: 'webhook', name: 'unsubscribe' });
  const token = unsubscribeToken(userId);
  const other = unsubscribeToken(await addUser(ctx));
  for (const forged of [`${token.slice(0, 20)}${other.slice(20)}`, token.slice(2), 'x', '']) {
    await expect(unsubscribe(anonymous, forged)).rejects.toMatchObject({ kind: 'not_found' });
  }
  await unsubscribe(anonymous, token);
  await unsubscribe(anonymous, token);
  await run(ctx);
  expect(mailsTo(email)).toEqual([]);
  expect(await ctx.db.auditEntry.count({ where: { personId: userId, action: 'person.reminders_changed' } })).toBe(1);
});

test('a mail server that is away is tried again; one that breaks off after the mail is not', async () => {
  const { connectionId, email } = await aConsent();
  const ctx = await before(14);
  const { sendOneWith } = await import('./send-reminders.ts');
  await planReminders(ctx);
  const { id } = await ctx.db.reminder.findFirstOrThrow({ where: { connectionId }, select: { id: true } });
  const refused = Object.assign(new Error('connection refused'), { command: 'CONN' });
  await sendOneWith(ctx, id, () => Promise.reject(refused));
  expect(await statesOf(ctx, connectionId)).toEqual(['ends 14 planned']);
  await sendReminders(ctx);
  expect(mailsTo(email)).toEqual([]);
  const lost = Object.assign(new Error('timeout'), { command: 'DATA' });
  await sendOneWith(ctx, id, () => Promise.reject(lost));
  expect(await statesOf(ctx, connectionId)).toEqual(['ends 14 unknown']);
  await run(await at(addMs(END, -14 * DAY_MS + HOUR_MS)));
  expect(mailsTo(email)).toEqual([]);
});

test('a worker that is killed between sending and noting leaves a mail that nobody sends again', async () => {
  const { connectionId, email } = await aConsent();
  const ctx = await before(14);
  await planReminders(ctx);
  const script = `
    const { createContext } = await import('#lib/context/context');
    const { sendReminders } = await import('#lib/connections/reminders/send-reminders');
    const now = new Date(${ctx.clock.now().getTime()});
    await sendReminders(await createContext({ actor: { kind: 'system', job: 'test' }, clock: { now: () => now } }));`;
  const args = ['--conditions=react-server', '--input-type=module', '--eval', script];
  const worker = spawn(process.execPath, args, { cwd: process.cwd(), env: process.env, stdio: 'ignore' });
  const died = new Promise((resolve) => worker.once('exit', (_, signal) => resolve(signal)));
  // The mail is in the server's hands, and the answer never comes.
  server.onMail = () => worker.kill('SIGKILL');
  expect(await died).toBe('SIGKILL');
  expect(mailsTo(email)).toHaveLength(1);
  expect(await statesOf(ctx, connectionId)).toEqual(['ends 14 sending']);
  server.onMail = (answer) => answer();
  await run(ctx);
  await run(await at(addMs(END, -14 * DAY_MS + 11 * MINUTE_MS)));
  expect(await statesOf(ctx, connectionId)).toEqual(['ends 14 unknown']);
  expect(mailsTo(email)).toHaveLength(1);
});

test('what was seen to and then came to nothing is reminded of again', async () => {
  const [believed, renewing] = [await aConsent(), await aConsent()];
  const ctx = await before(8);
  await settle(ctx, believed.connectionId, { endPendingSince: ctx.clock.now() });
  const tokens = { accessToken: 'a', refreshToken: null, expiresInSeconds: 3600, permissions: null };
  const incoming = { connectionId: renewing.connectionId, role: 'incoming', credentialsId: null, tokens } as const;
  await inTransaction(ctx, (tx) => storeTokens(tx, incoming));
  for (const daysLeft of [8, 7]) await run(await before(daysLeft));
  // TrueLayer has told no new end for two days; and the renewal was refused when it was first used.
  const later = await before(5.5);
  await inTransaction(later, (tx) => dropRenewal(tx, { connectionId: renewing.connectionId, code: 'refused' }));
  for (const daysLeft of [5.5, 3]) await run(await before(daysLeft));
  for (const { email } of [believed, renewing])
    expect(mailsTo(email).at(-1)?.subject).toBe('Sharing ob-reminded with Linkwell ends in 3 days');
});

test('who linked the same login anew hears that sharing goes on, and not that they have stopped', async () => {
  const { userId, connectionId, email } = await aConsent();
  await run(await before(14));
  const later = await before(10);
  const newer = await addBareConnection(later, { userId, bankId: 'ob-reminded' });
  await later.db.connection.update({ where: { id: connectionId }, data: { replacedById: newer } });
  await settle(later, connectionId, { endedAt: later.clock.now() });
  await run(await before(10));
  const mail = mailsTo(email).at(-1);
  expect(mail?.subject).toBe('All clear: you go on sharing ob-reminded');
  expect(mail?.text).toContain(`/connections/${newer}`);
});

test.each<[StopReason, string]>([
  ['stopped_by_person', 'You have stopped sharing ob-reminded'],
  ['revoked_by_team', 'The Linkwell team has ended the sharing of ob-reminded'],
])('whose sharing was %s hears who ended it', async (reason, subject) => {
  const { connectionId, email } = await aConsent();
  await run(await before(14));
  const later = await before(10);
  await inTransaction(later, (tx) => beginStop(tx, connectionId, { erases: false, reason }));
  await finishStop(later, connectionId);
  await run(await before(10));
  expect(mailsTo(email).at(-1)?.subject).toBe(subject);
});
