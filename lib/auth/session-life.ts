import 'server-only';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';

/** The longest that anybody stays signed in. next-auth gives a session this life when it is created. */
export const SESSION_DAYS = 30;
const ADMIN_SESSION_HOURS = 12;
const FRESH_MS = 10 * 60_000;
/** How long after the sign-in a session may stay incomplete. */
const INCOMPLETE_SESSION_MS = 15 * 60_000;

type SessionFacts = { createdAt: Date; expiresAt: Date; secondFactorAt: Date | null };
type OwnerFacts = { isAdmin: boolean; hasPasskey: boolean };

/**
 * Whether a session waits for the second factor: its user has a passkey, and neither a passkey nor a recovery code has been
 * used in it. Derived on every request, so that adding a first passkey applies to the user's other sessions at once.
 */
export function isIncomplete({ secondFactorAt }: Pick<SessionFacts, 'secondFactorAt'>, owner: OwnerFacts): boolean {
  return owner.hasPasskey && secondFactorAt === null;
}

/**
 * When a session ends at the latest, whatever its row says: 30 days after the sign-in, 12 hours for an admin, 15 minutes
 * while it is incomplete. Sessions live on the machine's clock: moving the simulator's clock must sign nobody out.
 */
export function endOfSession(session: SessionFacts, owner: OwnerFacts): Date {
  const completeMs = owner.isAdmin ? ADMIN_SESSION_HOURS * HOUR_MS : SESSION_DAYS * DAY_MS;
  const end = addMs(session.createdAt, isIncomplete(session, owner) ? INCOMPLETE_SESSION_MS : completeMs);
  return new Date(Math.min(end.getTime(), session.expiresAt.getTime()));
}

/** Whether the sign-in, or the use of a passkey since, is recent enough for what needs a fresh one: at most 10 minutes ago. */
export function isFresh(signedInAt: Date, now = new Date()): boolean {
  return now.getTime() - signedInAt.getTime() <= FRESH_MS;
}
