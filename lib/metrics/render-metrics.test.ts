import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { recordPeer } from '#lib/auth/client-address';
import { createContext } from '#lib/context/context';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { noteAnswer } from './http-metrics.ts';
import { renderMetrics } from './render-metrics.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const system = () => createContext({ actor: { kind: 'system', job: 'test' } });
const PEER = 'x-linkwell-peer';

async function mayRead(token: string, headers: Record<string, string>): Promise<boolean> {
  vi.resetModules();
  vi.stubEnv('METRICS_TOKEN', token);
  const { mayReadMetrics } = await import('./render-metrics.ts');
  return mayReadMetrics(new Headers(headers));
}

/** Headers as the server hands them to a route: with what it records of the socket, and the header that Next.js adds later. */
function arrivedFrom(remoteAddress: string | undefined, sent: Record<string, string> = {}): Record<string, string> {
  const headers = { ...sent };
  recordPeer({ headers, socket: { remoteAddress } });
  return { 'x-forwarded-for': remoteAddress ?? '', ...headers };
}

test('without a token only this machine may read, and no client of a proxy on it', async () => {
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    expect(await mayRead('', arrivedFrom(address)), address).toBe(true);
  }
  expect(await mayRead('', arrivedFrom('10.0.0.5'))).toBe(false);
  expect(await mayRead('', arrivedFrom(undefined))).toBe(false);
  for (const name of ['x-forwarded-for', 'forwarded', PEER, 'x-linkwell-forwarded']) {
    const isProxied = name.endsWith('for') || name === 'forwarded';
    expect(await mayRead('', arrivedFrom('127.0.0.1', { [name]: 'no' })), name).toBe(!isProxied);
    expect(await mayRead('', arrivedFrom('10.0.0.5', { [name]: '127.0.0.1' })), name).toBe(false);
  }
});

test('with a token, whoever brings it and nobody else, wherever they are', async () => {
  const token = 'a-token-of-at-least-thirty-two-characters';
  expect(await mayRead(token, { [PEER]: '10.0.0.5', authorization: `Bearer ${token}` })).toBe(true);
  expect(await mayRead(token, { [PEER]: '127.0.0.1' })).toBe(false);
  expect(await mayRead(token, { [PEER]: '127.0.0.1', authorization: `Bearer ${token}x` })).toBe(false);
});

test('says how the deployment is, in Prometheus’ format, and names no person', async () => {
  const ctx = await system();
  const userId = await addUser(ctx);
  const connectionId = await addBareConnection(ctx, { userId });
  noteAnswer(`/connections/${connectionId}`, 404, 0.05);
  const text = await renderMetrics(ctx);
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+-]+)$/);
  }
  expect(text).toContain('linkwell_database_up 1\n');
  expect(text).toMatch(/linkwell_connections\{status="active"\} \d+/);
  expect(text).toMatch(/linkwell_jobs\{job="connection\.sync",state="waiting"\} \d+/);
  expect(text).toContain('linkwell_http_answers_total{area="connections",status="4xx"} 1\n');
  expect(text).toContain('linkwell_http_seconds_bucket{area="connections",le="0.025"} 0\n');
  expect(text).toContain('linkwell_http_seconds_bucket{area="connections",le="0.1"} 1\n');
  for (const one of [userId, connectionId, 'example.com']) expect(text).not.toContain(one);
});

test('a database that is away is a figure, and not an error', async () => {
  const ctx = await system();
  const away = new Proxy(ctx.db, {
    get: (target, property) =>
      property === '$queryRaw' ? () => Promise.reject(new Error('away')) : Reflect.get(target, property),
  });
  expect(await renderMetrics({ ...ctx, db: away })).toContain('linkwell_database_up 0\n');
});

test('is asked for by the system only', async () => {
  const ctx = { ...(await system()), actor: { kind: 'nobody' } as const };
  await expect(renderMetrics(ctx)).rejects.toMatchObject({ kind: 'forbidden' });
});

test('alerts and dashboard ask for nothing that isn’t there', async () => {
  const rendered = await renderMetrics(await system());
  const known = new Set([...rendered.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
  for (const file of ['alerts.yml', 'dashboard.json']) {
    const text = readFileSync(`docs/monitoring/${file}`, 'utf8');
    const asked = [...text.matchAll(/\b(linkwell|process|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
      name.replace(/_bucket$/, ''),
    );
    expect(asked.length).toBeGreaterThan(10);
    for (const name of asked) expect(known, `${name} in ${file}`).toContain(name);
  }
});
