'use client';

import { useActionState } from 'react';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import { type RecoveryState, redeemRecoveryCodeAction } from '../_passkey-actions.ts';

const PROBLEMS: Record<NonNullable<RecoveryState['problem']>, string> = {
  code_refused: 'This is not one of your unused recovery codes. Check it and try again.',
  too_many_requests: 'There were too many tries. Wait 15 minutes, then try again.',
};

export function RecoveryForm({ returnTo }: { returnTo: string }) {
  const [state, action] = useActionState(redeemRecoveryCodeAction, { problem: null });
  return (
    <form action={action} className="space-y-5" noValidate>
      <input type="hidden" name="returnTo" value={returnTo} />
      <TextInput
        id="code"
        name="code"
        label="Recovery code"
        hint="One of the 10 codes that you saved when you added a passkey. Each works once."
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        isRequired
        error={state.problem === null ? undefined : PROBLEMS[state.problem]}
      />
      <SubmitButton variant="secondary" pendingLabel="Checking…">
        Use recovery code
      </SubmitButton>
    </form>
  );
}
