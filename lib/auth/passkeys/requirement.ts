import 'server-only';
import { env } from '#lib/env/env';

/** Admins need a passkey wherever `TRUELAYER_ENV` is not `local`. */
export function isPasskeyRequiredOfAdmins(): boolean {
  return env().trueLayer.environment !== 'local';
}
