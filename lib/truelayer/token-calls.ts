import { randomBytes } from 'node:crypto';
import { type TokenSet, tokenSet } from './auth-schemas.ts';
import type { CallOptions, Endpoint } from './call.ts';
import { type ClientParts, maxBytes, readObject } from './client-parts.ts';
import { TrueLayerError } from './error.ts';
import type { HttpRequest } from './http.ts';

export type ClientKeys = { clientId: string; clientSecret: string };

export type ExchangeCodeInput = ClientKeys & { code: string; redirectUri: string; codeVerifier?: string | undefined };

export type RefreshTokensInput = ClientKeys & { refreshToken: string };

/** Neither an exchange nor a refresh is ever repeated here: a lost answer may have spent the code, or rotated the token. */
export function createTokenCalls({ http, authUrl, timeoutMs }: ClientParts) {
  const post = (endpoint: Endpoint, form: Record<string, string>, options: CallOptions): HttpRequest<TokenSet> => ({
    endpoint,
    method: 'POST',
    url: new URL('/connect/token', authUrl),
    presents: 'client',
    form,
    secrets: secretsOf(form),
    timeoutMs: timeoutMs.token,
    maxBytes: maxBytes.token,
    attempts: 1,
    isAnswerPrecious: true,
    options: { ...options, attempts: 1 },
    read: ({ body }) => readObject(body, tokenSet),
  });

  return {
    exchangeCode(input: ExchangeCodeInput, options: CallOptions = {}): Promise<TokenSet> {
      const form = {
        ...formOf('authorization_code', input),
        code: input.code,
        redirect_uri: input.redirectUri,
        ...(input.codeVerifier !== undefined && { code_verifier: input.codeVerifier }),
      };
      return http.request(post('token_exchange', form, options));
    },

    refreshTokens(input: RefreshTokensInput, options: CallOptions = {}): Promise<TokenSet> {
      const form = { ...formOf('refresh_token', input), refresh_token: input.refreshToken };
      return http.request(post('token_refresh', form, options));
    },

    /** By a refresh that cannot succeed: whoever is told that the token is bad has passed as a client. */
    async verifyClient(keys: ClientKeys, options: CallOptions = {}): Promise<'ok' | 'invalid'> {
      const form = { ...formOf('refresh_token', keys), refresh_token: randomBytes(32).toString('hex').toUpperCase() };
      const request = post('client_check', form, options);
      try {
        await http.request({ ...request, attempts: 2, options });
        return 'ok';
      } catch (error) {
        if (!(error instanceof TrueLayerError)) throw error;
        if (error.code === 'invalid_grant') return 'ok';
        if (error.code === 'invalid_client' || error.code === 'unauthorized_client') return 'invalid';
        throw error;
      }
    },
  };
}

function formOf(grantType: string, keys: ClientKeys): Record<string, string> {
  return { grant_type: grantType, client_id: keys.clientId, client_secret: keys.clientSecret };
}

const secretFields = ['client_secret', 'code', 'code_verifier', 'refresh_token'];

function secretsOf(form: Readonly<Record<string, string>>): string[] {
  return secretFields.flatMap((field) => form[field] ?? []);
}
