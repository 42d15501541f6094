import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { changeEmail, endOfObjection, isEmailTaken } from './change-email.ts';
import { codeOfLink, formatCode, isCodeOfLink, MAX_CODE_ATTEMPTS, parseCode } from './mailed-code.ts';
import { hashOfLink } from './sign-in-link.ts';

export type OpenEmailChange = { newEmail: string } & ({ isSameBrowser: true } | { isSameBrowser: false; code: string });

/**
 * What a link mailed to a new address can be used for by this session, or without one; null when it was used, replaced or has
 * expired. Whoever has the link holds the address, so no owner is asked for. Changes nothing.
 */
export async function findEmailChange(
  ctx: Context,
  { token, sessionId }: { token: string; sessionId: string | null },
): Promise<OpenEmailChange | null> {
  const tokenHash = hashOfLink(token);
  const change = await ctx.db.emailChange.findUnique({
    where: { tokenHash, expiresAt: { gt: new Date() }, sessionId: { not: null } },
    select: { newEmail: true, sessionId: true },
  });
  if (change === null) return null;
  const { newEmail } = change;
  if (change.sessionId === sessionId) return { newEmail, isSameBrowser: true };
  return { newEmail, isSameBrowser: false, code: formatCode(codeOfLink(tokenHash)) };
}

/** The address that this session has asked for and not yet confirmed. */
export async function findPendingEmail(ctx: Context, { sessionId }: { sessionId: string }): Promise<string | null> {
  const { userId } = requirePerson(ctx.actor);
  const change = await ctx.db.emailChange.findFirst({
    where: { userId, sessionId, changedAt: null, expiresAt: { gt: new Date() } },
    select: { newEmail: true },
  });
  return change?.newEmail ?? null;
}

/**
 * Changes the address by the button of the mailed link, in the session that asked and once.
 * @throws {AppError} forbidden (`other_browser`), not_found (`link_over`), conflict (`email_taken`, `email_changed_meanwhile`)
 */
export async function confirmEmailChange(ctx: Context, input: { token: string; sessionId: string }): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  const { token, sessionId } = input;
  if (await applyChange(ctx, { userId, sessionId, tokenHash: hashOfLink(token) })) return;
  const change = await findEmailChange(ctx, { token, sessionId });
  throw change === null ? new AppError('not_found', 'link_over') : new AppError('forbidden', 'other_browser');
}

/**
 * Changes the address by the code that the mailed link shows in another browser. Five codes may be typed.
 * @throws {AppError} invalid (`code_malformed`, which counts as no attempt; `code_wrong`), not_found (`link_over`), conflict as
 * above
 */
export async function confirmEmailChangeCode(ctx: Context, input: { code: string; sessionId: string }): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  const { sessionId } = input;
  const code = parseCode(input.code);
  if (code === null) throw new AppError('invalid', 'code_malformed');
  // Counted before the code is compared, and outside any transaction: parallel guesses each use up an attempt.
  const [change] = await ctx.db.$queryRaw<{ token_hash: string }[]>`
    update email_changes set code_attempts = code_attempts + 1
    where user_id = ${userId}::uuid and session_id = ${sessionId}::uuid and changed_at is null and expires_at > ${new Date()}
      and code_attempts < ${MAX_CODE_ATTEMPTS}
    returning token_hash`;
  if (change === undefined) throw new AppError('not_found', 'link_over');
  const tokenHash = change.token_hash;
  if (!isCodeOfLink(code, tokenHash)) throw new AppError('invalid', 'code_wrong');
  if (!(await applyChange(ctx, { userId, sessionId, tokenHash }))) throw new AppError('not_found', 'link_over');
}

type Use = { userId: string; sessionId: string; tokenHash: string };

/** The update makes the link single-use under concurrency. False when this session has no such open change. */
async function applyChange(ctx: Context, { userId, sessionId, tokenHash }: Use): Promise<boolean> {
  try {
    return await inTransaction(ctx, async (tx) => {
      const now = new Date();
      const [change] = await tx.db.$queryRaw<{ id: string; old_email: string; new_email: string }[]>`
        update email_changes set changed_at = ${now}, expires_at = ${endOfObjection(now)}, token_hash = null
        where token_hash = ${tokenHash} and user_id = ${userId}::uuid and session_id = ${sessionId}::uuid
          and changed_at is null and expires_at > ${now}
        returning id, old_email, new_email`;
      if (change === undefined) return false;
      const { id, old_email: from, new_email: to } = change;
      if (await isEmailTaken(tx, { email: to, userId })) throw new AppError('conflict', 'email_taken');
      if (!(await changeEmail(tx, { userId, from, to }))) throw new AppError('conflict', 'email_changed_meanwhile');
      // Sessions that were started by the old address end; the one that has just proven the new address stays.
      const { count: sessions } = await tx.db.session.deleteMany({ where: { userId, id: { not: sessionId } } });
      const person = { subject: { kind: 'person', id: userId }, personId: userId };
      await recordAudit(tx, { action: 'user.email_changed', ...person, after: { method: 'account', sessions } });
      await ask(tx, 'email_change.notify', { emailChangeId: id }, { key: id });
      return true;
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      throw new AppError('conflict', 'email_taken', { cause: error });
    }
    throw error;
  }
}
