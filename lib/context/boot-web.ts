import 'server-only';
import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { recordPeer } from '#lib/auth/client-address';
import { EnvError, env, passAppUrlToNextAuth } from '#lib/env/env';
import { log } from '#lib/log/log';
import { noteAnswer } from '#lib/metrics/http-metrics';
import { ensureSealedSettings } from '#lib/settings/sealed-settings';
import { flushTraces } from '#lib/tracing/send';
import { endSpan, enterSpan, type Span, startSpan } from '#lib/tracing/span';
import { createContext } from './context.ts';
import { limitBody } from './limit-body.ts';
import { reportRuntimeRole } from './report-runtime-role.ts';
import { explainUnknownAction } from './unknown-action.ts';

/** Parses the configuration (or ends the process with what is wrong with it) and notes who is at the other end of each socket. */
export async function bootWeb(): Promise<void> {
  process.title = 'linkwell-web';
  try {
    env();
    passAppUrlToNextAuth();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  process.once('SIGTERM', () => void flushTraces());
  const ctx = await createContext({ actor: { kind: 'system', job: 'web.boot' } });
  await ensureSealedSettings(ctx);
  await reportRuntimeRole(ctx);
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    limitBody(request, response);
    explainUnknownAction(request, response);
    recordPeer(request);
    startedAt.set(request, performance.now());
    const span = startSpan(`${request.method} ${pathOf(request.url ?? '')}`, 'server', {});
    if (span !== null) spans.set(request, span);
    enterSpan(span);
  });
  diagnostics.subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    noteFinished(request, response);
  });
  log().info({ event: 'web.started' }, 'web is up');
}

const startedAt = new WeakMap<IncomingMessage, number>();
const spans = new WeakMap<IncomingMessage, Span>();

/** Asked all day long by machines, and never news. */
const UNLOGGED = /^\/(_next\/|api\/(health|ready|metrics)$)/;

function noteFinished(request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request.url ?? '');
  const durationMs = Math.round(performance.now() - (startedAt.get(request) ?? performance.now()));
  noteAnswer(path, response.statusCode, durationMs / 1000);
  if (UNLOGGED.test(path)) return;
  const requestId = response.getHeader('x-request-id');
  const answered = { event: 'http.answered', requestId, method: request.method, path, ...idsIn(path) };
  endRequestSpan(request, { ...idsIn(path), requestId: String(requestId), status: response.statusCode });
  log().info({ ...answered, status: response.statusCode, durationMs }, 'answered');
}

function endRequestSpan(request: IncomingMessage, facts: Span['attributes']): void {
  const span = spans.get(request);
  if (span === undefined) return;
  endSpan({ ...span, attributes: facts }, Number(facts.status) >= 500 ? String(facts.status) : null);
}

/** Of what the path is about, under the names that every other line has them. */
function idsIn(path: string): { attemptId?: string; connectionId?: string } {
  const attemptId = /^\/(?:connect\/(?:result|return)|api\/attempts)\/([0-9a-f-]{36})/.exec(path)?.[1];
  const connectionId = /^\/(?:admin\/)?connections\/([0-9a-f-]{36})/.exec(path)?.[1];
  return { ...(attemptId === undefined ? {} : { attemptId }), ...(connectionId === undefined ? {} : { connectionId }) };
}

/** Paths only: a query may carry a code, a state or a sign-in token, and one path holds what a mail unsubscribes by. */
function pathOf(url: string): string {
  return (url.split('?')[0] ?? '').replace(/(\/unsubscribe\/).+/, '$1[token]');
}

export function reportRequestError(error: unknown, request: { path: string; method: string }): void {
  log().error({ error, path: pathOf(request.path), method: request.method }, 'request failed');
}
