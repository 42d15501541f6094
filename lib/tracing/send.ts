import { trimEndOf } from '#lib/format/trim-end-of';
import 'server-only';
import { env } from '#lib/env/env';
import { log } from '#lib/log/log';
import type { Span } from './span.ts';

export type EndedSpan = Span & { endedAtMs: number; errorCode: string | null };

const PAUSE_MS = 2000;
const PATIENCE_MS = 5000;
/** A collector that is away costs traces and no memory. */
const MOST_WAITING = 5000;

let waiting: EndedSpan[] = [];
let timer: NodeJS.Timeout | undefined;

export function send(span: EndedSpan): void {
  if (waiting.length >= MOST_WAITING) return;
  waiting.push(span);
  timer ??= setTimeout(() => void flushTraces(), PAUSE_MS).unref();
}

/** Hands over what has ended, as OTLP over HTTP in JSON. What the collector doesn't take is let go of. */
export async function flushTraces(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const { tracing } = env();
  if (tracing === null || waiting.length === 0) return;
  const spans = waiting;
  waiting = [];
  try {
    const response = await fetch(`${trimEndOf(tracing.endpoint, '/')}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(toRequest(spans, `${tracing.serviceName}-${process.title.replace('linkwell-', '')}`)),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok)
      log().warn({ event: 'traces.refused', httpStatus: response.status }, 'the collector took no traces');
  } catch (error) {
    log().warn({ event: 'traces.lost', error, count: spans.length }, 'the collector could not be reached');
  }
}

const KINDS: Readonly<Record<Span['kind'], number>> = { internal: 1, server: 2, client: 3 };

function toRequest(spans: readonly EndedSpan[], service: string) {
  const resource = { attributes: [toAttribute('service.name', service)] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'linkwell' }, spans: spans.map(toSpan) }] }] };
}

function toSpan(span: EndedSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: `${span.startedAtMs}000000`,
    endTimeUnixNano: `${span.endedAtMs}000000`,
    attributes: Object.entries(span.attributes)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => toAttribute(name, value)),
    status: span.errorCode === null ? {} : { code: 2, message: span.errorCode },
  };
}

function toAttribute(key: string, value: unknown) {
  if (typeof value === 'boolean') return { key, value: { boolValue: value } };
  if (typeof value === 'number') return { key, value: { doubleValue: value } };
  return { key, value: { stringValue: String(value) } };
}
