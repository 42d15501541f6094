import type { CallOptions } from './call.ts';
import type { Bank, HealthSample } from './catalogue-schemas.ts';
import { type ClientParts, maxBytes } from './client-parts.ts';
import type { AnswerMeta } from './http.ts';
import { parseBanks, parseStatus } from './parse.ts';
import type { SetAside } from './rows.ts';

export type ListBanksInput = {
  clientId?: string | undefined;
  /** Leaves only banks that have all of these; so accounts and cards together lose every bank that has one kind. */
  permissions?: readonly string[] | undefined;
  country?: string | undefined;
};

export type GetStatusInput = {
  from?: Date | undefined;
  to?: Date | undefined;
  bankIds?: readonly string[] | undefined;
};

export type CatalogueResult<T> = { items: T[]; setAside: SetAside[]; body: Uint8Array; meta: AnswerMeta };

/** Public lists, for which no token is needed. */
export function createCatalogueCalls({ http, authUrl, statusUrl, timeoutMs }: ClientParts) {
  const limits = { timeoutMs: timeoutMs.catalogue, maxBytes: maxBytes.catalogue, attempts: 2 };

  return {
    listBanks(input: ListBanksInput = {}, options: CallOptions = {}): Promise<CatalogueResult<Bank>> {
      const query = { clientId: input.clientId, scopes: input.permissions?.join(' '), country: input.country };
      return http.request({
        ...limits,
        endpoint: 'banks',
        method: 'GET',
        url: withQuery(new URL('/api/providers', authUrl), query),
        presents: 'nothing',
        options,
        read: ({ body, meta }) => ({ ...parseBanks(body), body, meta }),
      });
    },

    /** Advisory: never a reason to keep somebody from connecting. Without a range the last 24 hours are told. */
    getStatus(input: GetStatusInput = {}, options: CallOptions = {}): Promise<CatalogueResult<HealthSample>> {
      const query = {
        from: input.from?.toISOString(),
        to: input.to?.toISOString(),
        providers: input.bankIds?.join(','),
      };
      return http.request({
        ...limits,
        endpoint: 'status',
        method: 'GET',
        url: withQuery(new URL('/api/v1/data/status', statusUrl), query),
        presents: 'nothing',
        options,
        read: ({ body, meta }) => ({ ...parseStatus(body), body, meta }),
      });
    },
  };
}

function withQuery(url: URL, query: Readonly<Record<string, string | undefined>>): URL {
  for (const [name, value] of Object.entries(query)) {
    if (value) url.searchParams.set(name, value);
  }
  return url;
}
