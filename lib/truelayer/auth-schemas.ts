import { z } from 'zod';
import { id, redirectUrl, textList } from './tolerant.ts';

/** What may stand in a header, of which servers commonly accept 16 KiB. A token with anything else in it isn't one. */
const token = z
  .string()
  .max(16_384)
  .regex(/^[\x21-\x7e]+$/);

const defaultLifeSeconds = 3600;

const lifeSeconds = z
  .string()
  .transform(Number)
  .pipe(z.number().nonnegative())
  .transform(Math.floor)
  .catch(defaultLifeSeconds);

export type TokenSet = z.output<typeof tokenSet>;
export const tokenSet = z
  .object({
    access_token: token,
    refresh_token: token.nullable().catch(null),
    expires_in: lifeSeconds,
    scope: textList.nullable().catch(null),
  })
  .transform((wire) => ({
    accessToken: wire.access_token,
    /** Null means: keep the one you have. */
    refreshToken: wire.refresh_token,
    expiresInSeconds: wire.expires_in,
    permissions: wire.scope,
  }));

export const linkAnswer = z
  .object({ success: z.literal(true), result: redirectUrl })
  .transform((wire) => ({ url: wire.result }));

export const extendAnswer = z.discriminatedUnion('action_needed', [
  z.object({ action_needed: z.literal('no_action_needed') }),
  z.object({ action_needed: z.literal('authentication_needed'), user_input_link: redirectUrl }),
  z.object({ action_needed: z.literal('reconfirmation_of_consent_needed'), user_input_link: redirectUrl }),
]);

export const debugIdAnswer = z
  .object({ debug_id: id, credentials_id: id, provider_id: id })
  .transform((wire) => ({ debugId: wire.debug_id, credentialsId: wire.credentials_id, bankId: wire.provider_id }));
