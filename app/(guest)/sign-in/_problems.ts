type Problem = { title: string; text: string };

/** What `/sign-in` says after a sign-in that failed, by the code of lib/auth or next-auth. `provider` is the name of single sign-on. */
export function signInProblem(code: string, provider: string): Problem {
  const problems: Record<string, Problem> = {
    subject_invalid: {
      title: `${provider} did not tell us who you are`,
      text: `Ask the administrator of ${provider} to send a claim “sub” of at most 255 characters. Until then, sign in by email below.`,
    },
    email_missing: {
      title: `${provider} did not tell us your email address`,
      text: `Ask the administrator of ${provider} to send the claim “email” to this application and to fill in your email address there. Until then, sign in by email below.`,
    },
    email_unverified: {
      title: `${provider} has not verified your email address`,
      text: `We accept only addresses that ${provider} says it has verified. Verify your address there, or ask its administrator to send the claim “email_verified”. Until then, sign in by email below.`,
    },
    account_unverified: {
      title: 'Confirm your email address first',
      text: `There is an account with this address, but the address was never confirmed. Sign in by email below once; after that you can use ${provider}.`,
    },
    other_identity: {
      title: `Another ${provider} account is already linked to this address`,
      text: `Sign in with the ${provider} account that you used before, or by email below. If ${provider} gave you this address recently, ask the administrators of this service.`,
    },
    passkey_needed: {
      title: 'This account has a passkey',
      text: `${provider} is not linked to it, and can’t be linked to an account that has a passkey. Sign in by email below, then use your passkey.`,
    },
    OAuthCallback: {
      title: `${provider} did not complete the sign-in`,
      text: `You may have cancelled it, or it took too long. Try again. If it happens again, ask the administrator of ${provider}.`,
    },
    OAuthSignin: {
      title: `We could not reach ${provider}`,
      text: 'Try again in a minute, or sign in by email below.',
    },
    OAuthAccountNotLinked: {
      title: 'You are signed in as somebody else',
      text: `Sign out first, then continue with ${provider}.`,
    },
  };
  const known = Object.hasOwn(problems, code) ? problems[code] : undefined;
  return known ?? { title: 'We could not sign you in', text: 'Try again. Nothing is wrong with your accounts.' };
}
