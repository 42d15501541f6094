import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as environment from '#lib/env/env';
import { examineOpenId } from './examine-open-id.ts';

let document: object = {};
const provider = createServer((request, response) => {
  const isKnown = request.url === '/.well-known/openid-configuration';
  response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(document));
});
let issuer = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterAll(() => provider.close());

async function wordsFor(
  states: object,
  settings: { issuer?: string; trustsEmails?: boolean } | null = {},
): Promise<string[]> {
  document = states;
  const openIdConnect = settings && {
    ...{ issuer, clientId: 'a', clientSecret: 'b', name: 'Corp', trustsEmails: false },
    ...settings,
  };
  vi.spyOn(environment, 'env').mockReturnValue({ ...environment.env(), openIdConnect });
  return (await examineOpenId()).map(({ verdict, words }) => `${verdict}: ${words}`);
}

const endpoints = () => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
});

test('a provider that works is named with its redirect URI', async () => {
  expect(await wordsFor({ ...endpoints(), claims_supported: ['sub', 'email', 'email_verified'] })).toEqual([
    `good: Corp answers. Its redirect URI is ${environment.env().appUrl}/api/auth/callback/oidc.`,
    'good: The provider sends email and email_verified.',
  ]);
});

test('without a provider there is nothing to say', async () => {
  expect(await wordsFor({}, null)).toEqual([]);
});

test('claims that Microsoft Entra ID and others do not name are said to be missing, with the remedy', async () => {
  const entra = { ...endpoints(), claims_supported: ['sub', 'iss', 'preferred_username', 'name', 'email'] };
  expect((await wordsFor(entra))[1]).toMatch(
    /^warning: The provider does not name email_verified among its claims.* set OIDC_TRUST_EMAILS=true if/,
  );
  const neither = { ...endpoints(), claims_supported: ['sub'] };
  expect((await wordsFor(neither))[1]).toMatch(/^warning: .* email and email_verified .*: let it send them/);
  expect((await wordsFor(entra, { trustsEmails: true }))[1]).toMatch(/^warning: OIDC_TRUST_EMAILS is true/);
  // A provider need not name its claims (OpenID Connect Discovery 1.0, section 3).
  expect(await wordsFor(endpoints())).toHaveLength(1);
});

test('an issuer that is spelled in another way, or is none, is said to be', async () => {
  expect(await wordsFor(endpoints(), { issuer: `${issuer}/` })).toEqual([
    expect.stringMatching(`^bad: OIDC_ISSUER should be ${issuer}, character for character`),
  ]);
  expect(await wordsFor({ issuer })).toEqual([
    expect.stringMatching(/^bad: \S+ lacks authorization_endpoint, token_endpoint, jwks_uri/),
  ]);
  expect(await wordsFor({}, { issuer: `${issuer}/tenant` })).toEqual([
    expect.stringMatching(/^bad: \S+ answers with 404: is OIDC_ISSUER right\?/),
  ]);
});
