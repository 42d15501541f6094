import type { AccountKind, AsyncEndpoint, DataCall, Endpoint } from './call.ts';
import { type ClientParts, maxBytes } from './client-parts.ts';
import { TrueLayerError } from './error.ts';
import type { TrueLayerErrorCode } from './error-codes.ts';
import type { HttpRequest } from './http.ts';
import type { Holder, Me } from './identity-schemas.ts';
import { type FinalResult, type ResultOf, readFinal, readFinalOrQueued } from './results.ts';
import { parseDay } from './timestamp.ts';

export type AccountRef = { kind: AccountKind; id: string };

/** Whole days, both inclusive. */
export type DayRange = { from: string; to: string };

type Route = { path: string; account?: AccountRef; query?: Readonly<Record<string, string>> };

/** Reads of one connection's data. One after another: calls made within seconds of each other can meet a bank's limit. */
export function createDataCalls({ http, apiUrl, timeoutMs, now }: ClientParts) {
  const request = <T>(call: DataCall, url: URL, parts: Pick<HttpRequest<T>, 'endpoint' | 'read'>) => ({
    method: 'GET' as const,
    url,
    presents: 'access_token' as const,
    accessToken: call.accessToken,
    presentPersonIp: call.presentPersonIp,
    timeoutMs: timeoutMs.data,
    maxBytes: maxBytes.data,
    attempts: 1,
    options: call,
    ...parts,
  });

  const get = async <E extends AsyncEndpoint>(call: DataCall, endpoint: E, route: Route): Promise<ResultOf<E>> => {
    const { account } = route;
    if (account && !isAddressable(account.id)) throw refusal(call, endpoint, 'invalid_call');
    const path = account ? `${account.kind}s/${encodeURIComponent(account.id)}/${route.path}` : route.path;
    const url = new URL(`/data/v1/${path}`, apiUrl);
    const { asynchronous } = call;
    const query = { ...route.query, ...(asynchronous && asyncQuery(asynchronous.webhookUri)) };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return http.request({
      ...request(call, url, {
        endpoint,
        read: (answer): ResultOf<E> =>
          asynchronous ? readFinalOrQueued(endpoint, answer, null) : readFinal(endpoint, answer),
      }),
      secrets: asynchronous?.webhookUri === undefined ? [] : [asynchronous.webhookUri],
      isAsynchronous: asynchronous !== undefined,
      ...(account && { resourceId: account.id }),
    });
  };

  return {
    /** About the token and its consent. TrueLayer answers it without asking the bank, and it is always one. */
    async getMe(call: DataCall): Promise<FinalResult<Me> & { items: [Me, ...Me[]] }> {
      const url = new URL('/data/v1/me', apiUrl);
      return http.request({
        ...request(call, url, {
          endpoint: 'me',
          read: (answer) => {
            const result = readFinal('me', answer);
            const [first, ...others] = result.items;
            if (!first) throw new TrueLayerError({ code: 'unexpected_shape' });
            const items: [Me, ...Me[]] = [first, ...others];
            return { ...result, items };
          },
        }),
        attempts: 2,
      });
    },

    /** Who holds the accounts. Many banks tell only in the minutes after the sign-in. */
    async getInfo(call: DataCall): Promise<FinalResult<Holder>> {
      const url = new URL('/data/v1/info', apiUrl);
      return http.request(request(call, url, { endpoint: 'info', read: (answer) => readFinal('info', answer) }));
    },

    async listAccounts(call: DataCall) {
      return get(call, 'accounts', { path: 'accounts' });
    },

    async listCards(call: DataCall) {
      return get(call, 'cards', { path: 'cards' });
    },

    async getBalance<K extends AccountKind>(call: DataCall, { kind, id }: { kind: K; id: string }) {
      return get(call, `${kind}_balance`, { account: { kind, id }, path: 'balance' });
    },

    /** Booked ones. A `to` in the future is refused by every bank, so it is taken as today. */
    async getTransactions(call: DataCall, { kind, id, from, to }: AccountRef & DayRange) {
      const endpoint = `${kind}_transactions` as const;
      const query = pastRange({ from, to }, now());
      if (!query) throw refusal(call, endpoint, 'invalid_call');
      return get(call, endpoint, { account: { kind, id }, path: 'transactions', query });
    },

    /** Always the whole set that is pending now. */
    async getPendingTransactions(call: DataCall, { kind, id }: AccountRef) {
      return get(call, `${kind}_pending_transactions`, { account: { kind, id }, path: 'transactions/pending' });
    },

    async getDirectDebits(call: DataCall, { id }: { id: string }) {
      return get(call, 'account_direct_debits', { account: { kind: 'account', id }, path: 'direct_debits' });
    },

    async getStandingOrders(call: DataCall, { id }: { id: string }) {
      return get(call, 'account_standing_orders', { account: { kind: 'account', id }, path: 'standing_orders' });
    },

    /** Asks for what a queued call has come to. The token goes nowhere but to the configured host. */
    async fetchResults<E extends AsyncEndpoint>(
      call: DataCall,
      task: { resultsUri: string; endpoint: E },
    ): Promise<ResultOf<E>> {
      const { resultsUri, endpoint } = task;
      const url = URL.parse(resultsUri);
      const isOurs = url !== null && url.origin === apiUrl.origin && url.username === '' && url.password === '';
      if (!isOurs) throw refusal(call, 'async_results', 'foreign_results_uri');
      return http.request({
        ...request(call, url, {
          endpoint: 'async_results',
          read: (answer): ResultOf<E> => readFinalOrQueued(endpoint, answer, resultsUri),
        }),
        isAsynchronous: true,
      });
    },
  };
}

function asyncQuery(webhookUri: string | undefined): Record<string, string> {
  return webhookUri === undefined ? { async: 'true' } : { async: 'true', webhook_uri: webhookUri };
}

/** The two that a URL would take for directories. */
function isAddressable(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..';
}

function pastRange({ from, to }: DayRange, now: Date): DayRange | null {
  if (parseDay(from) === null || parseDay(to) === null) return null;
  const today = now.toISOString().slice(0, 10);
  const last = to > today ? today : to;
  return from > last ? null : { from, to: last };
}

function refusal(call: DataCall, endpoint: Endpoint, code: TrueLayerErrorCode): TrueLayerError {
  const { correlationId = null, bankId = null } = call;
  return new TrueLayerError({ code }, { endpoint, correlationId, bankId, trueLayerCorrelationId: null });
}
