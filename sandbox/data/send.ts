import type { Context } from 'hono';
import type { Connection } from '#sandbox/store/records';
import type { Body } from './answer-cache.ts';
import { type Refusal, statusOf, toErrorBody } from './refusals.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

export function acceptsGzip(c: Context): boolean {
  return /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
}

export function nameConnection(c: Context, connection: Connection | null): void {
  c.header('Cache-Control', 'max-age=3600');
  c.header('Vary', 'Accept-Encoding');
  if (connection !== null) c.header('X-Credentials-Id', connection.credentialsId);
}

export function sendBody(c: Context, { bytes, isGzipped }: Body, changedAtMs: number): Response {
  c.header('Content-Type', JSON_TYPE);
  c.header('Last-Modified', new Date(changedAtMs).toUTCString());
  if (isGzipped) c.header('Content-Encoding', 'gzip');
  return c.body(new Uint8Array(bytes));
}

/** The answer to HEAD: no bank is asked, no call counted and no task started. */
export function sendHead(c: Context): Response {
  c.header('Content-Type', JSON_TYPE);
  return c.body(null, 200);
}

export function sendRefusal(c: Context, refusal: Refusal): Response {
  c.header('Content-Type', JSON_TYPE);
  const status = statusOf(refusal.error);
  return refusal.hasEmptyBody ? c.body(null, status) : c.body(JSON.stringify(toErrorBody(refusal)), status);
}
