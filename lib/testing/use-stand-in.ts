import { afterAll, beforeAll } from 'vitest';
import type { SwitchSettings } from '#sandbox/control/switches';
import { type StandIn, startStandIn } from '#sandbox/start';

type Held = { readonly url: string; control(method: string, path: string, body?: unknown): Promise<unknown> };

/** Four months instead of two to six years, for what says nothing about history: a bank is then fetched in a tenth of the time. */
export const SHORT_HISTORY = { banks: { '*': { account_days: 120, card_days: 120 } } };

/**
 * A TrueLayer stand-in of this test file's own, on a free port, which the product under test is configured for. The
 * configuration is read lazily, so it must not have been read before.
 */
export function useStandIn(switches: Partial<SwitchSettings> = {}): Held {
  let standIn: StandIn | undefined;
  beforeAll(async () => {
    standIn = await startStandIn({
      isControllable: true,
      directLinks: 'all',
      issuedFile: process.env.LINKWELL_ISSUED_FILE ?? null,
      switches,
    });
    Object.assign(process.env, {
      TRUELAYER_ENV: 'local',
      TRUELAYER_AUTH_URL: standIn.url,
      TRUELAYER_API_URL: standIn.url,
      TRUELAYER_STATUS_URL: standIn.url,
    });
  });
  afterAll(() => standIn?.close());
  const url = () => {
    if (standIn === undefined) throw new Error('the stand-in is only there inside tests');
    return standIn.url;
  };
  return {
    get url() {
      return url();
    },
    async control(method, path, body) {
      const response = await fetch(`${url()}/control${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      if (!response.ok) throw new Error(`control ${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? null : response.json();
    },
  };
}
