import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

let collector: Server;
const received: string[] = [];

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    received.push(`${request.url} ${await text(request)}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});
afterAll(() => collector.close());

async function tracing(endpoint: string) {
  vi.resetModules();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint);
  return { ...(await import('./span.ts')), ...(await import('./send.ts')) };
}

test('what a job does reaches the collector that is configured, each part under the whole', async () => {
  const { inSpan, startSpan, endSpan, flushTraces } = await tracing(
    `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`,
  );
  await inSpan('job connection.sync', { jobId: 'a-job', attempt: 2 }, async () => {
    endSpan(startSpan('truelayer accounts', 'client', { correlationId: 'ours', bankId: null }), 'provider_error');
  });
  await inSpan('job tasks.sweep', {}, () => Promise.reject(new TypeError('broken'))).catch(() => undefined);
  await flushTraces();

  const [line = ''] = received;
  expect(line).toMatch(/^\/v1\/traces \{/);
  const { resourceSpans } = JSON.parse(line.slice(line.indexOf('{')));
  expect(resourceSpans[0].resource.attributes[0].value.stringValue).toMatch(/^linkwell-/);
  const [call, job, failed] = resourceSpans[0].scopeSpans[0].spans;
  expect(call).toMatchObject({ name: 'truelayer accounts', kind: 3, status: { code: 2, message: 'provider_error' } });
  expect(call.attributes).toEqual([{ key: 'correlationId', value: { stringValue: 'ours' } }]);
  expect(job).toMatchObject({ name: 'job connection.sync', status: {} });
  expect([call.traceId, call.parentSpanId]).toEqual([job.traceId, job.spanId]);
  expect(job.parentSpanId).toBeUndefined();
  expect(job.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(failed).toMatchObject({ name: 'job tasks.sweep', status: { code: 2, message: 'TypeError' } });
  expect(failed.traceId).not.toBe(job.traceId);
});

test('a collector that is away holds nothing up', async () => {
  const { inSpan, flushTraces } = await tracing('http://127.0.0.1:2');
  expect(await inSpan('job', {}, () => Promise.resolve('done'))).toBe('done');
  await flushTraces();
});

test('without a collector nothing is noted at all', async () => {
  const { inSpan, startSpan } = await tracing('');
  expect(startSpan('job', 'internal', {})).toBeNull();
  expect(await inSpan('job', {}, () => Promise.resolve('done'))).toBe('done');
});
