import { setTimeout as wait } from 'node:timers/promises';
import { after } from 'next/server';
import { findPresence } from '#lib/auth/presence';
import type { Return } from '#lib/connections/receive-return';
import type { Context } from '#lib/context/context';
import { fetchWhileWaiting } from './_fetch-while-waiting.ts';

/** How long the person waits on the bank's page; then they wait on ours, which says what it waits for. */
const PATIENCE_MS = 2500;

/**
 * Finishes a trip and begins to fetch, and gives the address of the landing page as soon as it is done, or has taken long
 * enough. Whatever is left goes on after the answer.
 */
export async function settle(ctx: Context, accepted: Extract<Return, { kind: 'accepted' }>): Promise<string> {
  const { attemptId } = accepted;
  const presence = await findPresence();
  const finishing = accepted.finish();
  after(async () => {
    await finishing;
    await fetchWhileWaiting(ctx, attemptId, presence);
  });
  const patience = new AbortController();
  try {
    await Promise.race([finishing, wait(PATIENCE_MS, undefined, { signal: patience.signal })]);
  } finally {
    patience.abort();
  }
  return `/connect/result/${attemptId}`;
}
