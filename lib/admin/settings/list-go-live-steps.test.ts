import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseEnv } from '#lib/env/env';
import { toGoLiveSteps } from './list-go-live-steps.ts';

const secret = () => randomBytes(36).toString('base64');
const LOCAL = {
  DATABASE_URL: 'postgresql://u:p@127.0.0.1:5432/db',
  TOKEN_SEALING_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  NEXTAUTH_SECRET: secret(),
  SESSION_SECRET: secret(),
  SMTP_URL: 'smtp://127.0.0.1:3125',
};
const LIVE = {
  ...LOCAL,
  APP_URL: 'https://money.example.eu',
  TRUELAYER_ENV: 'live',
  SMTP_URL: 'smtps://user:password@mail.example.eu:465',
  MAIL_FROM: 'Money <no-reply@example.eu>',
  ADMIN_EMAILS: 'ann@example.eu',
  TRUSTED_PROXIES: '10.0.0.0/8',
  COMPANY_PRIVACY_URL: 'https://money.example.eu/privacy',
  METRICS_TOKEN: secret(),
};
const CLIENT = { flow: 'bank-selection', clientId: 'money-1a2b3c', isRoleLimited: true, adminsWithoutPasskey: 0 };

function openSteps(source: Record<string, string>, client: Parameters<typeof toGoLiveSteps>[1]): string[] {
  return toGoLiveSteps(parseEnv(source), client)
    .filter(({ isDone }) => !isDone)
    .map(({ code }) => code);
}

test('nothing is left to do in a complete live deployment', () => {
  expect(openSteps(LIVE, CLIENT)).toEqual([]);
});

test('a local trial has everything left to do', () => {
  expect(openSteps(LOCAL, { flow: 'direct', clientId: null, isRoleLimited: false, adminsWithoutPasskey: 1 })).toEqual([
    'live_environment',
    'https_address',
    'live_client',
    'consent_screens',
    'mail_server',
    'own_admins',
    'admin_passkeys',
    'database_role',
    'trusted_proxy',
    'company_details',
    'metrics_token',
  ]);
});

test.each([
  ['mail_server', { SMTP_URL: 'smtp://localhost:25' }],
  ['mail_server', { MAIL_FROM: 'Money <no-reply@localhost>' }],
  ['own_admins', { ADMIN_EMAILS: 'ann@example.eu admin@example.com' }],
  ['own_admins', { ADMIN_EMAILS: '' }],
  ['company_details', { TRUELAYER_CLIENT_ROLE: 'regulated' }],
  ['metrics_token', { METRICS_TOKEN: '' }],
])('%s is left to do with %j', (code, change) => {
  expect(openSteps({ ...LIVE, ...change }, CLIENT)).toEqual([code]);
});

test('an admin without a passkey, and a database role with too many rights, are left to do', () => {
  expect(openSteps(LIVE, { ...CLIENT, adminsWithoutPasskey: 2 })).toEqual(['admin_passkeys']);
  expect(openSteps(LIVE, { ...CLIENT, isRoleLimited: false })).toEqual(['database_role']);
});

test('a sandbox client and unapproved consent screens are left to do', () => {
  expect(openSteps(LIVE, { ...CLIENT, clientId: 'sandbox-money' })).toEqual(['live_client']);
  expect(openSteps(LIVE, { ...CLIENT, flow: 'direct' })).toEqual(['consent_screens']);
});
