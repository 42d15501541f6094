import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { adapter } from '#lib/auth/adapter';
import { adminContext, findCurrentUser, personContext, requestContext } from '#lib/auth/current-user';
import { authOptions } from '#lib/auth/options';
import { isPasskeyRequiredOfAdmins } from '#lib/auth/passkeys/requirement';
import { findPresence } from '#lib/auth/presence';
import { type Context, createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { addUser } from '#lib/testing/link-person';
import { addPasskeyUser, addSession } from '#lib/testing/passkey-user';
import { createAuthenticator } from '#lib/testing/software-authenticator';
import { saveRemindersAction } from './(account)/account/_actions.ts';
import { GET as exportAccount } from './(account)/account/export/route.ts';
import {
  beginEnrolmentAction,
  enrolPasskeyAction,
  removePasskeyAction,
  renamePasskeyAction,
} from './(account)/account/security/_actions.ts';
import { GET as exportAudit } from './(admin)/admin/audit/export/route.ts';
import { changeSettingsAction } from './(admin)/admin/settings/_actions.ts';
import {
  beginAssertionAction,
  redeemRecoveryCodeAction,
  verifyPasskeyAction,
} from './(guest)/sign-in/_passkey-actions.ts';
import { GET as getAttempt } from './api/attempts/[attemptId]/route.ts';

// What the server's build of Next.js resolves the module to.
vi.mock('next/navigation', () => import('next/dist/client/components/navigation.react-server.js'));
vi.mock('next/cache', () => ({ revalidatePath: () => undefined }));

let cookie: string | null = null;
const set = vi.fn();
vi.mock('next/headers', () => ({
  headers: () => Promise.resolve(new Headers({ 'x-linkwell-peer': '127.0.0.1' })),
  cookies: () => Promise.resolve({ set }),
}));
// What next-auth does with a session cookie: the adapter's session, given to the session callback.
vi.mock('next-auth/next', () => ({
  getServerSession: async () => {
    const found = cookie === null ? null : await adapter.getSessionAndUser(cookie);
    const callback = authOptions().callbacks?.session as ((input: unknown) => unknown) | undefined;
    return found === null || found.session.expires < new Date() ? null : callback?.({ session: {}, user: found.user });
  },
}));
vi.mock('#lib/auth/passkeys/requirement', () => ({ isPasskeyRequiredOfAdmins: vi.fn(() => false) }));

let nobody: Context;
let owner: Awaited<ReturnType<typeof addPasskeyUser>>;
beforeAll(async () => {
  nobody = await createContext({ actor: { kind: 'nobody' } });
});
beforeEach(async () => {
  set.mockClear();
  vi.mocked(isPasskeyRequiredOfAdmins).mockReturnValue(false);
  owner = await addPasskeyUser(nobody);
  cookie = (await addSession(nobody, owner.userId)).token;
});

async function makeAdmin(userId: string): Promise<void> {
  const email = env().adminEmails[0] ?? '';
  await nobody.db.user.updateMany({ where: { email }, data: { email: `${Math.random()}@example.com` } });
  await nobody.db.user.update({ where: { id: userId }, data: { email, role: 'admin' } });
}

/** Where `work` redirects, `404` when it says that there is nothing, else what it returns. */
async function answerOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    const value = await work();
    return value instanceof Response ? value.status : value;
  } catch (error) {
    const digest = error instanceof Error && 'digest' in error ? String(error.digest) : '';
    if (digest.startsWith('NEXT_REDIRECT;')) return `to ${digest.split(';')[2]}`;
    if (digest.endsWith(';404')) return '404';
    throw error;
  }
}

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

const ATTEMPT = { params: Promise.resolve({ attemptId: 'x' }) };
const get = () => new Request(`${env().appUrl}/`);

