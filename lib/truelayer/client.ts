import { createCatalogueCalls } from './catalogue-calls.ts';
import type { ClientParts } from './client-parts.ts';
import { parseOrigin, TrueLayerConfigError } from './config.ts';
import { createConnectionCalls } from './connection-calls.ts';
import { createDataCalls } from './data-calls.ts';
import { createHttp } from './http.ts';
import { createLinkCalls } from './link-calls.ts';
import { createTokenCalls } from './token-calls.ts';

export type TrueLayerClientConfig = {
  authUrl: string;
  apiUrl: string;
  statusUrl: string;
  /** For every call; without it 30 s for data, 20 s for tokens and links, 10 s for lists. A call may name its own. */
  timeoutMs?: number | undefined;
  /** What the first pause between two attempts is about. */
  backOffMs?: number | undefined;
  fetch?: typeof fetch | undefined;
  now?: (() => Date) | undefined;
};

export type TrueLayerClient = ReturnType<typeof createTrueLayerClient>;

export function createTrueLayerClient(config: TrueLayerClientConfig) {
  const parts = partsOf(config);
  return {
    ...createTokenCalls(parts),
    ...createLinkCalls(parts),
    ...createConnectionCalls(parts),
    ...createCatalogueCalls(parts),
    ...createDataCalls(parts),
  };
}

function partsOf(config: TrueLayerClientConfig): ClientParts {
  const { timeoutMs, backOffMs = 250, now = () => new Date() } = config;
  if (timeoutMs !== undefined && !(timeoutMs > 0)) throw new TrueLayerConfigError('invalid_number', 'timeoutMs');
  if (!(backOffMs >= 0)) throw new TrueLayerConfigError('invalid_number', 'backOffMs');
  return {
    http: createHttp({ fetch: config.fetch ?? fetch, now, backOffMs }),
    authUrl: parseOrigin(config.authUrl, 'authUrl'),
    apiUrl: parseOrigin(config.apiUrl, 'apiUrl'),
    statusUrl: parseOrigin(config.statusUrl, 'statusUrl'),
    now,
    timeoutMs: { data: timeoutMs ?? 30_000, token: timeoutMs ?? 20_000, catalogue: timeoutMs ?? 10_000 },
  };
}
