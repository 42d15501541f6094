import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { addMs } from '#lib/time/span';
import { endSpan, type Span, startSpan } from '#lib/tracing/span';
import type { CallAttempt, CallGate, CallOutcome, Endpoint } from '#lib/truelayer/call';
import { type CallTarget, nextFreeAt } from './budget.ts';
import { BudgetExhaustedError, isFifthCall } from './budget-exhausted.ts';
import { loadCountedCalls } from './load-counted-calls.ts';

export type GateScope = {
  connectionId: string | null;
  bankId: string | null;
  runId?: string;
  /** Our id of the account that TrueLayer calls by its own. */
  accountIdOf?: (trueLayerId: string) => string | null;
  /** Throws when nothing may be sent any more. */
  permit?: () => Promise<void>;
};

/**
 * Writes every request to TrueLayer into the ledger before it is sent, and its outcome after. The database refuses the
 * fifth unattended one, so that no number of workers, retries or crashes can make it. Never inside a transaction: a
 * claim that rolls back would be a call that nobody counted.
 */
export function createCallGate(ctx: Context, scope: GateScope): CallGate {
  if (ctx.isInTransaction) throw new Error('the call ledger inside a transaction');
  const rowIds = new WeakMap<CallAttempt, string>();
  const spans = new WeakMap<CallAttempt, Span>();
  return {
    async before(attempt) {
      const id = uuidv7();
      await scope.permit?.();
      await claim(ctx, scope, id, attempt);
      rowIds.set(attempt, id);
      const span = startCallSpan(scope, attempt);
      if (span !== null) spans.set(attempt, span);
    },
    async after(attempt, outcome) {
      endSpan(spans.get(attempt), outcome.code);
      const id = rowIds.get(attempt);
      if (id !== undefined) await complete(ctx, id, attempt, outcome);
      noteCall(ctx, scope, attempt, outcome);
    },
  };
}

/** Answered by TrueLayer itself, from its own records: these never reach a bank. */
const UNCOUNTED: ReadonlySet<Endpoint> = new Set<Endpoint>([
  'me',
  'async_results',
  'direct_auth_link',
  'reauth_link',
  'token_exchange',
  'token_refresh',
  'client_check',
  'connection_extend',
  'connection_delete',
  'debug_id',
  'banks',
  'status',
]);

async function claim(ctx: Context, scope: GateScope, id: string, attempt: CallAttempt): Promise<void> {
  const accountId = attempt.resourceId === null ? null : (scope.accountIdOf?.(attempt.resourceId) ?? null);
  const isCounted = !attempt.attended && !UNCOUNTED.has(attempt.endpoint);
  try {
    await ctx.db.truelayerCall.create({
      data: {
        id,
        connectionId: scope.connectionId,
        accountId,
        bankId: scope.bankId,
        runId: scope.runId ?? null,
        endpoint: attempt.endpoint,
        isAttended: attempt.attended,
        isCounted,
        isAsync: attempt.asynchronous,
        attemptNumber: attempt.attempt,
        startedAt: attempt.startedAt,
        correlationId: attempt.correlationId,
      },
      select: { id: true },
    });
  } catch (error) {
    if (!isFifthCall(error)) throw error;
    throw new BudgetExhaustedError(
      await findNextAllowed(ctx, scope, { accountId, endpoint: attempt.endpoint }, attempt.startedAt),
    );
  }
}

async function complete(ctx: Context, id: string, attempt: CallAttempt, outcome: CallOutcome): Promise<void> {
  await ctx.db.truelayerCall.update({
    where: { id },
    data: {
      finishedAt: addMs(attempt.startedAt, outcome.durationMs),
      durationMs: Math.round(outcome.durationMs),
      httpStatus: outcome.httpStatus,
      code: outcome.code,
      truelayerCorrelationId: outcome.trueLayerCorrelationId,
    },
    select: { id: true },
  });
}

function startCallSpan(scope: GateScope, { endpoint, correlationId, attended }: CallAttempt): Span | null {
  const { connectionId, bankId } = scope;
  return startSpan(`truelayer ${endpoint}`, 'client', { connectionId, bankId, correlationId, attended });
}

/** One line for each call, with both ids that TrueLayer's support asks for. */
function noteCall({ log }: Context, scope: GateScope, attempt: CallAttempt, outcome: CallOutcome): void {
  const { endpoint, correlationId, bankId, attended } = attempt;
  const { httpStatus, code, durationMs, trueLayerCorrelationId } = outcome;
  const { connectionId, runId } = scope;
  const fields = {
    connectionId,
    runId,
    endpoint,
    bankId,
    attended,
    correlationId,
    trueLayerCorrelationId,
    httpStatus,
    durationMs,
  };
  if (code === null) log.debug({ event: 'truelayer.called', ...fields }, 'TrueLayer answered');
  else log.warn({ event: 'truelayer.refused', errorCode: code, ...fields }, 'TrueLayer refused, or did not answer');
}

async function findNextAllowed(ctx: Context, scope: GateScope, target: CallTarget, now: Date): Promise<Date> {
  if (scope.connectionId === null) return now;
  const calls = await loadCountedCalls(ctx, scope.connectionId, now);
  const bank =
    scope.bankId === null
      ? null
      : await ctx.db.bank.findUnique({ where: { id: scope.bankId }, select: { limitsPerEndpoint: true } });
  return nextFreeAt(calls, target, now, { isPerEndpoint: bank?.limitsPerEndpoint ?? false });
}
