'use client';

import { useActionState } from 'react';
import { Checkbox } from '#components/ui/checkbox';
import { Panel } from '#components/ui/panel';
import { Select } from '#components/ui/select';
import { SubmitButton } from '#components/ui/submit-button';
import { TextArea } from '#components/ui/text-area';
import { TextInput } from '#components/ui/text-input';
import type { SettingsFile } from '#lib/admin/settings/get-settings';
import type { Permission } from '#lib/truelayer/permissions';
import { changeSettingsAction } from './_actions.ts';
import { FormOutcome } from './_form-outcome.tsx';
import type { TypedSettings } from './_form-state.ts';
import { settingsProblem } from './_words.ts';

type SettingsFormProps = { file: Pick<SettingsFile, 'settings' | 'canGoDirect'> };

export function SettingsForm({ file: { settings, canGoDirect } }: SettingsFormProps) {
  const [state, action] = useActionState(changeSettingsAction, { outcome: 'untouched' });
  const problem = state.outcome === 'refused' ? settingsProblem('settings', state.code) : null;
  const typed = state.outcome === 'refused' ? state.typed : asTyped(settings);
  const errorOf = (fieldId: string) => (problem?.fieldId === fieldId ? problem.message : undefined);
  return (
    <Panel>
      <FormOutcome problem={problem} isSaved={state.outcome === 'saved'} savedWords="Saved, and in use from now on." />
      <form action={action} className="max-w-narrow space-y-6">
        <Select
          // A list that is reset goes back to what it was first drawn with.
          key={typed.flow}
          id="flow"
          name="flow"
          label="Way to the bank"
          hint={
            canGoDirect ? undefined : 'Straight to the bank needs TrueLayer’s approval of our consent screens first.'
          }
          error={errorOf('flow')}
          defaultValue={typed.flow}
          options={[
            { value: 'direct', label: 'Bank and permissions here, then straight to the bank' },
            { value: 'bank-selection', label: 'Bank here, permissions in TrueLayer’s dialog' },
            { value: 'dialog', label: 'Everything in TrueLayer’s dialog' },
          ]}
        />
        <TextArea
          id="providers"
          name="providers"
          label="Banks that are offered"
          hint="TrueLayer’s filters, with spaces between: uk-ob-all uk-oauth-all, or single banks like ob-monzo."
          error={errorOf('providers')}
          defaultValue={typed.providers}
          isRequired
          rows={2}
        />
        <fieldset>
          <legend className="mb-1.5 font-semibold">Permissions that are asked for</legend>
          {Object.entries(LABELS).map(([permission, label]) => (
            <Checkbox
              key={permission}
              id={`permission-${permission}`}
              name="permissions"
              value={permission}
              label={label}
              isChecked={typed.permissions.includes(permission)}
              error={errorOf(`permission-${permission}`)}
            />
          ))}
        </fieldset>
        <TextInput
          id="reminder-days"
          name="reminder-days"
          label="Days on which people are reminded"
          hint="Before the end of their consent, with spaces between. 0 is the last day."
          error={errorOf('reminder-days')}
          defaultValue={typed.reminderDays}
          isRequired
          width="medium"
        />
        <TextInput
          id="answer-days"
          name="answer-days"
          type="number"
          inputMode="numeric"
          label="Days for which banks’ answers are kept"
          hint="Sealed, so that they can be read again by better rules. 0 keeps none."
          error={errorOf('answer-days')}
          defaultValue={typed.answerDays}
          isRequired
          width="short"
        />
        <TextInput
          id="call-days"
          name="call-days"
          type="number"
          inputMode="numeric"
          label="Days for which calls are on record"
          hint="Endpoints, codes and correlation ids. At least 7."
          error={errorOf('call-days')}
          defaultValue={typed.callDays}
          isRequired
          width="short"
        />
        <TextInput
          id="history-days"
          name="history-days"
          type="number"
          inputMode="numeric"
          label="Days for which trips, mails and figures are kept"
          hint="Trips to banks, reminders that were sent, leaves of the team and figures by the hour. At least 30. The audit stays for ever."
          error={errorOf('history-days')}
          defaultValue={typed.historyDays}
          isRequired
          width="short"
        />
        <TextInput
          id="settings-reason"
          name="reason"
          label="Reason"
          hint="Goes on record beside your name and is kept for ever: don’t name a user. At least ten letters."
          error={errorOf('settings-reason')}
          defaultValue={typed.reason}
          isRequired
          maxLength={500}
        />
        <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
      </form>
    </Panel>
  );
}

function asTyped(settings: SettingsFile['settings']): TypedSettings {
  return {
    flow: settings.flow,
    providers: settings.providers.join(' '),
    permissions: settings.permissions,
    reminderDays: settings.reminderDays.join(' '),
    answerDays: String(settings.answerRetentionDays),
    callDays: String(settings.callRetentionDays),
    historyDays: String(settings.historyRetentionDays),
    reason: '',
  };
}

const LABELS: Readonly<Record<Permission, string>> = {
  info: 'Who the holder is',
  accounts: 'Accounts',
  cards: 'Cards',
  balance: 'Balances',
  transactions: 'Transactions',
  direct_debits: 'Direct debits',
  standing_orders: 'Standing orders',
  offline_access: 'While the person isn’t there',
};
