/** Why a passkey could not be added or used, as far as the user can do something about it. */
export type PasskeyProblem =
  | 'refused'
  | 'cancelled'
  | 'known'
  | 'not_possible_here'
  | 'no_passkey'
  | 'too_many'
  | 'name_invalid'
  | 'rate_limited';

export const PASSKEY_PROBLEMS: Readonly<Record<PasskeyProblem, string>> = {
  refused: 'We couldn’t accept this passkey. Try again.',
  cancelled: 'The passkey wasn’t used. You may have cancelled, or it took too long. Try again.',
  known: 'This device already has a passkey for your account.',
  not_possible_here: 'This browser can’t use passkeys at this address.',
  no_passkey: 'Your account has no passkey. Go back and try again.',
  too_many: 'You have the most passkeys that an account can have. Remove one first.',
  name_invalid: 'Enter a name with 1 to 60 characters.',
  rate_limited: 'There were too many tries. Wait 15 minutes, then try again.',
};

/** What the browser's own refusal means. Names are those of WebAuthn's `DOMException`s, which the library keeps. */
export function browserProblemOf(error: unknown): PasskeyProblem {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError') return 'known';
  if (name === 'SecurityError' || name === 'NotSupportedError') return 'not_possible_here';
  return 'cancelled';
}
