import 'server-only';
import { env } from '#lib/env/env';

/** Joining the environment's list of admins takes effect at the next sign-in, leaving it at once. */
export function isAdmin({ email, role }: { email: string; role?: unknown }): boolean {
  return role === 'admin' && isListedAdmin(email);
}

export function isListedAdmin(email: string): boolean {
  return env().adminEmails.includes(email.toLowerCase());
}
