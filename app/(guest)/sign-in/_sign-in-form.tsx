'use client';

import { useActionState } from 'react';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import { requestLinkAction, type SignInState } from './_actions.ts';

type SignInFormProps = {
  returnTo: string;
  /** Addresses that may be tried in a local trial. */
  suggestions: readonly { email: string; label: string }[];
};

const PROBLEMS: Record<NonNullable<SignInState['problem']>, string> = {
  email_invalid: 'Enter an e-mail address like name@example.com',
  too_many_requests: 'Too many links were asked for. Wait a quarter of an hour, then try again.',
  mail_not_sent: 'The mail could not be sent just now. Try again in a minute.',
};

export function SignInForm({ returnTo, suggestions }: SignInFormProps) {
  const [state, action] = useActionState(requestLinkAction, { email: '', problem: null });
  return (
    <form action={action} className="space-y-6" noValidate>
      <input type="hidden" name="returnTo" value={returnTo} />
      <TextInput
        id="email"
        name="email"
        type="email"
        label="Your e-mail address"
        hint="We send you a link that signs you in. There is no password to remember."
        autoComplete="email"
        inputMode="email"
        isRequired
        defaultValue={state.email}
        error={state.problem === null ? undefined : PROBLEMS[state.problem]}
      />
      <SubmitButton pendingLabel="Sending the link…" isWide>
        E-mail me a link
      </SubmitButton>
      {suggestions.length === 0 ? null : (
        <fieldset className="rounded-panel bg-sunken p-5">
          <legend className="sr-only">Addresses to try</legend>
          <p className="text-sm text-soft">
            This is a local trial: any address works, and the mail goes to the catcher on this machine. Try one of
            these.
          </p>
          <div className="mt-3 flex flex-wrap gap-3">
            {suggestions.map(({ email, label }) => (
              <SubmitButton
                key={email}
                variant="secondary"
                size="sm"
                name="email"
                value={email}
                pendingLabel="Sending the link…"
              >
                {label}
              </SubmitButton>
            ))}
          </div>
        </fieldset>
      )}
    </form>
  );
}
