import type { Endpoint } from './call.ts';
import { handlingByCode, isRetryableKind, type TrueLayerErrorCode, type TrueLayerErrorKind } from './error-codes.ts';
import type { NetworkFailure } from './network-failure.ts';

/** What TrueLayer's free texts are reduced to: a reason is one of these, and fields are names only. */
export type ErrorDebug = {
  traceId: string | null;
  reason: 'invalid_refresh_token' | 'invalid_token' | 'consent_over' | 'other' | null;
  fields: readonly string[];
};

export type ErrorFacts = {
  code: TrueLayerErrorCode;
  /** When the code alone does not tell, and for the answers that have no code. */
  kind?: TrueLayerErrorKind;
  rawCode?: string | null;
  httpStatus?: number | null;
  retryAfterMs?: number | null;
  networkFailure?: NetworkFailure | null;
  debug?: ErrorDebug;
};

export type ErrorContext = {
  endpoint: Endpoint;
  correlationId: string | null;
  trueLayerCorrelationId: string | null;
  bankId: string | null;
};

/** A failure of a call. Made of codes and ids only, so that it may be logged as it is. It has no cause on purpose. */
export class TrueLayerError extends Error {
  readonly code: TrueLayerErrorCode;
  readonly rawCode: string | null;
  readonly kind: TrueLayerErrorKind;
  readonly httpStatus: number | null;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | null;
  readonly networkFailure: NetworkFailure | null;
  readonly endpoint: Endpoint | null;
  readonly bankId: string | null;
  readonly correlationId: string | null;
  readonly trueLayerCorrelationId: string | null;
  readonly debug: ErrorDebug;
  readonly advice: string;

  constructor(facts: ErrorFacts, context: ErrorContext | null = null) {
    super(messageOf(facts, context));
    this.name = 'TrueLayerError';
    this.code = facts.code;
    this.rawCode = facts.rawCode ?? null;
    this.kind = facts.kind ?? handlingByCode[facts.code].kind;
    this.httpStatus = facts.httpStatus ?? null;
    this.isRetryable = isRetryableKind(this.kind);
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.networkFailure = facts.networkFailure ?? null;
    this.endpoint = context?.endpoint ?? null;
    this.bankId = context?.bankId ?? null;
    this.correlationId = context?.correlationId ?? null;
    this.trueLayerCorrelationId = context?.trueLayerCorrelationId ?? null;
    this.debug = facts.debug ?? { traceId: null, reason: null, fields: [] };
    this.advice = handlingByCode[facts.code].advice;
  }

  /** The same failure, told with the call that met it: a parser doesn't know which call its bytes answered. */
  in(context: ErrorContext, httpStatus: number | null): TrueLayerError {
    return new TrueLayerError({ ...this, httpStatus: this.httpStatus ?? httpStatus }, context);
  }
}

function messageOf(facts: ErrorFacts, context: ErrorContext | null): string {
  const what = context ? `TrueLayer call ${context.endpoint} failed` : 'TrueLayer answer refused';
  const status = facts.httpStatus ? ` (HTTP ${facts.httpStatus})` : '';
  const detail = facts.networkFailure && facts.networkFailure !== facts.code ? `: ${facts.networkFailure}` : '';
  return `${what}: ${facts.code}${status}${detail}`;
}
