import 'server-only';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { type Limit, takeForCaller } from '#lib/limits/take';
import { readWebhookHint } from '#lib/truelayer/webhook';
import { askToSettle } from './sync-task.ts';
import { isRightSecret, parseTaskToken } from './task-token.ts';

/** What nobody was asked for is counted by address: TrueLayer's own always fit, however many come at once. */
const UNASKED: Limit = { name: 'unasked webhooks', times: 6, inSeconds: 60 };

export type WebhookInput = {
  /** From the address: `task`. */
  taskToken: string;
  body: Uint8Array | string;
};

/**
 * Hears that a task has ended. Webhooks of this API are not signed, so what counts is the secret in the address, which only
 * TrueLayer was given; the body is a hint and no more, and nothing in it is called. Doubled, late, forged or missing: no harm.
 */
export async function acceptWebhook(ctx: Context, input: WebhookInput): Promise<'accepted' | 'ignored'> {
  if (ctx.actor.kind !== 'webhook') throw new AppError('forbidden', 'webhook_only');
  const given = parseTaskToken(input.taskToken);
  if (given === null) return ignore(ctx);
  const now = ctx.clock.now();
  const task = await ctx.db.syncTask.findUnique({
    where: { id: given.taskId },
    select: { secretHash: true, finishedAt: true, expiresAt: true, truelayerTaskId: true },
  });
  if (task === null || !isRightSecret(task, given)) {
    ctx.log.warn({ event: 'webhook.refused', taskId: given.taskId }, 'a webhook that nobody was asked for');
    return ignore(ctx);
  }
  if (task.finishedAt !== null || task.expiresAt <= now) return 'ignored';
  const hint = readWebhookHint(input.body);
  if (hint !== null && task.truelayerTaskId !== null && hint.taskId !== task.truelayerTaskId) {
    ctx.log.warn({ event: 'webhook.mismatch', taskId: given.taskId }, 'a webhook speaks of another task');
  }
  await inTransaction(actingAs(ctx, { kind: 'system', job: 'webhook' }), async (tx) => {
    const { count } = await tx.db.syncTask.updateMany({
      where: { id: given.taskId, finishedAt: null, hintedAt: null },
      data: { hintedAt: now },
    });
    // One that is still being asked for is looked at when its receipt is here.
    const isQueued = await tx.db.syncTask.count({ where: { id: given.taskId, status: 'queued' } });
    if (count === 1 && isQueued === 1) await askToSettle(tx, given.taskId, 'hinted');
  });
  return 'accepted';
}

/** @throws {AppError} rate_limited */
async function ignore(ctx: Context): Promise<'ignored'> {
  await takeForCaller(ctx, UNASKED);
  return 'ignored';
}
