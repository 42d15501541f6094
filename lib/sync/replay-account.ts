import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import { database } from '#lib/db/client';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { addMs, MINUTE_MS } from '#lib/time/span';
import { carryEdits } from './carry-edits.ts';
import { type AnswerHead, type ReplayAccount, replayAnswers } from './replay-answers.ts';
import { compareWithSnapshot, type ResourceDiff, takeSnapshot } from './replay-diff.ts';

export type ReplayReport = {
  accountId: string;
  answers: number;
  setAside: number;
  isApplied: boolean;
  diff: ResourceDiff[];
};

/** As long as ten years of a busy account may take on a slow machine. */
const PATIENCE_MS = 15 * MINUTE_MS;
/** Between an answer and the end of its storing. */
const STORING_MS = 10 * MINUTE_MS;

/**
 * Runs today's rules over the answers that were kept of an account, and says what would change; with `isApplied`, changes it,
 * all or nothing. What a person said stays with its row.
 * @throws {AppError} not_found: nothing was kept. conflict: the newest answers weren't, and replaying older ones would turn
 * back the account.
 */
export async function replayAccount(
  ctx: Context,
  { accountId, isApplied }: { accountId: string; isApplied: boolean },
): Promise<ReplayReport> {
  requireSystem(ctx.actor);
  const undone = new Undone();
  let report: ReplayReport | null = null;
  try {
    await database().$transaction(
      async (db) => {
        report = await replayIn({ ...ctx, db, isInTransaction: true }, accountId, isApplied);
        if (!report.isApplied) throw undone;
      },
      { timeout: PATIENCE_MS, maxWait: MINUTE_MS },
    );
  } catch (error) {
    if (error !== undone || report === null) throw error;
  }
  if (report === null) throw undone;
  // Rules that name and file rows may be newer too, and say more of rows that are as they were.
  if (isApplied) await ask(ctx, 'account.enrich', { accountId }, { key: accountId });
  return report;
}

/** Only looked, so nothing stays. */
class Undone extends Error {}

async function replayIn(tx: Context, accountId: string, isApplied: boolean): Promise<ReplayReport> {
  await tx.db.$queryRaw`select id from accounts where id = ${accountId}::uuid for update`;
  const { account, userId, heads } = await load(tx, accountId);
  await takeSnapshot(tx, accountId);
  await tx.db.$executeRaw`savepoint look`;
  // Each row is written again, whatever its content says: the rules may make something else of the same.
  await tx.db.$executeRaw`update transactions set content_hash = '' where account_id = ${accountId}::uuid`;
  const { setAside } = await replayAnswers(tx, account, heads);
  const { diff, changedRows } = await compareWithSnapshot(tx, accountId);
  await tx.db.$executeRaw`rollback to savepoint look`;
  const report = { accountId, answers: heads.length, setAside, isApplied: isApplied && diff.length > 0, diff };
  if (!report.isApplied) return report;
  await tx.db.$executeRaw`update transactions set content_hash = '' where id = any(${changedRows}::uuid[])`;
  await replayAnswers(tx, account, heads);
  await carryEdits(tx, accountId);
  await recordAudit(tx, {
    action: 'account.replayed',
    subject: { kind: 'account', id: accountId },
    connectionId: account.connectionId,
    personId: userId,
    after: Object.fromEntries(diff.map(({ resource, added, changed, gone }) => [resource, { added, changed, gone }])),
  });
  return report;
}

async function load(tx: Context, accountId: string) {
  const row = await tx.db.bankAccount.findUnique({
    where: { id: accountId },
    select: {
      id: true,
      connectionId: true,
      kind: true,
      userId: true,
      resources: { where: { resource: 'transactions' }, select: { lastOkAt: true } },
    },
  });
  if (row === null) throw new AppError('not_found', 'account_not_found');
  const { userId, resources, ...account } = row;
  const heads: AnswerHead[] = await tx.db.bankAnswer.findMany({
    where: { accountId },
    select: { id: true, resource: true, windowFrom: true, windowTo: true, isComplete: true, receivedAt: true },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
  });
  if (heads.length === 0) throw new AppError('not_found', 'nothing_kept');
  const lastOkAt = resources[0]?.lastOkAt ?? null;
  const newest = heads.findLast(({ resource }) => resource === 'transactions')?.receivedAt;
  if (lastOkAt !== null && (newest === undefined || lastOkAt > addMs(newest, STORING_MS))) {
    throw new AppError('conflict', 'newest_not_kept');
  }
  const known: ReplayAccount = account;
  return { account: known, userId, heads };
}
