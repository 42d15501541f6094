import { expect, test } from 'vitest';
import { bytes } from './test-server.ts';
import { readWebhookHint, webhookBodyLimitBytes } from './webhook.ts';

const documented = {
  request_timestamp: '2026-03-01T10:00:00Z',
  request_uri: 'https://api.truelayer.com/data/v1/accounts?async=true',
  credentials_id: '6L7RxyPKX0THy1tw93PB4V+8DB+KjnX9Pxa451yXPu0=',
  task_id: '18a77ae5-a30b-4955-b840-301daddd180a',
  status: 'Succeeded',
  results_uri: 'https://evil.example/steal',
};

test('takes the task and its status, and none of the addresses', () => {
  const hint = readWebhookHint(bytes(documented));
  expect(hint).toEqual({ taskId: '18a77ae5-a30b-4955-b840-301daddd180a', status: 'succeeded' });
});

test.each([
  ['Failed', 'failed'],
  ['Running', 'unknown'],
  [undefined, 'unknown'],
  [7, 'unknown'],
])('reads status %s as %s', (status, meaning) => {
  expect(readWebhookHint(JSON.stringify({ task_id: 't-1', status }))?.status).toBe(meaning);
});

test.each([
  '',
  'null',
  '[]',
  '{',
  '{"status":"Succeeded"}',
  '{"task_id":""}',
  '{"task_id":7}',
  '{"task_id":"../../x"}',
  `{"task_id":"${'x'.repeat(200)}"}`,
])('reads no hint from %s', (body) => {
  expect(readWebhookHint(body)).toBeNull();
});

test('refuses a body beyond the limit unread, as bytes or as text', () => {
  const large = JSON.stringify({ task_id: 't-1', padding: 'é'.repeat(webhookBodyLimitBytes / 2) });
  expect([readWebhookHint(large), readWebhookHint(bytes(large))]).toEqual([null, null]);
});
