import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createContext } from '#lib/context/context';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '#sandbox/config';
import { freePort } from '#scripts/local/ports';
import { exchangeCode, wasNeverSent } from './exchange-code.ts';

const waited: number[] = [];
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    waited.push(ms);
  },
}));

// A port of ours that nobody listens on: what is sent there never leaves.
beforeAll(async () => {
  const port = await freePort();
  for (const name of ['AUTH', 'API', 'STATUS']) process.env[`TRUELAYER_${name}_URL`] = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  for (const name of ['AUTH', 'API', 'STATUS']) delete process.env[`TRUELAYER_${name}_URL`];
});

test('while TrueLayer can’t be reached at all, the code is tried again for half a minute of its five, and then no more', async () => {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  await ensureSealedSettings(ctx);
  // The same as everywhere: other tests read this row while this one runs.
  await saveClientCredentials(ctx, { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET });
  const attempt = {
    id: crypto.randomUUID(),
    redirectUri: 'http://localhost:3000/connect/callback',
    verifierSealed: null,
  };
  await expect(exchangeCode(ctx, { attempt, code: 'a-code' })).rejects.toSatisfy(wasNeverSent);
  expect(waited).toEqual([1000, 2000, 4000, 8000, 15_000]);
});