/** Each kind of entry, with its answer to an incomplete session and to a complete one of the same user. */
const ENTRIES: [string, () => Promise<unknown>, unknown, unknown][] = [
  ['a page', () => personContext('/accounts').then(() => 'shown'), 'to /sign-in/passkey?returnTo=%2Faccounts', 'shown'],
  [
    'an admin page',
    () => adminContext('/admin/audit').then(() => 'shown'),
    'to /sign-in/passkey?returnTo=%2Fadmin%2Faudit',
    'shown',
  ],
  ['the user of a layout', () => findCurrentUser().then((user) => user !== null), false, true],
  ['the actor of an operation', () => requestContext().then(({ actor }) => actor.kind), 'nobody', 'user'],
  ['a call to the bank for a user who is present', () => findPresence().then((found) => found !== null), false, true],
  ['a route handler', () => getAttempt(get(), ATTEMPT), 401, 404],
  ['a download', () => exportAccount(), 401, 200],
  ['an admin’s download', () => exportAudit(get()), 401, 200],
  [
    'a server action',
    () => saveRemindersAction(form({ 'wants-reminders': 'on' })),
    'to /sign-in?returnTo=%2Faccount',
    'to /account?saved=reminders',
  ],
  [
    'an admin’s server action',
    () => changeSettingsAction({ outcome: 'untouched' }, form({ flow: 'x' })).then(({ outcome }) => outcome),
    'to /sign-in/passkey?returnTo=%2Fadmin%2Fsettings',
    'refused',
  ],
  [
    'adding a passkey',
    () => beginEnrolmentAction().then((begun) => 'options' in begun),
    'to /sign-in/passkey?returnTo=%2Faccount%2Fsecurity',
    true,
  ],
  [
    'storing a passkey',
    () => enrolPasskeyAction('x', null),
    'to /sign-in/passkey?returnTo=%2Faccount%2Fsecurity',
    { outcome: 'refused', problem: 'refused' },
  ],
];

test.each(ENTRIES)(
  '%s refuses an incomplete session and accepts a complete one',
  async (_, work, refused, accepted) => {
    await makeAdmin(owner.userId);
    expect(await answerOf(work)).toEqual(refused);
    cookie = owner.session.token;
    expect(await answerOf(work)).toEqual(accepted);
  },
);

test('removing a passkey refuses an incomplete session and accepts a complete one', async () => {
  const page = `/account/security/${owner.passkeyId}`;
  const remove = () => removePasskeyAction(owner.passkeyId, form({ sure: 'on' }));
  expect(await answerOf(remove)).toBe('to /sign-in/passkey?returnTo=%2Faccount%2Fsecurity');
  expect(await nobody.db.passkey.count({ where: { userId: owner.userId } })).toBe(1);
  cookie = owner.session.token;
  expect(await answerOf(() => removePasskeyAction(owner.passkeyId, form({ sure: 'yes' })))).toBe(
    `to ${page}?problem=sure#remove`,
  );
  for (const id of ['\ud800', '\0', '', '../x', ['x']] as string[]) {
    const answer = id === '../x' ? 'to /account/security' : '404';
    expect(await answerOf(() => removePasskeyAction(id, form({ sure: 'on' })))).toBe(answer);
    expect(await answerOf(() => renamePasskeyAction(id, form({ name: 'x' })))).toBe(answer);
  }
  expect(await answerOf(remove)).toBe('to /account/security?did=removed');
});

test('the passkey completes the session, whose new token replaces the cookie', async () => {
  const begun = await beginAssertionAction();
  if ('problem' in begun) throw new Error(begun.problem);
  const refused = owner.authenticator.get(begun.options, { origin: 'https://evil.example' });
  expect(await verifyPasskeyAction('/accounts', refused)).toEqual({ problem: 'refused' });
  expect(set).not.toHaveBeenCalled();

  const again = await beginAssertionAction();
  if ('problem' in again) throw new Error(again.problem);
  const response = owner.authenticator.get(again.options);
  expect(await answerOf(() => verifyPasskeyAction('//evil.example', response))).toBe('to /');
  expect(set).toHaveBeenCalledWith(
    'next-auth.session-token',
    expect.any(String),
    expect.objectContaining({ httpOnly: true, sameSite: 'lax', path: '/' }),
  );
  cookie = String(set.mock.calls[0]?.[1]);
  expect(await findCurrentUser()).toMatchObject({ id: owner.userId, isIncomplete: false });
});

