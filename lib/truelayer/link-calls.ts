import { challengeParameters, checkedConsentId } from './auth-link.ts';
import { extendAnswer, linkAnswer, type TokenSet, tokenSet } from './auth-schemas.ts';
import type { CallOptions, Endpoint } from './call.ts';
import { type ClientParts, maxBytes, readObject, safeLink } from './client-parts.ts';
import type { Credential } from './error-answer.ts';
import type { HttpRequest } from './http.ts';
import type { ClientKeys } from './token-calls.ts';

export type Person = {
  id?: string | undefined;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
};

type ReturnTrip = {
  redirectUri: string;
  state: string;
  codeChallenge?: string | undefined;
  responseMode?: 'form_post' | undefined;
};

export type DirectAuthLinkInput = ReturnTrip & {
  clientId: string;
  bankId: string;
  permissions: readonly string[];
  /** Letters and digits; ours, and new for each consent. */
  consentId: string;
  /** An unregulated client has to name the person, and one of e-mail and phone. */
  user?: Person | undefined;
  dataUseDescription?: string | undefined;
  /** Answers to the questions that the bank's `steps` ask, by the field's id. */
  authInputs?: Readonly<Record<string, string>> | undefined;
  trackingId?: string | undefined;
};

export type ReauthLinkInput = ReturnTrip & { refreshToken: string };

export type ExtendConnectionInput = ReturnTrip &
  ClientKeys & {
    refreshToken: string;
    user: Person;
    /** Only the person's own act, just now and in our own screen, makes this true. TrueLayer takes nothing else. */
    userHasReconfirmedConsent: true;
  };

export type ExtendResult =
  | { action: 'none'; tokens: TokenSet }
  | { action: 'authenticate'; url: string }
  | { action: 'reconfirm'; url: string };

type Post<T> = Pick<HttpRequest<T>, 'endpoint' | 'url' | 'presents' | 'json' | 'secrets' | 'read'>;

/** The calls that answer with a link for the person's browser. */
export function createLinkCalls({ http, authUrl, apiUrl, timeoutMs }: ClientParts) {
  const post = <T>(request: Post<T>, options: CallOptions, isOnce: boolean) =>
    http.request({
      method: 'POST',
      timeoutMs: timeoutMs.token,
      maxBytes: maxBytes.token,
      attempts: 1,
      isAnswerPrecious: isOnce,
      ...request,
      options: isOnce ? { ...options, attempts: 1 } : options,
    });

  const askForLink = (endpoint: Endpoint, path: string, presents: Credential, json: Body, options: CallOptions) => {
    const url = new URL(path, authUrl);
    const secrets = secretsOf(json);
    const read: Post<{ url: string }>['read'] = ({ body }) => ({
      url: safeLink(readObject(body, linkAnswer).url, authUrl),
    });
    return post({ endpoint, url, presents, json, secrets, read }, options, false);
  };

  return {
    createDirectAuthLink(input: DirectAuthLinkInput, options: CallOptions = {}): Promise<{ url: string }> {
      const json = {
        ...tripBody(input),
        response_type: 'code',
        client_id: input.clientId,
        scope: input.permissions.join(' '),
        consent_id: checkedConsentId(input.consentId),
        provider_id: input.bankId,
        user: input.user,
        data_use_description: input.dataUseDescription,
        auth_inputs: input.authInputs && Object.entries(input.authInputs).map(([id, value]) => ({ [id]: value })),
        tracking_id: input.trackingId,
        ...challengeParameters(input.codeChallenge),
      };
      return askForLink('direct_auth_link', '/v1/authuri', 'client', json, options);
    },

    createReauthLink(input: ReauthLinkInput, options: CallOptions = {}): Promise<{ url: string }> {
      const json = {
        ...tripBody(input),
        response_type: 'code',
        refresh_token: input.refreshToken,
        ...challengeParameters(input.codeChallenge),
      };
      return askForLink('reauth_link', '/v1/reauthuri', 'refresh_token', json, options);
    },

    /** At the root of the API host, unlike every data call. Not repeated: it may have rotated the tokens. */
    extendConnection(input: ExtendConnectionInput, options: CallOptions = {}): Promise<ExtendResult> {
      const json = {
        ...tripBody(input),
        user_has_reconfirmed_consent: input.userHasReconfirmedConsent,
        client_id: input.clientId,
        client_secret: input.clientSecret,
        refresh_token: input.refreshToken,
        user: input.user,
        code_challenge: input.codeChallenge,
      };
      const url = new URL('/connections/extend', apiUrl);
      const read: Post<ExtendResult>['read'] = ({ body }) => extendResult(body, apiUrl);
      const request = {
        endpoint: 'connection_extend',
        url,
        presents: 'refresh_token',
        json,
        secrets: secretsOf(json),
        read,
      } as const;
      return post(request, options, true);
    },
  };
}

type Body = Readonly<Record<string, unknown>>;

function tripBody(trip: ReturnTrip) {
  return { redirect_uri: trip.redirectUri, state: trip.state, response_mode: trip.responseMode };
}

function secretsOf(json: Body): string[] {
  const fields = [json.client_secret, json.refresh_token, json.state];
  return fields.filter((field) => typeof field === 'string');
}

function extendResult(body: Uint8Array, apiUrl: URL): ExtendResult {
  const answer = readObject(body, extendAnswer);
  switch (answer.action_needed) {
    case 'no_action_needed':
      return { action: 'none', tokens: readObject(body, tokenSet) };
    case 'authentication_needed':
      return { action: 'authenticate', url: safeLink(answer.user_input_link, apiUrl) };
    case 'reconfirmation_of_consent_needed':
      return { action: 'reconfirm', url: safeLink(answer.user_input_link, apiUrl) };
  }
}
