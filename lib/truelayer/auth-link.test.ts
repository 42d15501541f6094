import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type AuthLinkInput, buildAuthLink } from './auth-link.ts';
import { createPkcePair } from './pkce.ts';

const input: AuthLinkInput = {
  clientId: 'sandbox-budgetapp-b4c334',
  redirectUri: 'https://app.example/connect/callback',
  permissions: ['info', 'accounts', 'offline_access'],
  providers: ['uk-ob-all', 'uk-oauth-all'],
  state: 'a+b/c= d',
};

const query = (extra: Partial<AuthLinkInput> = {}) =>
  Object.fromEntries(buildAuthLink('https://auth.truelayer.com', { ...input, ...extra }).searchParams);

test('leads to TrueLayer’s own list of banks when no bank is named', () => {
  const link = buildAuthLink('https://auth.truelayer.com', input);
  expect(link.origin + link.pathname).toBe('https://auth.truelayer.com/');
  expect(Object.fromEntries(link.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'sandbox-budgetapp-b4c334',
    redirect_uri: 'https://app.example/connect/callback',
    scope: 'info accounts offline_access',
    providers: 'uk-ob-all uk-oauth-all',
    state: 'a+b/c= d',
  });
});

test('carries a state through percent-encoding unchanged', () => {
  expect(buildAuthLink('https://auth.truelayer.com', input).search).toContain('state=a%2Bb%2Fc%3D+d');
});

test('goes to one bank, with challenge, consent, tracking and form answer when given', () => {
  expect(
    query({
      bankId: 'ob-monzo',
      codeChallenge: 'ch',
      consentId: 'c0ns3nt',
      trackingId: 't-1',
      responseMode: 'form_post',
    }),
  ).toMatchObject({
    provider_id: 'ob-monzo',
    providers: 'uk-ob-all uk-oauth-all',
    code_challenge: 'ch',
    code_challenge_method: 'S256',
    consent_id: 'c0ns3nt',
    tracking_id: 't-1',
    response_mode: 'form_post',
  });
});

test.each([
  [['uk-ob-all'], 'ob-monzo', 'uk-ob-all'],
  [['uk-oauth-all'], 'ob-monzo', 'uk-oauth-all ob-monzo'],
  [['ob-monzo'], 'ob-monzo', 'ob-monzo'],
  [['uk-ob-monzo'], 'ob-monzo', 'uk-ob-monzo'],
  [['uk-ob-all'], 'mock', 'uk-ob-all uk-cs-mock'],
  [['uk-cs-mock', 'uk-ob-all'], 'mock', 'uk-cs-mock uk-ob-all'],
])('a named bank is always inside the filter: %s with %s sends %s', (providers, bankId, sent) => {
  expect(query({ providers, bankId }).providers).toBe(sent);
});

test.each([{ consentId: 'with-hyphens' }, { consentId: '' }, { permissions: [] }, { providers: [] }])(
  'refuses to build a link that TrueLayer would turn down: %j',
  (wrong) => {
    expect(() => query(wrong)).toThrow(expect.objectContaining({ code: 'invalid_call', kind: 'request' }));
  },
);

test('refuses to send a person over plain http', () => {
  expect(() => buildAuthLink('http://auth.truelayer.com', input)).toThrow(
    expect.objectContaining({ code: 'insecure_origin' }),
  );
});

test('a challenge is the SHA-256 of its verifier, and no two pairs are alike', () => {
  const [one, other] = [createPkcePair(), createPkcePair()];
  expect(one.challenge).toBe(createHash('sha256').update(one.verifier).digest('base64url'));
  expect(one.verifier).toMatch(/^[\w-]{43}$/);
  expect(one.verifier).not.toBe(other.verifier);
});
