import { Hono } from 'hono';
import { z } from 'zod';
import { parseObject } from '#sandbox/auth/answers';
import { traitsOf } from '#sandbox/banks/traits';
import { personOf } from '#sandbox/grants/connections';
import { dayText } from '#sandbox/ledger/days';
import type { Connection, Task } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { accountIdOf, type Call, findEarlyRefusal, isRefusal, listShared, reachBank, reopen } from './call.ts';
import { produceResults } from './produce.ts';
import { describe, type Refusal } from './refusals.ts';
import type { Holding, Resource } from './resource.ts';
import { sendRefusal } from './send.ts';
import { readWebhookUri, toReceipt } from './start-task.ts';
import { readWindow, type Window } from './window.ts';
import { isAttended, withConnection } from './with-connection.ts';

const Body = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
  pending: z.boolean().optional(),
  balance: z.boolean().optional(),
  webhook_uri: z.string().optional(),
  account_ids_whitelist: z.array(z.string()).optional(),
});

export function batchRoutes(world: World): Hono {
  const app = new Hono();
  app.post('/batch/transactions', (c) =>
    withConnection(world, c, async (connection) => {
      const early = findEarlyRefusal(world, connection, { kind: 'list', of: 'accounts' });
      if (early !== null) return sendRefusal(c, early);
      const body = Body.safeParse(parseObject(await c.req.text()) ?? {});
      if (!body.success) return sendRefusal(c, { error: 'validation_error' });
      const { from, to, pending = false, balance = false, account_ids_whitelist, webhook_uri } = body.data;
      const query = new URLSearchParams({ ...(from && { from }), ...(to && { to }) });
      const window = readWindow(query, world.clock.nowMs());
      const webhook = readWebhookUri(webhook_uri ?? null);
      if ('error' in window) return sendRefusal(c, window);
      if ('error' in webhook) return sendRefusal(c, webhook);
      const batch = { hasPending: pending, hasBalance: balance, onlyIds: account_ids_whitelist ?? null };
      const task = world.tasks.queue(world, {
        credentialsId: connection.credentialsId,
        uri: '/batch/transactions',
        window,
        batch,
        requestedAt: world.clock.nowMs(),
        failure: findFailure(world, connection, batch, window, isAttended(c)),
        webhookUri: webhook.webhookUri,
      });
      return c.json(toReceipt(world, task), 202);
    }),
  );
  return app;
}

export function produceBatch(world: World, connection: Connection, task: Task) {
  const { window, batch } = task;
  if (window === null || batch === null) return { status: 'Failed', task_id: task.id, results: {} };
  const read = (resource: Resource): unknown[] => {
    const call: Call = { connection, resource, window, isAttended: true, question: task.uri };
    const reached = reopen(world, call, task.requestedAt);
    const results: unknown[] | Refusal = isRefusal(reached) ? [] : produceResults(world, reached);
    return Array.isArray(results) ? results : [];
  };
  const entries = (of: Holding) =>
    listAskedIds(world, connection, batch.onlyIds)
      .filter((each) => each.of === of)
      .map(({ accountId }) => ({
        account_id: accountId,
        transactions: read({ kind: 'transactions', of, accountId }),
        ...(batch.hasPending ? { pending_transactions: read({ kind: 'pending', of, accountId }) } : {}),
        ...(batch.hasBalance ? { balance: read({ kind: 'balance', of, accountId })[0] ?? {} } : {}),
      }));
  return {
    status: 'Succeeded',
    task_id: task.id,
    request: { from: `${dayText(window.fromDay)}T00:00:00`, to: `${dayText(window.toDay)}T00:00:00` },
    results: { accounts: entries('accounts'), cards: entries('cards') },
  };
}

/** A batch is many calls in one, and is counted and refused as such. */
function findFailure(
  world: World,
  connection: Connection,
  batch: NonNullable<Task['batch']>,
  window: Window,
  isPresent: boolean,
): Task['failure'] {
  const kinds = (['transactions', 'pending', 'balance'] as const).filter(
    (kind) => kind === 'transactions' || (kind === 'pending' ? batch.hasPending : batch.hasBalance),
  );
  for (const { of, accountId } of listAskedIds(world, connection, batch.onlyIds)) {
    for (const kind of kinds) {
      const question = `batch ${accountId} ${kind} ${window.fromDay} ${window.toDay}`;
      const call: Call = { connection, resource: { kind, of, accountId }, window, isAttended: isPresent, question };
      const reached = reachBank(world, call);
      if (isRefusal(reached) && reached.error !== 'endpoint_not_supported') {
        return { error: reached.error, description: describe(reached) };
      }
    }
  }
  return null;
}

function listAskedIds(world: World, connection: Connection, onlyIds: readonly string[] | null) {
  const person = personOf(world, connection);
  const traits = traitsOf(world, person.bank);
  const { accounts, cards } = listShared(connection, person);
  const named = (of: Holding) => (each: (typeof accounts | typeof cards)[number]) => ({
    of,
    accountId: accountIdOf(connection, each, traits),
  });
  return [...accounts.map(named('accounts')), ...cards.map(named('cards'))].filter(
    ({ accountId }) => onlyIds === null || onlyIds.includes(accountId),
  );
}
