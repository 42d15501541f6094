'use client';

import { useActionState } from 'react';
import { Panel } from '#components/ui/panel';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import type { SettingsFile } from '#lib/admin/settings/get-settings';
import { changeClientAction } from './_actions.ts';
import { FormOutcome } from './_form-outcome.tsx';
import { settingsProblem } from './_words.ts';

type ClientFormProps = { file: Pick<SettingsFile, 'client' | 'environment'> };

/** Write-only: what is stored is never shown again, to nobody. */
export function ClientForm({ file }: ClientFormProps) {
  const [state, action] = useActionState(changeClientAction, { outcome: 'untouched' });
  const problem = state.outcome === 'refused' ? settingsProblem('client', state.code) : null;
  const typed = state.outcome === 'refused' ? state.typed : { clientId: '', reason: '' };
  const errorOf = (fieldId: string) => (problem?.fieldId === fieldId ? problem.message : undefined);
  return (
    <Panel>
      <FormOutcome
        problem={problem}
        isSaved={state.outcome === 'saved'}
        savedWords="TrueLayer accepted the client, and it is in use from now on."
      />
      <form action={action} className="max-w-narrow space-y-5">
        <p className="text-soft">
          {file.client === null
            ? `No client is stored for TrueLayer’s ${file.environment} environment yet. Nobody can link a bank before there is one.`
            : `A client whose id ends in ${file.client.idEnd} is stored for TrueLayer’s ${file.environment} environment.`}
        </p>
        <TextInput
          id="client-id"
          name="client-id"
          label="Client id"
          autoComplete="off"
          spellCheck={false}
          error={errorOf('client-id')}
          defaultValue={typed.clientId}
          isRequired
          maxLength={200}
        />
        <TextInput
          id="client-secret"
          name="client-secret"
          type="password"
          label="Client secret"
          hint="Stored sealed, and never shown again. TrueLayer is asked whether it knows the pair before anything is stored."
          autoComplete="off"
          error={errorOf('client-secret')}
          isRequired
          maxLength={500}
        />
        <TextInput
          id="client-reason"
          name="reason"
          label="Reason"
          hint="Goes on record beside your name and is kept for ever: don’t name a user. At least ten letters."
          error={errorOf('client-reason')}
          defaultValue={typed.reason}
          isRequired
          maxLength={500}
        />
        <SubmitButton pendingLabel="Asking TrueLayer…">Check and store</SubmitButton>
      </form>
    </Panel>
  );
}
