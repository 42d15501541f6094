import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { env } from '#lib/env/env';
import { beginStop } from './begin-stop.ts';
import { loadConnection } from './internal.ts';
import { keepReceipt } from './keep-receipt.ts';
import { stopWording } from './wording/stop-wording.ts';

export const StopSharingInput = z.object({ connectionId: z.uuid(), choice: z.enum(['keep', 'erase']) });
export type StopSharingInput = z.infer<typeof StopSharingInput>;

const STOPPING = {
  id: true,
  userId: true,
  bankId: true,
  bankName: true,
  status: true,
  permissions: { select: { permission: true } },
} satisfies Prisma.ConnectionSelect;

/**
 * The person takes their permission back. From the commit on nobody fetches any more; telling TrueLayer, destroying the
 * tokens and erasing is `finishStop`'s, at once or by a job.
 * @throws {NotFoundError}; {AppError} conflict when it is being stopped or has ended already
 */
export async function stopSharing(ctx: Context, input: StopSharingInput): Promise<void> {
  requirePerson(ctx.actor);
  const { connectionId, choice } = StopSharingInput.parse(input);
  await inTransaction(ctx, async (tx) => {
    const row = await loadConnection(tx, connectionId, STOPPING);
    await beginStop(tx, row.id, { erases: choice === 'erase', reason: 'stopped_by_person' });
    await keepStopReceipt(tx, row, choice);
    await recordAudit(tx, {
      action: 'connection.stop_requested',
      subject: { kind: 'connection', id: row.id },
      connectionId: row.id,
      personId: row.userId,
      before: { status: row.status, permissions: row.permissions.map(({ permission }) => permission) },
      after: { erases: choice === 'erase', permissions: [] },
    });
  });
}

type Row = Prisma.ConnectionGetPayload<{ select: typeof STOPPING }>;

async function keepStopReceipt(ctx: Context, row: Row, choice: StopSharingInput['choice']): Promise<void> {
  await keepReceipt(ctx, {
    userId: row.userId,
    attemptId: null,
    connectionId: row.id,
    bankId: row.bankId,
    bankName: row.bankName,
    kind: 'stop',
    wording: stopWording({ companyName: env().company.name, bankName: row.bankName, choice }),
    purposeText:
      choice === 'keep' ? 'To stop sharing and keep what was fetched.' : 'To stop sharing and erase what was fetched.',
    permissions: [],
  });
}
