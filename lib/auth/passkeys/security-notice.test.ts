import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { sendMail } from '#lib/mail/send-mail';
import { addUser } from '#lib/testing/link-person';
import { sendSecurityNotice } from './security-notice.ts';

vi.mock('#lib/mail/send-mail', () => ({ sendMail: vi.fn() }));

let system: Context;
beforeAll(async () => {
  system = await createContext({ actor: { kind: 'system', job: 'user.security-notice' } });
});
afterEach(() => vi.mocked(sendMail).mockClear());

const at = '2026-11-28T20:14:05.000Z';

test('tells the user what changed, when, and where to check it', async () => {
  const userId = await addUser(system);
  await sendSecurityNotice(system, { userId, notice: 'passkey_added', at });
  expect(vi.mocked(sendMail).mock.calls).toHaveLength(1);
  const [mail] = vi.mocked(sendMail).mock.calls[0] ?? [];
  expect(mail).toMatchObject({ to: `${userId}@example.com`, subject: 'A passkey was added to your account' });
  expect(mail?.text).toContain('28 November 2026 at 20:14:05');
  expect(mail?.text).toContain(`${env().appUrl}/account/security`);
});

test('says what to do when somebody else has linked single sign-on', async () => {
  const userId = await addUser(system);
  await sendSecurityNotice(system, { userId, notice: 'sign_in_linked', at });
  const [mail] = vi.mocked(sendMail).mock.calls[0] ?? [];
  expect(mail).toMatchObject({ subject: 'Single sign-on was added to your account' });
  expect(mail?.text.replace(/\s+/g, ' ')).toContain('add a passkey at once: single sign-on alone then opens nothing');
});

test('sends nothing to a user who is leaving or has left', async () => {
  const userId = await addUser(system);
  await system.db.user.update({ where: { id: userId }, data: { leavingAt: new Date(), leavingReference: userId } });
  await sendSecurityNotice(system, { userId, notice: 'passkey_removed', at });
  await system.db.user.delete({ where: { id: userId } });
  await sendSecurityNotice(system, { userId, notice: 'passkey_removed', at });
  expect(sendMail).not.toHaveBeenCalled();
});

test('is a job’s work only', async () => {
  const userId = await addUser(system);
  const user = actingAs(system, { kind: 'user', userId });
  await expect(sendSecurityNotice(user, { userId, notice: 'passkey_added', at })).rejects.toMatchObject({
    kind: 'forbidden',
  });
  expect(sendMail).not.toHaveBeenCalled();
});