test('adding a passkey gives the browser a new session token, and the old cookie opens nothing', async () => {
  cookie = (await addSession(nobody, await addUser(nobody))).token;
  const begun = await beginEnrolmentAction();
  if ('problem' in begun) throw new Error(begun.problem);
  const { outcome } = await enrolPasskeyAction('Laptop', createAuthenticator().create(begun.options));
  expect(outcome).toBe('added');
  expect(await findCurrentUser()).toBeNull();
  cookie = String(set.mock.calls[0]?.[1]);
  expect(await findCurrentUser()).toMatchObject({ hasPasskey: true, isIncomplete: false });
});

test('a recovery code is used up by an incomplete session only', async () => {
  const code = owner.recoveryCodes[0] ?? '';
  const redeem = (typed: string) =>
    redeemRecoveryCodeAction({ problem: null }, form({ code: typed, returnTo: '/accounts' }));
  const incomplete = cookie;
  cookie = owner.session.token;
  expect(await answerOf(() => redeem(code))).toBe('to /accounts');
  expect(await nobody.db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(10);
  cookie = incomplete;
  expect(await answerOf(() => redeem('wrong'))).toEqual({ problem: 'code_refused' });
  expect(await answerOf(() => redeem(code))).toBe('to /accounts');
  expect(await nobody.db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(9);
  cookie = null;
  expect(await answerOf(() => redeem(code))).toBe('to /sign-in?returnTo=%2Faccounts');
});

const FOR_ADMINS: [string, () => Promise<unknown>][] = [
  ['an admin page', () => adminContext('/admin/audit').then(() => 'shown')],
  ['an admin’s download', () => exportAudit(get())],
  ['an admin’s action', () => changeSettingsAction({ outcome: 'untouched' }, form({ flow: 'x' }))],
];
test.each(FOR_ADMINS)('outside local, %s leads an admin without a passkey to add one', async (_, work) => {
  vi.mocked(isPasskeyRequiredOfAdmins).mockReturnValue(true);
  const userId = await addUser(nobody);
  await makeAdmin(userId);
  cookie = (await addSession(nobody, userId)).token;
  expect(await answerOf(work)).toBe('to /account/security?required=admin');
  // Their own pages as a user keep working.
  expect(await answerOf(() => personContext('/accounts').then(() => 'shown'))).toBe('shown');

  await makeAdmin(owner.userId);
  cookie = owner.session.token;
  expect(String(await answerOf(work))).not.toMatch(/^to /);

  // Whoever is no admin is not told that there is such a page.
  cookie = (await addSession(nobody, await addUser(nobody))).token;
  expect(String(await answerOf(work))).toBe('404');
});

test('in local, an admin without a passkey opens the admin pages', async () => {
  const userId = await addUser(nobody);
  await makeAdmin(userId);
  cookie = (await addSession(nobody, userId)).token;
  expect(await answerOf(() => adminContext('/admin/audit').then(() => 'shown'))).toBe('shown');
});

test('only the second factor’s own files and the sign-in page see an incomplete session', () => {
  const files = ['app', 'lib'].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
      .map((file) => `${root}/${file}`),
  );
  const using = (name: RegExp) => files.filter((file) => name.test(readFileSync(file, 'utf8'))).sort();
  expect(using(/\bfindSession\b/)).toEqual([
    'app/(guest)/sign-in/_passkey-actions.ts',
    'app/(guest)/sign-in/page.tsx',
    'app/(guest)/sign-in/passkey/page.tsx',
    'lib/auth/current-user.ts',
  ]);
  expect(using(/\bgetServerSession\b/)).toEqual(['lib/auth/current-user.ts']);
});
