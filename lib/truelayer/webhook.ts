import { z } from 'zod';

/** A larger body need not be read to its end: it isn't TrueLayer's. */
export const webhookBodyLimitBytes = 16 * 1024;

/**
 * That a task has ended. Anybody may send it, so it says which task to look up and no more; the addresses in the body are left
 * out on purpose.
 */
export type WebhookHint = { taskId: string; status: 'succeeded' | 'failed' | 'unknown' };

const notification = z.object({
  task_id: z.string().regex(/^[\w.:-]{1,128}$/),
  status: z.unknown().optional(),
});

/** Null when no task can be read from it. */
export function readWebhookHint(body: Uint8Array | string): WebhookHint | null {
  const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  if (sizeBytes > webhookBodyLimitBytes) return null;
  const parsed = notification.safeParse(
    parseJson(typeof body === 'string' ? body : Buffer.from(body).toString('utf8')),
  );
  return parsed.success ? { taskId: parsed.data.task_id, status: statusOf(parsed.data.status) } : null;
}

function statusOf(status: unknown): WebhookHint['status'] {
  if (status === 'Succeeded') return 'succeeded';
  return status === 'Failed' ? 'failed' : 'unknown';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
