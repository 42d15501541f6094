import 'server-only';
import { z } from 'zod';
import { AppError } from '#lib/errors/app-error';
import { EmailAddress } from './sign-in-link.ts';

/** What a sign-in at the OpenID Connect provider says of the user: an address that the provider vouches for. */
export type OpenIdClaims = { subject: string; email: string; name: string | null };

const NO_CONTROL_CHARACTER = /^\P{Cc}*$/u;

// An address or a name that is too long, or isn't one, counts as none. 255 is OpenID Connect Core 1.0, section 2.
const Claims = z.object({
  sub: z.string().min(1).max(255).regex(NO_CONTROL_CHARACTER),
  email: EmailAddress.nullish().catch(null),
  email_verified: z.unknown().optional(),
  name: z.string().max(200).regex(NO_CONTROL_CHARACTER).nullish().catch(null),
});

/**
 * Reads the claims of OpenID Connect Core 1.0, section 5.1. `email_verified` is a boolean; some providers send the text
 * "true". With `isEmailTrusted`, an address without the claim counts as verified; one that the provider calls unverified
 * never does.
 * @throws {AppError} forbidden: `subject_invalid` (missing, or longer than a subject may be), `email_missing`, or
 * `email_unverified`, whose address could be anybody's, an admin's included
 */
export function readOpenIdClaims(profile: unknown, { isEmailTrusted }: { isEmailTrusted: boolean }): OpenIdClaims {
  const parsed = Claims.safeParse(profile);
  if (!parsed.success) throw new AppError('forbidden', 'subject_invalid');
  const { sub, email, email_verified: verified, name } = parsed.data;
  if (email === null || email === undefined) throw new AppError('forbidden', 'email_missing');
  const isSilent = verified === undefined || verified === null;
  const isVerified = verified === true || verified === 'true' || (isSilent && isEmailTrusted);
  if (!isVerified) throw new AppError('forbidden', 'email_unverified');
  return { subject: sub, email, name: name ?? null };
}

/** Whether the ID token leaves the address, or its verification, to the UserInfo endpoint. */
export function needsUserInfo(idToken: object): boolean {
  return !('email' in idToken && 'email_verified' in idToken);
}

/**
 * The claims of an ID token, completed by those of the UserInfo endpoint. `email_verified` is about the address beside it, so
 * a verification of one source is never applied to another address of the other.
 * @throws when the answer is about another subject (OpenID Connect Core 1.0, section 5.3.2)
 */
export function mergeUserInfo(idToken: object, userInfo: object): object {
  if (claim(userInfo, 'sub') !== claim(idToken, 'sub')) throw new Error('the UserInfo answer is about another subject');
  return {
    ...userInfo,
    ...idToken,
    email: claim(userInfo, 'email') ?? claim(idToken, 'email'),
    email_verified: claim(userInfo, 'email_verified'),
  };
}

function claim(claims: object, name: string): unknown {
  return Reflect.get(claims, name);
}
