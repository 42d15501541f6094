import { AppError } from '#lib/errors/app-error';
import { addMs, HOUR_MS } from '#lib/time/span';
import type { SyncSession } from './session.ts';

const LIST_EMPTY = 'list_empty';
export const ANSWER_DOUBTED = 'answer_doubted';
/** Said again so much later, in another run, it is the truth. */
const BELIEVED_AFTER_MS = 12 * HOUR_MS;

/** A bank lists no account where it had some: its trouble, rather than what a person did between two sign-ins. */
export class ListEmptyError extends AppError {
  constructor() {
    super('unavailable', LIST_EMPTY);
  }
}

/** An answer that contradicts too much of what is stored: it is not taken over, and covers nothing. */
export class AnswerDoubtedError extends AppError {
  constructor() {
    super('unavailable', ANSWER_DOUBTED);
  }
}

/**
 * Before a list without a row is taken over. At once it is believed where there was nothing, and when it is the first since the
 * person chose at the bank what to share; otherwise when the bank says it again, another day.
 * @throws {ListEmptyError}
 */
export function requireBelievable(session: SyncSession, resource: 'accounts' | 'cards', rowCount: number): void {
  const { connection, ctx } = session;
  const kind = resource === 'cards' ? 'card' : 'account';
  if (rowCount > 0 || !connection.accounts.some((account) => account.kind === kind)) return;
  const record = connection.resources.get(resource);
  const { authenticatedAt } = connection;
  const lastOkAt = record?.lastOkAt ?? null;
  if (lastOkAt === null || (authenticatedAt !== null && lastOkAt < authenticatedAt)) return;
  const wasSaid = record?.code === LIST_EMPTY && addMs(record.lastTriedAt, BELIEVED_AFTER_MS) <= ctx.clock.now();
  if (!wasSaid) throw new ListEmptyError();
}
