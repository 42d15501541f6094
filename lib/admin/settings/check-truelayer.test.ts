import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/actor/actor';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { type StandIn, startStandIn } from '#sandbox/start';

const REGISTERED = 'http://localhost:4321';

let own: OwnDatabase;
let standIn: StandIn;
beforeAll(async () => {
  own = await ownDatabase();
  standIn = await startStandIn({ redirectUris: [`${REGISTERED}/connect/callback`], isControllable: true });
});
afterAll(async () => {
  await standIn.close();
  await own.drop();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const ADMIN: Actor = { kind: 'admin', userId: uuidv7() };

/** The operation as a process with this public address runs it. */
async function check(appUrl: string, options: { timeoutMs?: number } = {}) {
  vi.resetModules();
  const { url } = standIn;
  const settings = { APP_URL: appUrl, TRUELAYER_AUTH_URL: url, TRUELAYER_API_URL: url, TRUELAYER_STATUS_URL: url };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const { createContext } = await import('#lib/context/context');
  const { saveClientCredentials } = await import('#lib/settings/sealed-settings');
  const { checkTrueLayer } = await import('./check-truelayer.ts');
  const { clientId, clientSecret } = standIn;
  await saveClientCredentials(await createContext({ actor: { kind: 'system', job: 'test' } }), {
    clientId,
    clientSecret,
  });
  return checkTrueLayer(await createContext({ actor: ADMIN }), options);
}

async function verdictOn(about: string, appUrl: string) {
  const result = await check(appUrl);
  return result.outcome === 'checked' ? result.findings.find((finding) => finding.about === about) : result;
}

test('says that the redirect URI is registered, and which one is not', async () => {
  expect(await verdictOn('redirect', REGISTERED)).toMatchObject({ verdict: 'good' });
  const other = 'http://localhost:4322';
  const finding = await verdictOn('redirect', other);
  expect(finding).toMatchObject({ verdict: 'bad', words: expect.stringContaining(`${other}/connect/callback`) });
});

test('reports a public address and a mail server that do not answer', async () => {
  expect(await verdictOn('app', 'http://localhost:1')).toMatchObject({ verdict: 'warning' });
  expect(await verdictOn('mail', REGISTERED)).toMatchObject({ verdict: 'bad' });
});

test('ends when TrueLayer does not answer in time', async () => {
  await fetch(`${standIn.url}/control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ match: { path: '/*' }, action: { hold: true } }),
  });
  try {
    expect(await check(REGISTERED, { timeoutMs: 200 })).toEqual({ outcome: 'timed_out' });
  } finally {
    await fetch(`${standIn.url}/control/faults`, { method: 'DELETE' });
  }
  expect(await check(REGISTERED)).toMatchObject({ outcome: 'checked' });
});
