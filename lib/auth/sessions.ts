import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { NotFoundError } from '#lib/errors/app-error';
import { prefixOf } from '#lib/limits/network-of';
import { addMs, DAY_MS } from '#lib/time/span';
import { isAdmin } from './admin-role.ts';
import { endOfSession, isIncomplete, SESSION_DAYS } from './session-life.ts';

/** `token` goes into the browser's cookie and nowhere else. */
export type NewSession = { token: string; expiresAt: Date };

export type SessionLine = {
  id: string;
  /** Browser and system in words; null when they are not known. */
  device: string | null;
  /** The network that it was started from, `81.2.69.0/24`; null when it is not known. */
  network: string | null;
  createdAt: Date;
  /** Exact to five minutes. */
  lastUsedAt: Date;
  /** Waits for a passkey or a recovery code, and can do nothing until then. */
  isIncomplete: boolean;
};

const MAX_LISTED = 50;

/** Where a user is signed in, the most recently used first: the 50 newest sessions that have not ended. */
export async function listSessions(ctx: Context): Promise<SessionLine[]> {
  const { userId } = requirePerson(ctx.actor);
  const { _count, ...user } = await ctx.db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { email: true, role: true, _count: { select: { passkeys: true } } },
  });
  const rows = await ctx.db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    select: {
      id: true,
      device: true,
      network: true,
      createdAt: true,
      expiresAt: true,
      lastUsedAt: true,
      secondFactorAt: true,
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MAX_LISTED,
  });
  const owner = { isAdmin: isAdmin(user), hasPasskey: _count.passkeys > 0 };
  return rows
    .filter((row) => endOfSession(row, owner) > new Date())
    .map((row) => ({
      id: row.id,
      device: row.device,
      network: row.network,
      createdAt: row.createdAt,
      lastUsedAt: row.lastUsedAt ?? row.createdAt,
      isIncomplete: isIncomplete(row, owner),
    }))
    .sort((one, other) => other.lastUsedAt.getTime() - one.lastUsedAt.getTime());
}

/** Starts a session of a user who has just proven who they are. `device` is their browser in words, if known. */
export async function startSession(
  ctx: Context,
  { userId, device }: { userId: string; device: string | null },
): Promise<NewSession> {
  const token = randomSecret();
  const createdAt = new Date();
  const expiresAt = addMs(createdAt, SESSION_DAYS * DAY_MS);
  const network = ctx.callerAddress === null ? null : prefixOf(ctx.callerAddress);
  await ctx.db.session.create({
    data: { tokenHash: hashOf(token), userId, createdAt, expiresAt, device, network },
    select: { id: true },
  });
  return { token, expiresAt };
}

/**
 * Signs one of the user's devices out.
 * @throws {NotFoundError} no session of theirs has this id
 */
export async function endSession(ctx: Context, { sessionId }: { sessionId: string }): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  if (!z.guid().safeParse(sessionId).success) throw new NotFoundError('session');
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.session.deleteMany({ where: { id: sessionId, userId } });
    if (count === 0) throw new NotFoundError('session');
    const subject = { kind: 'session', id: sessionId };
    await recordAudit(tx, { action: 'user.session_ended', subject, personId: userId });
  });
}

/** Signs the user out everywhere, here too. */
export async function endAllSessions(ctx: Context): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.session.deleteMany({ where: { userId } });
    const subject = { kind: 'person', id: userId };
    await recordAudit(tx, { action: 'user.sessions_ended', subject, personId: userId, after: { sessions: count } });
  });
}

/** Ends the session that holds this token, if there is one. Whoever has the token may end it. */
export async function endSessionOfToken(ctx: Context, tokenHash: Buffer<ArrayBuffer>): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const session = await tx.db.session.findUnique({
      where: { tokenHash },
      select: { id: true, userId: true, user: { select: { email: true, role: true } } },
    });
    if (session === null) return;
    const { id, userId, user } = session;
    // Two presses of the button delete once, and are recorded once.
    const { count } = await tx.db.session.deleteMany({ where: { id } });
    if (count === 0) return;
    const actor = { kind: isAdmin(user) ? 'admin' : 'user', userId } as const;
    const subject = { kind: 'session', id };
    await recordAudit(actingAs(tx, actor), { action: 'user.signed_out', subject, personId: userId });
  });
}
