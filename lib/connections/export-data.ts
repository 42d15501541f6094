import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { type Limit, takeForCaller } from '#lib/limits/take';
import { exportAccount, exportTransactions, listAccountIds } from './export-account.ts';
import { toCredentialsFree } from './export-rows.ts';
import { loadConnection } from './internal.ts';

const EXPORTS: Limit = { name: 'exports', times: 20, inSeconds: 3600 };

/**
 * Everything that is held of a person, or of one of their connections, as one JSON document in pieces: as many as there are
 * rows, so that ten years of transactions need no more memory than ten days. Tokens are no data of anybody's and aren't in it.
 * @throws {NotFoundError} @throws {AppError} rate_limited
 */
export async function exportData(
  ctx: Context,
  { connectionId }: { connectionId: string | null },
): Promise<AsyncIterable<string>> {
  const { userId } = requirePerson(ctx.actor);
  await takeForCaller(ctx, EXPORTS);
  if (connectionId !== null) await loadConnection(ctx, connectionId, { id: true });
  await inTransaction(ctx, (tx) =>
    recordAudit(tx, {
      action: 'data.exported',
      subject: connectionId === null ? { kind: 'person', id: userId } : { kind: 'connection', id: connectionId },
      connectionId,
      personId: userId,
    }),
  );
  return write(ctx, userId, connectionId);
}

async function* write(ctx: Context, userId: string, connectionId: string | null): AsyncGenerator<string> {
  yield `{\n"exportedAt": ${JSON.stringify(ctx.clock.now())},\n`;
  yield `"person": ${JSON.stringify(await person(ctx, userId))},\n"connections": [`;
  let comma = '';
  for (const id of await listConnectionIds(ctx, userId, connectionId)) {
    yield `${comma}\n`;
    yield* writeConnection(ctx, userId, id);
    comma = ',';
  }
  yield '\n]\n}\n';
}

async function* writeConnection(ctx: Context, userId: string, connectionId: string): AsyncGenerator<string> {
  const facts = JSON.stringify(await toCredentialsFree(ctx, userId, connectionId));
  yield `${facts.slice(0, -1)},"accounts":[`;
  let comma = '';
  for (const accountId of await listAccountIds(ctx, userId, connectionId)) {
    const account = JSON.stringify(await exportAccount(ctx, accountId));
    yield `${comma}\n${account.slice(0, -1)},"transactions":[`;
    yield* exportTransactions(ctx, accountId);
    yield ']}';
    comma = ',';
  }
  yield ']}';
}

function person(ctx: Context, userId: string) {
  return ctx.db.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      id: true,
      email: true,
      name: true,
      createdAt: true,
      wantsReminders: true,
      // Names and dates: keys and codes are credentials.
      passkeys: { select: { name: true, createdAt: true, lastUsedAt: true }, orderBy: { createdAt: 'asc' } },
      recoveryCodes: { select: { createdAt: true } },
      merchantRules: { select: { merchantKey: true, merchantName: true, category: true } },
    },
  });
}

async function listConnectionIds(ctx: Context, userId: string, connectionId: string | null): Promise<string[]> {
  const rows = await ctx.db.connection.findMany({
    where: { userId, ...(connectionId === null ? {} : { id: connectionId }) },
    select: { id: true },
    orderBy: { connectedAt: 'asc' },
  });
  return rows.map(({ id }) => id);
}
