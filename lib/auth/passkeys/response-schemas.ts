import 'server-only';
import { z } from 'zod';

// Far above what authenticators send, and below the limit of a request's body.
const MAX_FIELD_LENGTH = 16_384;
/** WebAuthn bounds a credential id to 1,023 bytes: 1,364 characters of base64url. */
const MAX_CREDENTIAL_ID_LENGTH = 1364;

const base64url = z
  .string()
  .max(MAX_FIELD_LENGTH)
  .regex(/^[\w-]+$/);
const credentialId = base64url.max(MAX_CREDENTIAL_ID_LENGTH);

/** What `navigator.credentials.create` returned, as the browser library encodes it. Extensions and hints are left out. */
export const RegistrationResponse = z
  .object({
    id: credentialId,
    rawId: credentialId,
    type: z.literal('public-key'),
    response: z.object({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z
        .array(z.string().regex(/^[a-z-]{1,20}$/))
        .max(10)
        .optional(),
    }),
  })
  .transform(({ response: { transports, ...response }, ...credential }) => ({
    ...credential,
    clientExtensionResults: {},
    transports: transports ?? [],
    response,
  }));

/** What `navigator.credentials.get` returned. */
export const AssertionResponse = z
  .object({
    id: credentialId,
    rawId: credentialId,
    type: z.literal('public-key'),
    response: z.object({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
  })
  .transform((credential) => ({ ...credential, clientExtensionResults: {} }));
