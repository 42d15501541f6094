import { parseOrigin } from './config.ts';
import { TrueLayerError } from './error.ts';

export type AuthLinkInput = {
  clientId: string;
  redirectUri: string;
  permissions: readonly string[];
  /** Which banks may be offered: groups such as `uk-ob-all`, or single banks. */
  providers: readonly string[];
  /** Skips TrueLayer's list of banks. */
  bankId?: string | undefined;
  state: string;
  codeChallenge?: string | undefined;
  /** Letters and digits. Says that our own consent screen was shown: for approved clients only. */
  consentId?: string | undefined;
  trackingId?: string | undefined;
  responseMode?: 'form_post' | undefined;
};

/** Where the browser goes to start. Build it at the click: a link is good once, and for how long is not known. */
export function buildAuthLink(authUrl: string | URL, input: AuthLinkInput): URL {
  const url = new URL('/', parseOrigin(authUrl, 'authUrl'));
  const providers = input.bankId === undefined ? input.providers : withBank(input.providers, input.bankId);
  const parameters = {
    response_type: 'code',
    client_id: input.clientId,
    redirect_uri: input.redirectUri,
    scope: joined(input.permissions),
    providers: joined(providers),
    provider_id: input.bankId,
    state: input.state,
    ...challengeParameters(input.codeChallenge),
    consent_id: checkedConsentId(input.consentId),
    tracking_id: input.trackingId,
    response_mode: input.responseMode,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

export function challengeParameters(codeChallenge: string | undefined) {
  return codeChallenge === undefined ? {} : { code_challenge: codeChallenge, code_challenge_method: 'S256' };
}

export function checkedConsentId(consentId: string | undefined): string | undefined {
  if (consentId !== undefined && !/^[A-Za-z0-9]+$/.test(consentId)) throw new TrueLayerError({ code: 'invalid_call' });
  return consentId;
}

function joined(list: readonly string[]): string {
  if (list.length === 0) throw new TrueLayerError({ code: 'invalid_call' });
  return list.join(' ');
}

const mockBank = { id: 'mock', filter: 'uk-cs-mock' };

/** A bank that is named has to be inside the filter too, by its group or by itself. */
function withBank(providers: readonly string[], bankId: string): readonly string[] {
  if (bankId === mockBank.id) return providers.includes(mockBank.filter) ? providers : [...providers, mockBank.filter];
  const group = `${bankId.split('-')[0]}-all`;
  const isCovered = providers.some(
    (token) => [token, withoutCountry(token)].includes(bankId) || withoutCountry(token) === group,
  );
  return isCovered ? providers : [...providers, bankId];
}

function withoutCountry(token: string): string {
  return token.replace(/^[a-z]{2}-/, '');
}
