import 'server-only';
import { findRenewal, type Renewal } from '#lib/connections/renewal';
import { STATUS_FACTS, toStatusFacts } from '#lib/connections/settle-status';
import { allowsAttended, allowsUnattended, type ConnectionStatus, decideStatus } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import type { Prisma, TokenRole } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import { SyncNotAllowedError } from './sync-not-allowed.ts';

const CALLABLE = { ...STATUS_FACTS, credentialsId: true } satisfies Prisma.ConnectionSelect;

export type StatusRow = Prisma.ConnectionGetPayload<{ select: typeof CALLABLE }>;

/**
 * What a connection's status is at this very moment, whatever was last written down: the clock may have ended the consent
 * since. A renewal that hasn't fetched yet goes by its own consent, which nobody has refused.
 */
export function statusAt(row: StatusRow, renewal: Renewal | null, now: Date): ConnectionStatus {
  const { credentialsId: _, ...rest } = row;
  const facts = toStatusFacts(rest);
  if (renewal === null) return decideStatus(facts, now);
  const consentExpiresAt = isOldEnd(row, renewal) ? null : renewal.consentExpiresAt;
  return decideStatus({ ...facts, consentExpiresAt, endPendingSince: null, grantRefusedAt: null }, now);
}

/** TrueLayer may go on telling the old end for a while after it has accepted a renewal of the same grant. */
function isOldEnd(row: StatusRow, { credentialsId, consentExpiresAt: told }: Renewal): boolean {
  const isSameGrant = credentialsId === null || credentialsId === row.credentialsId;
  return isSameGrant && told !== null && row.consentExpiresAt !== null && told <= row.consentExpiresAt;
}

/**
 * The grant that is to fetch next: a renewal that waits for its first fetch goes before the one in use.
 * @throws {SyncNotAllowedError} the renewal has superseded the tokens in use, and the person hasn't said yet whose login it was
 */
export async function chooseRole(ctx: Context, connectionId: string): Promise<'current' | 'incoming'> {
  const renewal = await findRenewal(ctx, connectionId);
  if (renewal === null) return 'current';
  if (renewal.questionedAt === null) return 'incoming';
  if ((await ctx.db.connectionTokens.count({ where: { connectionId, role: 'current' } })) > 0) return 'current';
  throw new SyncNotAllowedError('needs_reauthentication');
}

export type CallAs = { connectionId: string; role: TokenRole; isAttended: boolean };

/**
 * Asked before each request, also before one that is repeated: from the second in which a consent ends, or the person stops
 * sharing, nothing more is sent that they aren't waiting for.
 * @throws {SyncNotAllowedError}
 */
export async function requireCallable(ctx: Context, { connectionId, role, isAttended }: CallAs): Promise<void> {
  const [row, renewal] = await Promise.all([
    ctx.db.connection.findUnique({ where: { id: connectionId }, select: CALLABLE }),
    role === 'incoming' ? findRenewal(ctx, connectionId) : null,
  ]);
  if (row === null) throw new NotFoundError('connection');
  refuseUnlessAllowed(statusAt(row, renewal, ctx.clock.now()), isAttended);
}

/** @throws {SyncNotAllowedError} */
export function refuseUnlessAllowed(status: ConnectionStatus, isAttended: boolean): void {
  if (!(isAttended ? allowsAttended(status) : allowsUnattended(status))) throw new SyncNotAllowedError(status);
}
