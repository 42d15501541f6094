import { expect, test } from 'vitest';
import { EnvError, parseEnv } from './env.ts';

const KEY = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const complete = {
  DATABASE_URL: 'postgresql://u:p@127.0.0.1:5432/db',
  TOKEN_SEALING_KEYS: `k1:${KEY}`,
  NEXTAUTH_SECRET: 'x'.repeat(40),
  SESSION_SECRET: 'y'.repeat(40),
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
])('refuses %s', (_, change) => {
  expect(problemsOf(change)).toHaveLength(1);
});
