import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { env } from '#lib/env/env';
import { send } from './send.ts';

type Attribute = string | number | boolean | null | undefined;

/** One piece of work. Attributes are ids and codes: never a token, a query, or anything of a person's. */
export type Span = {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: 'server' | 'client' | 'internal';
  startedAtMs: number;
  attributes: Record<string, Attribute>;
};

const held = globalThis as typeof globalThis & { linkwellSpan?: AsyncLocalStorage<Span> };
/** On the global: the build gives each of its parts a copy of this module, and a request goes through several. */
held.linkwellSpan ??= new AsyncLocalStorage();
const current = held.linkwellSpan;

/** Null, and nothing done, unless OTEL_EXPORTER_OTLP_ENDPOINT is set. */
export function startSpan(name: string, kind: Span['kind'], attributes: Span['attributes']): Span | null {
  if (env().tracing === null) return null;
  const parent = current.getStore();
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: parent?.spanId ?? null,
    name,
    kind,
    startedAtMs: Date.now(),
    attributes,
  };
}

export function endSpan(span: Span | null | undefined, errorCode: string | null): void {
  if (span) send({ ...span, endedAtMs: Date.now(), errorCode });
}

/** Every span that begins while `work` runs is a part of this one. */
export async function inSpan<T>(name: string, attributes: Span['attributes'], work: () => Promise<T>): Promise<T> {
  const span = startSpan(name, 'internal', attributes);
  if (span === null) return work();
  try {
    const result = await current.run(span, work);
    endSpan(span, null);
    return result;
  } catch (error) {
    endSpan(span, error instanceof Error ? error.name : 'unknown');
    throw error;
  }
}

/** For what has no function to run in: everything that follows in the same chain of calls belongs to the span. */
export function enterSpan(span: Span | null): void {
  if (span !== null) current.enterWith(span);
}
