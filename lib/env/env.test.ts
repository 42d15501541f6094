import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EnvError, parseEnv } from './env.ts';

const KEY = randomBytes(32).toString('base64');
const complete = {
  DATABASE_URL: 'postgresql://u:p@127.0.0.1:5432/db',
  TOKEN_SEALING_KEYS: `k1:${KEY}`,
  NEXTAUTH_SECRET: randomBytes(36).toString('base64'),
  SESSION_SECRET: randomBytes(36).toString('base64'),
  SMTP_URL: 'smtp://127.0.0.1:3125',
};

function problemsOf(change: Record<string, string>): readonly string[] {
  try {
    parseEnv({ ...complete, ...change });
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

test('has every default that a local run needs', () => {
  const env = parseEnv(complete);
  expect(env.trueLayer).toMatchObject({ environment: 'local', flow: 'direct', authUrl: 'http://127.0.0.1:3100' });
  expect(env.adminEmails).toEqual(['admin@example.com']);
});

test('outside local, asks first for TrueLayer consent screens and names no admin', () => {
  const env = parseEnv({ ...complete, TRUELAYER_ENV: 'live', APP_URL: 'https://bank.example' });
  expect(env.trueLayer).toMatchObject({ flow: 'bank-selection', apiUrl: 'https://api.truelayer.com' });
  expect(env.adminEmails).toEqual([]);
});

test('names every variable that is wrong at once, and never its value', () => {
  const problems = problemsOf({
    PORT: 'eighty',
    TRUELAYER_ENV: 'prod',
    TOKEN_SEALING_KEYS: 'hunter2-secret',
    NEXTAUTH_SECRET: 'short-secret',
  });
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
    'PORT',
    'TRUELAYER_ENV',
    'TOKEN_SEALING_KEYS',
    'NEXTAUTH_SECRET',
  ]);
  expect(problems.join()).not.toMatch(/hunter2|short-secret/);
});

test('says how to make what is missing', () => {
  expect(problemsOf({ TOKEN_SEALING_KEYS: ' ' })[0]).toMatch(/^TOKEN_SEALING_KEYS is missing: make a key with/);
});

