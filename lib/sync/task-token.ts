import 'server-only';
import { isUuid } from '#lib/connections/internal';
import { hashOf, isSameSecret, randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';

/** What makes a webhook address unguessable: the task's id, to find it by, and a secret of its own, to believe it by. */
export type TaskToken = { text: string; secretHash: Buffer<ArrayBuffer> };

export function createTaskToken(taskId: string): TaskToken {
  const secret = randomSecret();
  return { text: `${taskId}.${secret}`, secretHash: hashOf(secret) };
}

/** Where TrueLayer tells that a task has ended. The address is a secret and belongs in no log. */
export function webhookUriOf(token: TaskToken): string {
  const url = new URL('/api/webhooks/truelayer', env().appUrl);
  url.searchParams.set('task', token.text);
  return url.href;
}

export function parseTaskToken(text: string): { taskId: string; secretHash: Buffer<ArrayBuffer> } | null {
  const [taskId = '', secret = '', ...more] = text.split('.');
  if (!isUuid(taskId) || secret === '' || more.length > 0 || text.length > 200) return null;
  return { taskId, secretHash: hashOf(secret) };
}

/** In constant time. */
export function isRightSecret(task: { secretHash: Uint8Array }, given: { secretHash: Uint8Array }): boolean {
  return isSameSecret(task.secretHash, given.secretHash);
}
