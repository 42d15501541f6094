import { addMs, MINUTE_MS } from '#lib/time/span';

/** The documented time after a sign-in in which a bank opens everything. */
const SIGN_IN_WINDOW_MS = 5 * MINUTE_MS;

/** When the minutes are over in which the bank opens what lies further back. Null: nobody has signed in. */
export function signInWindowEnd(authenticatedAt: Date | null): Date | null {
  return authenticatedAt === null ? null : addMs(authenticatedAt, SIGN_IN_WINDOW_MS);
}

export function isSignInRecent(authenticatedAt: Date | null, now: Date): boolean {
  const end = signInWindowEnd(authenticatedAt);
  return end !== null && now <= end;
}
