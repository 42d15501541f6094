import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test, vi } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { addAccount } from '#lib/testing/add-account';
import { GET as exportAccount } from './(account)/account/export/route.ts';
import { GET as exportTransactions } from './(account)/accounts/[accountId]/export/route.ts';
import { GET as exportConnection } from './(account)/connections/[connectionId]/export/route.ts';
import { GET as exportAudit } from './(admin)/admin/audit/export/route.ts';
import { GET as exportConnections } from './(admin)/admin/connections/export/route.ts';

vi.mock('next/navigation', () => import('next/dist/client/components/navigation.react-server.js'));

let user: object | null = null;
let sent = new Headers();
vi.mock('next-auth/next', () => ({ getServerSession: () => Promise.resolve(user === null ? null : { user }) }));
vi.mock('next/headers', () => ({ headers: () => Promise.resolve(sent) }));

let system: Context;
let ids: Awaited<ReturnType<typeof addAccount>>;
beforeAll(async () => {
  system = await createContext({ actor: { kind: 'system', job: 'test' } });
});

const get = () => new Request(`${env().appUrl}/`);
const downloads: [string, number, boolean, () => Promise<Response>][] = [
  ['the export of everything', 10, false, () => exportAccount()],
  [
    'the export of a connection',
    10,
    false,
    () => exportConnection(get(), { params: Promise.resolve({ connectionId: ids.connectionId }) }),
  ],
  [
    'the export of transactions',
    60,
    false,
    () => exportTransactions(get(), { params: Promise.resolve({ accountId: ids.accountId }) }),
  ],
  ['the export of the audit', 30, true, () => exportAudit(get())],
  ['the export of connections', 30, true, () => exportConnections(get())],
];

async function signIn(isAdmin: boolean): Promise<void> {
  ids = await addAccount(system);
  user = {
    id: ids.userId,
    email: `${ids.userId}@example.com`,
    name: null,
    isAdmin,
    sessionId: randomUUID(),
    signedInAt: new Date(),
  };
}

test.each(downloads)(
  '%s is refused after %i in an hour, and says when to try again',
  async (_, times, isAdmin, download) => {
    await signIn(isAdmin);
    for (let time = 0; time < times; time++) {
      const answer = await download();
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
    }
    sent = new Headers({ accept: 'text/html,application/xhtml+xml' });
    const page = await download();
    expect(page.status).toBe(429);
    const seconds = Number(page.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(3000);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toMatch(/<h1>Too many downloads<\/h1>.*Try again in \d+ minutes \(at \d\d:\d\d UTC\)\./s);
    sent = new Headers({ accept: '*/*' });
    const text = await download();
    expect(text.status).toBe(429);
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  },
);

test.each(downloads)('%s runs once at a time: a second one is told to wait', async (_, __, isAdmin, download) => {
  await signIn(isAdmin);
  const first = await download();
  const second = await download();
  expect(second.status).toBe(429);
  expect(Number(second.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await second.text()).toContain('still running');
  await first.body?.cancel();
  const third = await download();
  expect(third.status).toBe(200);
  await third.body?.cancel();
});
