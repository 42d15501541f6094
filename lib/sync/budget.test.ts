import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { fixedClock } from '#lib/time/clock';
import { addMs, HOUR_MS } from '#lib/time/span';
import type { CallAttempt, Endpoint } from '#lib/truelayer/call';
import { type CountedCall, nextFreeAt, usedCalls } from './budget.ts';
import { BudgetExhaustedError } from './budget-exhausted.ts';
import { createCallGate } from './call-gate.ts';

const start = new Date('2026-03-01T00:00:00Z');

async function aConnection(bankId = 'ob-test') {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' }, clock: fixedClock(start) });
  return { ctx, bankId, connectionId: await addBareConnection(ctx, { userId: await addUser(ctx), bankId }) };
}

function attemptOf(endpoint: Endpoint, resourceId: string | null, startedAt: Date, attended = false): CallAttempt {
  return {
    endpoint,
    method: 'GET',
    path: '/data/v1/x',
    resourceId,
    bankId: null,
    attended,
    asynchronous: false,
    correlationId: crypto.randomUUID(),
    attempt: 1,
    startedAt,
  };
}

const gateOf = (ctx: Context, connectionId: string, bankId: string) =>
  createCallGate(ctx, { connectionId, bankId, accountIdOf: (id) => id });

test('a hundred at once make four calls, and the fifth is told when it may', async () => {
  const { ctx, connectionId, bankId } = await aConnection();
  const account = uuidv7();
  const gates = Array.from({ length: 20 }, () => gateOf(ctx, connectionId, bankId));
  const claims = Array.from({ length: 100 }, (_, index) =>
    gates[index % 20]?.before(attemptOf('account_balance', account, addMs(start, index))),
  );
  const settled = await Promise.allSettled(claims);
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  expect(await ctx.db.truelayerCall.count({ where: { connectionId } })).toBe(4);
  const refused = settled.find((one) => one.status === 'rejected');
  expect(refused?.reason).toBeInstanceOf(BudgetExhaustedError);
  expect(refused?.reason.nextAllowedAt.getTime()).toBeGreaterThanOrEqual(addMs(start, 24 * HOUR_MS).getTime());
});

test('a call that died before its answer stays counted', async () => {
  const { ctx, connectionId, bankId } = await aConnection();
  const account = uuidv7();
  const gate = gateOf(ctx, connectionId, bankId);
  for (let call = 0; call < 4; call++) await gate.before(attemptOf('account_transactions', account, start));
  await expect(gate.before(attemptOf('account_balance', account, addMs(start, 23 * HOUR_MS)))).rejects.toBeInstanceOf(
    BudgetExhaustedError,
  );
  await gate.before(attemptOf('account_balance', account, addMs(start, 24 * HOUR_MS)));
});

test('what a person asked for, and what TrueLayer answers by itself, eats nothing', async () => {
  const { ctx, connectionId, bankId } = await aConnection();
  const account = uuidv7();
  const gate = gateOf(ctx, connectionId, bankId);
  for (let call = 0; call < 9; call++) {
    await gate.before(attemptOf('account_balance', account, start, true));
    await gate.before(attemptOf('me', null, start));
    await gate.before(attemptOf('token_refresh', null, start));
    await gate.before(attemptOf('async_results', null, start));
  }
  expect(await ctx.db.truelayerCall.count({ where: { connectionId, isCounted: true } })).toBe(0);
  await gate.before(attemptOf('account_balance', account, start));
});

test('what was counted can’t be uncounted, moved or made attended', async () => {
  const { ctx, connectionId, bankId } = await aConnection();
  await gateOf(ctx, connectionId, bankId).before(attemptOf('account_balance', uuidv7(), start));
  for (const change of [
    'is_counted = false',
    'is_attended = true',
    "started_at = '2020-01-01'",
    'account_id = null',
    "endpoint = 'x'",
  ]) {
    await expect(
      ctx.db.$executeRawUnsafe(`update truelayer_calls set ${change} where connection_id = '${connectionId}'`),
    ).rejects.toThrow();
  }
});

test('the outcome of a call completes its row, with what support asks for', async () => {
  const { ctx, connectionId, bankId } = await aConnection();
  const gate = gateOf(ctx, connectionId, bankId);
  const attempt = attemptOf('account_balance', uuidv7(), start);
  await gate.before(attempt);
  await gate.after(attempt, {
    httpStatus: 503,
    code: 'provider_error',
    durationMs: 331.4,
    trueLayerCorrelationId: 'tl-1',
    responseBytes: 10,
  });
  expect(await ctx.db.truelayerCall.findFirst({ where: { connectionId } })).toMatchObject({
    httpStatus: 503,
    code: 'provider_error',
    durationMs: 331,
    truelayerCorrelationId: 'tl-1',
    correlationId: attempt.correlationId,
    finishedAt: expect.any(Date),
  });
});

const call = fc.record({
  account: fc.constantFrom('a', 'b', null),
  endpoint: fc.constantFrom<Endpoint>('account_balance', 'account_transactions', 'accounts'),
  minutesLater: fc.integer({ min: 0, max: 500 }),
});

test.each([
  ['per account', 'ob-test-per-account', false],
  ['per account and endpoint', 'ob-test-per-endpoint', true],
])('what the schedule plans with is what the database allows, counted %s', async (_, bankId, isPerEndpoint) => {
  const { ctx } = await aConnection(bankId);
  await ctx.db.bank.update({ where: { id: bankId }, data: { limitsPerEndpoint: isPerEndpoint } });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 14 }), async (calls) => {
      const connectionId = await addBareConnection(ctx, { userId: await addUser(ctx), bankId });
      const ids = { a: uuidv7(), b: uuidv7() };
      const gate = gateOf(ctx, connectionId, bankId);
      const made: CountedCall[] = [];
      let now = start;
      for (const { account, endpoint, minutesLater } of calls) {
        now = addMs(now, minutesLater * 60_000);
        const target = { accountId: account === null ? null : ids[account], endpoint };
        const isFree = usedCalls(made, target, now, isPerEndpoint) < 4;
        const isMade = await gate.before(attemptOf(endpoint, target.accountId, now)).then(
          () => true,
          () => false,
        );
        expect(isMade).toBe(isFree);
        if (isMade) made.push({ ...target, startedAt: now });
        const freeAt = nextFreeAt(made, target, now, { isPerEndpoint });
        expect(usedCalls(made, target, freeAt, isPerEndpoint)).toBeLessThan(4);
        if (freeAt > now) expect(usedCalls(made, target, addMs(freeAt, -1), isPerEndpoint)).toBeGreaterThanOrEqual(4);
      }
    }),
    { numRuns: 25 },
  );
});
