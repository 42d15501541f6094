import 'server-only';
import { env } from '#lib/env/env';

/**
 * What WebAuthn calls the relying party. Both values come from `APP_URL` alone and never from a request, so that a response
 * made for another host is refused whatever the request claims.
 */
export function relyingParty(): { id: string; name: string; origin: string } {
  const { hostname, origin } = new URL(env().appUrl);
  return { id: hostname, name: env().company.name, origin };
}
