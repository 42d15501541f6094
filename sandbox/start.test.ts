import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';
import { startStandIn } from './start.ts';
import { clientOf, DAY, firstIdOf } from './test-client.ts';
import { visitAuthLink } from './visitor.ts';

async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  return dataDir;
}

describe('a restart with the same data', () => {
  it('keeps connections, tokens, clock, counted calls, codes and used links', async () => {
    const options = { dataDir: await makeDataDir(), isControllable: true };
    const first = await startStandIn(options);
    const before = clientOf(first);
    await before.advance(3 * DAY);
    const linked = await before.connect();
    const path = `/accounts/${await firstIdOf(linked)}/balance`;
    for (let call = 0; call < 4; call += 1) await linked.get(`${path}?t=${call}`, { isAttended: false });
    const usedLink = before.link();
    const { fields } = await visitAuthLink(usedLink);
    await first.close();

    const second = await startStandIn(options);
    onTestFinished(() => second.close());
    const after = clientOf(second);
    const headers = { Authorization: `Bearer ${linked.access_token}` };
    expect((await after.call('GET', '/data/v1/me', { headers })).status).toBe(200);
    expect((await after.call('GET', '/clock')).json.offset_ms).toBe(3 * DAY);
    expect((await after.call('GET', `/data/v1${path}`, { headers })).status).toBe(429);
    expect((await visitAuthLink(usedLink.replace(first.url, second.url))).status).toBe(400);
    expect((await after.exchange(fields.code ?? '')).access_token).toBeDefined();
    const refreshed = await after.token({ grant_type: 'refresh_token', refresh_token: linked.refresh_token });
    expect(refreshed.status).toBe(200);
  });

  it('keeps nothing without a place for it', async () => {
    const first = await startStandIn({ isControllable: true });
    const linked = await clientOf(first).connect();
    await first.close();
    const second = await startStandIn();
    onTestFinished(() => second.close());
    const refreshed = await clientOf(second).token({
      grant_type: 'refresh_token',
      refresh_token: linked.refresh_token,
    });
    expect(refreshed.status).toBe(400);
  });
});

describe('the configuration', () => {
  it('has working defaults', () => {
    expect(parseConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3100,
      clientId: 'sandbox-linkwell-5a4d1e',
      isControllable: false,
    });
    expect(parseConfig({ SANDBOX_REDIRECT_URIS: 'http://a/cb, http://b/cb' }).redirectUris).toEqual([
      'http://a/cb',
      'http://b/cb',
    ]);
  });

  it.each([
    [{ SANDBOX_PORT: 'often' }, 'SANDBOX_PORT'],
    [{ SANDBOX_PUBLIC_URL: 'localhost' }, 'SANDBOX_PUBLIC_URL'],
    [{ SANDBOX_REDIRECT_URIS: 'callback' }, 'SANDBOX_REDIRECT_URIS'],
    [{ SANDBOX_CONTROL: 'yes' }, 'SANDBOX_CONTROL'],
  ])('names what is wrong with %j', (env, name) => {
    expect(() => parseConfig(env)).toThrow(ConfigError);
    expect(() => parseConfig(env)).toThrow(name);
  });
});

describe('the program', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints where it listens, serves, and ends on %s', async (signal) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_PUBLIC_URL: 'http://bank.test' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const url = /^stand-in listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(String(line))?.[1];
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(await (await fetch(`${url}/api/providers`)).text()).toContain('http://bank.test/logos/');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
