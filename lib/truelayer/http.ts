import 'server-only';

import { randomUUID } from 'node:crypto';
import { parseRetryAfter, pause, pauseBeforeMs } from './back-off.ts';
import type { CallAttempt, CallOptions, CallOutcome, Endpoint } from './call.ts';
import { type ErrorContext, TrueLayerError } from './error.ts';
import { type Credential, factsOfAnswer, saneText } from './error-answer.ts';
import { exchange, type Received } from './exchange.ts';
import type { PsuIp } from './psu-ip.ts';

export type AnswerMeta = {
  endpoint: Endpoint;
  httpStatus: number;
  correlationId: string;
  trueLayerCorrelationId: string | null;
  credentialsId: string | null;
  attended: boolean;
  attempts: number;
  durationMs: number;
  responseBytes: number;
  receivedAt: Date;
};

export type Answer = { httpStatus: number; body: Uint8Array; meta: AnswerMeta };

export type HttpRequest<T> = {
  endpoint: Endpoint;
  method: 'GET' | 'POST' | 'DELETE';
  url: URL;
  presents: Credential;
  accessToken?: string;
  form?: Readonly<Record<string, string>>;
  json?: Readonly<Record<string, unknown>>;
  /** Whatever of the request must not come back in an error, besides the access token. */
  secrets?: readonly string[];
  resourceId?: string;
  presentPersonIp?: PsuIp | undefined;
  isAsynchronous?: boolean;
  timeoutMs: number;
  maxBytes: number;
  /** Used when the caller names no number. */
  attempts: number;
  /** The answer may hold tokens that exist nowhere else, so it outweighs a gate that fails to take note of it. */
  isAnswerPrecious?: boolean;
  options: CallOptions;
  read(answer: Answer): T;
};

export type Http = { request<T>(request: HttpRequest<T>): Promise<T> };

export type HttpConfig = { fetch: typeof fetch; now: () => Date; backOffMs: number };

/** Everything that goes out goes through here. */
export function createHttp(config: HttpConfig): Http {
  return { request: (request) => requestWithRetries(config, request) };
}

async function requestWithRetries<T>(config: HttpConfig, request: HttpRequest<T>): Promise<T> {
  const { signal, attempts = request.attempts } = request.options;
  const correlationId = request.options.correlationId ?? randomUUID();
  for (let attempt = 1; ; attempt++) {
    const call = describe(request, { correlationId, attempt, startedAt: config.now() });
    refuseUnsendable(request, call);
    if (signal?.aborted)
      throw new TrueLayerError({ code: 'aborted', networkFailure: 'aborted' }, contextOf(call, null));
    try {
      return await attemptOnce(config, request, call);
    } catch (error) {
      if (attempt >= attempts || !mayPass(error)) throw error;
      const pauseMs = pauseBeforeMs(attempt, config.backOffMs, error.retryAfterMs);
      if (pauseMs === null) throw error;
      await pause(pauseMs, signal);
    }
  }
}

/** What cannot stand in a header would be quoted in the platform's own error. */
function refuseUnsendable<T>(request: HttpRequest<T>, call: CallAttempt): void {
  const isSendable =
    /^[\w.:-]{1,128}$/.test(call.correlationId) && /^[\x21-\x7e]+$/.test(request.accessToken ?? 'none');
  const context = { ...contextOf(call, null), correlationId: null };
  if (!isSendable) throw new TrueLayerError({ code: 'invalid_call' }, context);
}

async function attemptOnce<T>(config: HttpConfig, request: HttpRequest<T>, call: CallAttempt): Promise<T> {
  const { gate } = request.options;
  await gate?.before(call);
  const received = await exchange(config.fetch, request, call.correlationId);
  const settled = settle(config, request, call, received);
  try {
    await gate?.after(call, outcomeOf(received, secretsOf(request), settled));
  } catch (error) {
    if (!settled.failure && !request.isAnswerPrecious) throw error;
  }
  if (settled.failure) throw settled.failure.error;
  return settled.value;
}

type Settled<T> = { failure: null; value: T } | { failure: { error: unknown } };

