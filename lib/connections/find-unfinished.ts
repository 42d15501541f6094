import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS, MINUTE_MS } from '#lib/time/span';
import { isUuid } from './internal.ts';

const REMEMBERED_MS = 7 * DAY_MS;
/** Whoever still reads a page hasn't stopped there. */
const READING_MS = 30 * MINUTE_MS;

/** Where somebody stopped on the way to a linked bank, so that the next visit can go on from there. */
export type Unfinished = {
  /** Null where TrueLayer asks for the bank. */
  bank: { id: string; name: string } | null;
  stoppedAt: 'permissions' | 'bank';
  /** The trip that was left; null when none had begun. */
  attemptId: string | null;
};

export async function findUnfinished(ctx: Context): Promise<Unfinished | null> {
  const { userId } = requirePerson(ctx.actor);
  const since = addMs(ctx.clock.now(), -REMEMBERED_MS);
  const [attempt, view, linked] = await Promise.all([
    ctx.db.attempt.findFirst({
      where: { userId, purpose: 'connect', createdAt: { gte: since } },
      select: { id: true, bankId: true, status: true, codeSealed: true, createdAt: true },
      orderBy: { createdAt: 'desc' },
    }),
    ctx.db.journeyStep.findFirst({
      where: { userId, step: 'permissions_viewed', at: { gte: since } },
      select: { bankId: true, at: true },
      orderBy: { at: 'desc' },
    }),
    ctx.db.connection.findFirst({
      where: { userId, connectedAt: { gte: since } },
      select: { connectedAt: true },
      orderBy: { connectedAt: 'desc' },
    }),
  ]);
  const isOlder = (at: Date) => linked !== null && linked.connectedAt >= at;
  if (attempt !== null && (view === null || attempt.createdAt >= view.at || !isLeft(ctx, view.at))) {
    const isOpen = ['started', 'redirected', 'expired'].includes(attempt.status) && attempt.codeSealed === null;
    if (!isOpen || isOlder(attempt.createdAt)) return null;
    return nameBank(ctx, { bankId: attempt.bankId, stoppedAt: 'bank', attemptId: attempt.id });
  }
  if (view === null || view.bankId === null || isOlder(view.at) || !isLeft(ctx, view.at)) return null;
  return nameBank(ctx, { bankId: view.bankId, stoppedAt: 'permissions', attemptId: null });
}

function isLeft(ctx: Context, at: Date): boolean {
  return addMs(at, READING_MS) < ctx.clock.now();
}

type Place = { bankId: string | null; stoppedAt: Unfinished['stoppedAt']; attemptId: string | null };

async function nameBank(ctx: Context, { bankId, ...place }: Place): Promise<Unfinished | null> {
  if (bankId === null) return { ...place, bank: null };
  const row = await ctx.db.bank.findFirst({ where: { id: bankId, isListed: true }, select: { displayName: true } });
  return row === null ? null : { ...place, bank: { id: bankId, name: row.displayName } };
}

/** What was left out on an earlier trip of this person's, so that it needn't be said again. */
export async function listDeclinedBefore(ctx: Context, attemptId: string | undefined): Promise<string[]> {
  const { userId } = requirePerson(ctx.actor);
  if (attemptId === undefined || !isUuid(attemptId)) return [];
  const receipt = await ctx.db.consentReceipt.findFirst({ where: { attemptId, userId }, select: { declined: true } });
  return receipt?.declined ?? [];
}
