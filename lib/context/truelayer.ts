import 'server-only';
import { env } from '#lib/env/env';
import { createTrueLayerClient, type TrueLayerClient } from '#lib/truelayer/client';
import { lastKnownNow } from './clock.ts';

let client: TrueLayerClient | undefined;

/** The client of this deployment's TrueLayer environment. */
export function trueLayer(): TrueLayerClient {
  const { authUrl, apiUrl, statusUrl } = env().trueLayer;
  client ??= createTrueLayerClient({ authUrl, apiUrl, statusUrl, now: lastKnownNow });
  return client;
}
