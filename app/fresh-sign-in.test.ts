import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { DAY_MS } from '#lib/time/span';
import { requestEmailChangeAction } from './(account)/account/email/_actions.ts';
import { GET as exportAccount } from './(account)/account/export/route.ts';
import { leaveAction } from './(account)/account/leave/_actions.ts';
import { GET as exportTransactions } from './(account)/accounts/[accountId]/export/route.ts';
import { GET as exportConnection } from './(account)/connections/[connectionId]/export/route.ts';
import { GET as exportAudit } from './(admin)/admin/audit/export/route.ts';
import { GET as makeBundle } from './(admin)/admin/connections/[connectionId]/bundle/route.ts';
import { openGrantAction } from './(admin)/admin/connections/[connectionId]/transactions/_actions.ts';
import { GET as exportConnections } from './(admin)/admin/connections/export/route.ts';
import { changeClientAction } from './(admin)/admin/settings/_actions.ts';

// What the server's build of Next.js resolves the module to.
vi.mock('next/navigation', () => import('next/dist/client/components/navigation.react-server.js'));

let user: object | null = null;
let sent = new Headers();
vi.mock('next-auth/next', () => ({ getServerSession: () => Promise.resolve(user === null ? null : { user }) }));
vi.mock('next/headers', () => ({ headers: () => Promise.resolve(sent) }));

const id = randomUUID();
let admin: object;
beforeAll(async () => {
  const ctx = await createContext({ actor: { kind: 'nobody' } });
  const email = env().adminEmails[0] ?? '';
  const row = await ctx.db.user.upsert({
    where: { email },
    create: { email, role: 'admin', createdAt: new Date() },
    update: { role: 'admin' },
    select: { id: true },
  });
  admin = { id: row.id, email, name: null, isAdmin: true, sessionId: randomUUID() };
});
beforeEach(() => {
  sent = new Headers();
});

const get = () => new Request(`${env().appUrl}/`);
const needsFreshSignIn: [string, string, () => Promise<unknown>][] = [
  ['the export of everything', '/account', () => exportAccount()],
  [
    'the export of a connection',
    `/connections/${id}`,
    () => exportConnection(get(), { params: Promise.resolve({ connectionId: id }) }),
  ],
  [
    'the export of transactions',
    `/accounts/${id}`,
    () => exportTransactions(get(), { params: Promise.resolve({ accountId: id }) }),
  ],
  ['the export of the audit', '/admin/audit', () => exportAudit(get())],
  ['the export of connections', '/admin/connections', () => exportConnections(get())],
  [
    'a support bundle',
    `/admin/connections/${id}`,
    () => makeBundle(get(), { params: Promise.resolve({ connectionId: id }) }),
  ],
  ['account deletion', '/account/leave', () => leaveAction(new FormData())],
  [
    'a change of email address',
    '/account/email',
    () => requestEmailChangeAction({ email: '', problem: null }, new FormData()),
  ],
  ['a change of keys', '/admin/settings', () => changeClientAction({ outcome: 'untouched' }, new FormData())],
  ['support access', `/admin/connections/${id}/transactions`, () => openGrantAction(id, new FormData())],
];

/** Where `work` redirects; empty when it does not. */
async function targetOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return '';
  } catch (error) {
    const digest = error instanceof Error && 'digest' in error ? String(error.digest) : '';
    if (!digest.startsWith('NEXT_REDIRECT;')) throw error;
    return digest.split(';')[2] ?? '';
  }
}

const again = (returnTo: string) => `/sign-in/again?${new URLSearchParams({ returnTo })}`;

test.each(needsFreshSignIn)('%s asks for a new sign-in after 10 minutes, and returns to %s', async (_, page, work) => {
  user = { ...admin, signedInAt: new Date(Date.now() - 10 * 60_000 - 1000) };
  expect(await targetOf(work)).toBe(again(page));
  user = { ...admin, signedInAt: new Date(Date.now() - 9 * 60_000) };
  expect(await targetOf(work)).not.toMatch(/^\/sign-in/);
});

test.each(needsFreshSignIn)('%s does not ask whoever is not signed in to sign in again', async (_, __, work) => {
  user = null;
  expect(await targetOf(work)).not.toMatch(/^\/sign-in\/again/);
});

test('a download returns to the page that linked to it, and to no page of another site', async () => {
  user = { ...admin, signedInAt: new Date(Date.now() - DAY_MS) };
  sent = new Headers({ referer: `${env().appUrl}/connections/${id}/erase?problem=sure` });
  expect(await targetOf(() => exportAccount())).toBe(again(`/connections/${id}/erase?problem=sure`));
  sent = new Headers({ referer: 'https://elsewhere.example/connections' });
  expect(await targetOf(() => exportAccount())).toBe(again('/account'));
});

test('whoever is no admin is not asked to sign in again for an admin’s file: there is none', async () => {
  user = { ...admin, isAdmin: false, signedInAt: new Date(Date.now() - DAY_MS) };
  expect(await exportAudit(get())).toMatchObject({ status: 404 });
});
