import { expect, test } from 'vitest';
import { createTrueLayerClient } from './client.ts';
import { TrueLayerConfigError } from './config.ts';

const live = {
  authUrl: 'https://auth.truelayer.com',
  apiUrl: 'https://api.truelayer.com',
  statusUrl: 'https://status-api.truelayer.com',
};

test.each([
  'https://api.truelayer.com',
  'https://api.truelayer.com/',
  'http://localhost:3001',
  'http://127.0.0.1:3001',
  'http://[::1]:3001',
])('accepts the origin %s', (apiUrl) => {
  expect(() => createTrueLayerClient({ ...live, apiUrl })).not.toThrow();
});

test.each([
  ['http://api.truelayer.com', 'insecure_origin'],
  ['http://127.0.0.1.evil.example', 'insecure_origin'],
  ['http://10.0.0.1:3001', 'insecure_origin'],
  ['https://api.truelayer.com/data/v1', 'not_an_origin'],
  ['https://api.truelayer.com?x=1', 'not_an_origin'],
  ['https://user:hunter2@api.truelayer.com', 'not_an_origin'],
  ['ftp://api.truelayer.com', 'not_an_origin'],
  ['api.truelayer.com', 'not_an_origin'],
  ['', 'not_an_origin'],
])('refuses %s at construction, naming the setting and not its value', (apiUrl, code) => {
  const build = () => createTrueLayerClient({ ...live, apiUrl });
  expect(build).toThrow(TrueLayerConfigError);
  expect(build).toThrow(`TrueLayer client: apiUrl is refused: ${code}`);
});

test('refuses a time limit that is none', () => {
  expect(() => createTrueLayerClient({ ...live, timeoutMs: 0 })).toThrow('timeoutMs');
  expect(() => createTrueLayerClient({ ...live, backOffMs: Number.NaN })).toThrow('backOffMs');
});