test.each([
  [
    'a sandbox client at the live hosts',
    { TRUELAYER_ENV: 'live', APP_URL: 'https://a.b', TRUELAYER_CLIENT_ID: 'sandbox-x', TRUELAYER_CLIENT_SECRET: 's' },
  ],
  [
    'a live client at the sandbox hosts',
    { TRUELAYER_ENV: 'sandbox', TRUELAYER_CLIENT_ID: 'x', TRUELAYER_CLIENT_SECRET: 's' },
  ],
  ['an id without its secret', { TRUELAYER_CLIENT_ID: 'sandbox-x' }],
  ['plain http for a public TrueLayer host', { TRUELAYER_API_URL: 'http://api.example.com' }],
  ['a TrueLayer address with a path', { TRUELAYER_API_URL: 'https://api.example.com/data/v1' }],
  ['plain http for the app when live', { TRUELAYER_ENV: 'live' }],
  [
    'our own consent screens in live before they are approved',
    { TRUELAYER_ENV: 'live', APP_URL: 'https://a.b', TRUELAYER_FLOW: 'direct' },
  ],
  ['a key that is not 32 bytes', { TOKEN_SEALING_KEYS: 'k1:c2hvcnQ=' }],
  ['two keys of one name', { TOKEN_SEALING_KEYS: `k1:${KEY},k1:${KEY}` }],
  ['half an OpenID Connect provider', { OIDC_ISSUER: 'https://id.example.com' }],
  [
    'an OpenID Connect provider over plain http',
    { OIDC_ISSUER: 'http://id.example.com', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' },
  ],
  ['trust in the addresses of no provider', { OIDC_TRUST_EMAILS: 'true' }],
  [
    'trust in the addresses of a provider that is open to every tenant',
    {
      OIDC_ISSUER: 'https://login.microsoftonline.com/common/v2.0',
      OIDC_CLIENT_ID: 'a',
      OIDC_CLIENT_SECRET: 'b',
      OIDC_TRUST_EMAILS: 'true',
    },
  ],
  ['a public address without a TrueLayer environment', { APP_URL: 'https://app.example.com' }],
  ['a key of equal bytes', { TOKEN_SEALING_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` }],
  ['one key under two names', { TOKEN_SEALING_KEYS: `k1:${KEY},k2:${KEY}` }],
  ['a secret of one repeated character', { NEXTAUTH_SECRET: 'x'.repeat(40) }],
  ['one secret for two purposes', { SESSION_SECRET: complete.NEXTAUTH_SECRET }],
  ['the metrics token as another secret', { METRICS_TOKEN: complete.SESSION_SECRET }],
  ['a proxy by name', { TRUSTED_PROXIES: 'proxy.internal' }],
  ['every address as a proxy', { TRUSTED_PROXIES: '0.0.0.0/0' }],
  ['every IPv6 address as a proxy', { TRUSTED_PROXIES: '10.0.0.1 ::/0' }],
  ['half of all addresses as a proxy', { TRUSTED_PROXIES: '128.0.0.0/1' }],
  ['a network with two prefixes', { TRUSTED_PROXIES: '10.0.0.0/8/8' }],
  ['an admin who is no email address', { ADMIN_EMAILS: 'admin@example.com; admin' }],
  ['scopes in another notation', { TRUELAYER_SCOPES: 'accounts|balance' }],
])('refuses %s', (_, change) => {
  expect(problemsOf(change)).toHaveLength(1);
});

test('trusts the addresses of an OpenID Connect provider only when told to', () => {
  const oidc = {
    OIDC_ISSUER: 'https://login.microsoftonline.com/8c5c0a4e-0c5b-4d4e-9d5e-1c1c1c1c1c1c/v2.0',
    OIDC_CLIENT_ID: 'a',
    OIDC_CLIENT_SECRET: 'b',
  };
  expect(parseEnv({ ...complete, ...oidc }).openIdConnect).toMatchObject({ trustsEmails: false });
  expect(parseEnv({ ...complete, ...oidc, OIDC_TRUST_EMAILS: 'true' }).openIdConnect).toMatchObject({
    trustsEmails: true,
  });
});

test('accepts spaces, commas and semicolons in every list', () => {
  const env = parseEnv({
    ...complete,
    ADMIN_EMAILS: 'a@x.example; B@x.example,c@x.example',
    TRUSTED_PROXIES: '10.0.0.0/8;fd00::/8 127.0.0.1',
    TRUELAYER_SCOPES: 'accounts;balance, offline_access',
    TRUELAYER_PROVIDERS: 'uk-ob-all;uk-oauth-all',
  });
  expect(env.adminEmails).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
  expect(env.trustedProxies).toEqual(['10.0.0.0/8', 'fd00::/8', '127.0.0.1']);
  expect(env.trueLayer.scopes).toEqual(['accounts', 'balance', 'offline_access']);
  expect(env.trueLayer.providers).toEqual(['uk-ob-all', 'uk-oauth-all']);
});

test('reads a secret from the file that NAME_FILE names, without its final line break', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'env-'));
  try {
    const file = path.join(dir, 'secret');
    const value = randomBytes(36).toString('base64');
    writeFileSync(file, `${value}\n`);
    const { SESSION_SECRET: _, ...others } = complete;
    expect(parseEnv({ ...others, SESSION_SECRET_FILE: file }).sessionSecret).toBe(value);
    expect(problemsOf({ SESSION_SECRET_FILE: file })[0]).toMatch(/^SESSION_SECRET and SESSION_SECRET_FILE/);
    expect(problemsOf({ SMTP_URL: '', SMTP_URL_FILE: path.join(dir, 'missing') })[0]).toMatch(
      /^SMTP_URL_FILE names a file that can't be read \(ENOENT\)/,
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});
