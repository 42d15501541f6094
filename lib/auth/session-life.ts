import 'server-only';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';

/** The longest that anybody stays signed in. next-auth gives a session this life when it is created. */
export const SESSION_DAYS = 30;
const ADMIN_SESSION_HOURS = 12;
const FRESH_MS = 10 * 60_000;

/**
 * When a session ends at the latest, whatever its row says: 30 days after the sign-in, 12 hours for an admin. Sessions live
 * on the machine's clock: moving the simulator's clock must sign nobody out.
 */
export function endOfSession({ createdAt, expiresAt }: { createdAt: Date; expiresAt: Date }, isAdmin: boolean): Date {
  const end = addMs(createdAt, isAdmin ? ADMIN_SESSION_HOURS * HOUR_MS : SESSION_DAYS * DAY_MS);
  return end < expiresAt ? end : expiresAt;
}

/** Whether the sign-in is recent enough for what needs a fresh one: at most 10 minutes ago. */
export function isFresh(signedInAt: Date, now = new Date()): boolean {
  return now.getTime() - signedInAt.getTime() <= FRESH_MS;
}
