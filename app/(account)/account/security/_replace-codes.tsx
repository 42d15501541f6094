'use client';

import { useActionState } from 'react';
import { RecoveryCodes } from '#components/passkeys/recovery-codes';
import { Checkbox } from '#components/ui/checkbox';
import { SubmitButton } from '#components/ui/submit-button';
import { replaceRecoveryCodesAction } from './_actions.ts';
import type { RecoveryCodesState } from './_states.ts';

/** Replaces the recovery codes, and shows the new ones in the answer. */
export function ReplaceCodes() {
  const [state, action] = useActionState<RecoveryCodesState, FormData>(replaceRecoveryCodesAction, {
    outcome: 'untouched',
  });
  if (state.outcome === 'created') return <RecoveryCodes codes={state.codes} />;
  return (
    <form action={action} className="space-y-5" noValidate>
      <Checkbox
        id="sure"
        name="sure"
        label="Replace my recovery codes"
        hint="The codes that you have now stop working, and you are signed out on your other devices."
        error={state.outcome === 'unsure' ? 'Tick this if you are sure.' : undefined}
        isRequired
      />
      <SubmitButton variant="secondary" pendingLabel="Creating codes…">
        Create new codes
      </SubmitButton>
    </form>
  );
}