function settle<T>(config: HttpConfig, request: HttpRequest<T>, call: CallAttempt, received: Received): Settled<T> {
  const secrets = secretsOf(request);
  const context = contextOf(call, saneHeader(received, 'x-tl-correlation-id', secrets));
  const { httpStatus, networkFailure, body } = received;
  if (networkFailure !== null || httpStatus === null) return failed(networkError(received), context, httpStatus);
  if (httpStatus === 0 || (httpStatus >= 300 && httpStatus < 400)) {
    return failed(new TrueLayerError({ code: 'unexpected_redirect', httpStatus }), context, httpStatus);
  }
  if (httpStatus >= 400) {
    const retryAfterMs = parseRetryAfter(received.headers?.get('retry-after') ?? null, config.now());
    const facts = factsOfAnswer({ httpStatus, body, retryAfterMs }, request.presents, secrets);
    return failed(new TrueLayerError(facts), context, httpStatus);
  }
  const meta: AnswerMeta = {
    endpoint: call.endpoint,
    httpStatus,
    correlationId: call.correlationId,
    trueLayerCorrelationId: context.trueLayerCorrelationId,
    credentialsId: received.headers?.get('x-credentials-id') ?? null,
    attended: call.attended,
    attempts: call.attempt,
    durationMs: received.durationMs,
    responseBytes: received.responseBytes,
    receivedAt: config.now(),
  };
  try {
    return { failure: null, value: request.read({ httpStatus, body, meta }) };
  } catch (error) {
    return failed(error, context, httpStatus);
  }
}

function failed<T>(error: unknown, context: ErrorContext, httpStatus: number | null): Settled<T> {
  return { failure: { error: error instanceof TrueLayerError ? error.in(context, httpStatus) : error } };
}

function networkError({ networkFailure, httpStatus }: Received): TrueLayerError {
  const code =
    networkFailure === 'timeout' || networkFailure === 'aborted' || networkFailure === 'too_large'
      ? networkFailure
      : 'network';
  return new TrueLayerError({ code, networkFailure, httpStatus });
}

function outcomeOf(received: Received, secrets: readonly string[], settled: Settled<unknown>): CallOutcome {
  const error = settled.failure?.error ?? null;
  return {
    httpStatus: received.httpStatus,
    code: error instanceof TrueLayerError ? error.code : error && 'unknown',
    durationMs: received.durationMs,
    trueLayerCorrelationId: saneHeader(received, 'x-tl-correlation-id', secrets),
    responseBytes: received.responseBytes,
    ...(received.networkFailure && { networkFailure: received.networkFailure }),
  };
}

/** Only what another try may mend by itself: no answer, or a fault on the far side. A limit is the caller's to plan with. */
function mayPass(error: unknown): error is TrueLayerError {
  if (!(error instanceof TrueLayerError) || !error.isRetryable || error.code === 'aborted') return false;
  return error.networkFailure !== null || (error.httpStatus ?? 0) >= 500;
}

function describe<T>(
  request: HttpRequest<T>,
  moment: { correlationId: string; attempt: number; startedAt: Date },
): CallAttempt {
  return {
    endpoint: request.endpoint,
    method: request.method,
    path: request.url.pathname,
    resourceId: request.resourceId ?? null,
    bankId: request.options.bankId ?? null,
    attended: request.presentPersonIp !== undefined,
    asynchronous: request.isAsynchronous ?? false,
    ...moment,
  };
}

function contextOf(call: CallAttempt, trueLayerCorrelationId: string | null): ErrorContext {
  return { endpoint: call.endpoint, correlationId: call.correlationId, trueLayerCorrelationId, bankId: call.bankId };
}

function saneHeader({ headers }: Received, name: string, secrets: readonly string[]): string | null {
  const value = headers?.get(name);
  return value ? saneText(value, secrets) : null;
}

function secretsOf<T>({ accessToken, secrets = [] }: HttpRequest<T>): readonly string[] {
  return accessToken === undefined ? secrets : [accessToken, ...secrets];
}
