import type { Context } from 'hono';
import { findBank } from '#sandbox/banks/catalogue';
import { traitsOf } from '#sandbox/banks/traits';
import type { Task } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { type Call, isRefusal, reachBank } from './call.ts';
import { describe, type Refusal } from './refusals.ts';
import { resultsUriOf } from './task-runner.ts';

/** Whether the caller wants to be told later; `true` is the only way to say so. */
export function readAsync(
  world: World,
  call: Call,
  query: URLSearchParams,
): 'sync' | { webhookUri: string | null } | Refusal {
  const wish = query.get('async');
  if (wish === null) return 'sync';
  if (wish !== 'true' || call.resource.kind === 'info') return { error: 'validation_error' };
  const bank = findBank(world, call.connection.providerId);
  if (bank !== null && !traitsOf(world, bank).allows_async) return { error: 'endpoint_not_supported' };
  return readWebhookUri(query.get('webhook_uri'));
}

export function readWebhookUri(text: string | null): { webhookUri: string | null } | Refusal {
  if (text === null) return { webhookUri: null };
  const isHttp = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  return isHttp ? { webhookUri: text } : { error: 'validation_error' };
}

/** The bank is asked now and the answer is kept for later; what it refuses becomes the task's failure. */
export function startTask(world: World, c: Context, call: Call, webhookUri: string | null): Response {
  const reached = reachBank(world, call);
  const task = world.tasks.queue(world, {
    credentialsId: call.connection.credentialsId,
    uri: call.question,
    window: isRefusal(reached) ? null : reached.window,
    batch: null,
    requestedAt: isRefusal(reached) ? world.clock.nowMs() : reached.asOfMs,
    failure: isRefusal(reached) ? { error: reached.error, description: describe(reached) } : null,
    webhookUri,
  });
  return c.json(toReceipt(world, task), 202);
}

export function toReceipt(world: World, task: Task, status = 'Queued') {
  return { results_uri: resultsUriOf(world, task.id), status, task_id: task.id };
}
