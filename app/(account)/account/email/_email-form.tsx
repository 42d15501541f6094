'use client';

import { useActionState } from 'react';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import { requestEmailChangeAction } from './_actions.ts';

const PROBLEMS: Record<string, string> = {
  email_invalid: 'Enter an email address like name@example.com',
  email_unchanged: 'This is your address already. Enter another one.',
  too_many_requests: 'Too many changes were asked for. Wait an hour, then try again.',
  mail_not_sent: 'The mail could not be sent just now. Try again in a minute.',
};

export function EmailForm() {
  const [state, action] = useActionState(requestEmailChangeAction, { email: '', problem: null });
  return (
    <form action={action} className="space-y-5" noValidate>
      <TextInput
        id="new-email"
        name="email"
        type="email"
        label="New email address"
        autoComplete="email"
        inputMode="email"
        isRequired
        defaultValue={state.email}
        error={state.problem === null ? undefined : (PROBLEMS[state.problem] ?? PROBLEMS.mail_not_sent)}
      />
      <SubmitButton pendingLabel="Sending the link…">Send the link</SubmitButton>
    </form>
  );
}
