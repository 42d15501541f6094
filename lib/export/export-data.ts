import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { loadConnection } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { inTurn } from '#lib/limits/in-turn';
import type { Limit } from '#lib/limits/take';
import { CONNECTIONS } from './connection-tables.ts';
import { PERSON, PERSON_TABLES } from './person-tables.ts';
import { writeRows, writeTable } from './write-table.ts';

const EXPORTS: Limit = { name: 'exports', times: 10, inSeconds: 3600 };

/**
 * Everything that is stored about a person, or about one of their connections, as one JSON document in pieces, so that ten years
 * of transactions need no more memory than ten days. Tokens and other secrets aren't in it.
 * @throws {NotFoundError} @throws {AppError} rate_limited
 */
export async function exportData(
  ctx: Context,
  { connectionId }: { connectionId: string | null },
): Promise<AsyncGenerator<string>> {
  const { userId } = requirePerson(ctx.actor);
  if (connectionId !== null) await loadConnection(ctx, connectionId, { id: true });
  return inTurn(ctx, EXPORTS, async () => {
    await inTransaction(ctx, (tx) =>
      recordAudit(tx, {
        action: 'data.exported',
        subject: connectionId === null ? { kind: 'person', id: userId } : { kind: 'connection', id: connectionId },
        connectionId,
        personId: userId,
      }),
    );
    return write(ctx, userId, connectionId);
  });
}

async function* write(ctx: Context, userId: string, connectionId: string | null): AsyncGenerator<string> {
  yield `{"exportedAt": ${JSON.stringify(ctx.clock.now())}`;
  for await (const person of writeRows(ctx, PERSON, userId)) {
    yield `,\n"${PERSON.name}": `;
    yield* person;
  }
  // Whose connection it is was looked up before the document was begun.
  const tables = connectionId === null ? PERSON_TABLES : [{ ...CONNECTIONS, where: 't.id = $1::uuid' }];
  for (const table of tables) {
    yield `,\n"${table.name}": `;
    yield* writeTable(ctx, table, connectionId ?? userId);
  }
  yield '\n}\n';
}
