import { debugIdAnswer } from './auth-schemas.ts';
import type { CallOptions } from './call.ts';
import { type ClientParts, maxBytes, readObject } from './client-parts.ts';

export type DebugId = { debugId: string; credentialsId: string; bankId: string };

/** What can be done to a connection as a whole, by whoever holds its access token. */
export function createConnectionCalls({ http, authUrl, timeoutMs }: ClientParts) {
  const limits = { timeoutMs: timeoutMs.token, maxBytes: maxBytes.token, attempts: 1 };

  return {
    /** Needs a live access token. Whether the bank forgets the consent too is nowhere promised. */
    revoke({ accessToken }: { accessToken: string }, options: CallOptions = {}): Promise<void> {
      return http.request({
        ...limits,
        endpoint: 'connection_delete',
        method: 'DELETE',
        url: new URL('/api/delete', authUrl),
        presents: 'access_token',
        accessToken,
        options: { ...options, attempts: 1 },
        read: () => undefined,
      });
    },

    /** For TrueLayer's support, while a problem lasts. Limited in number. */
    createDebugId({ accessToken }: { accessToken: string }, options: CallOptions = {}): Promise<DebugId> {
      return http.request({
        ...limits,
        endpoint: 'debug_id',
        method: 'POST',
        url: new URL('/api/debug', authUrl),
        presents: 'access_token',
        json: { access_token: accessToken },
        secrets: [accessToken],
        options,
        read: ({ body }) => readObject(body, debugIdAnswer),
      });
    },
  };
}
