'use client';

import { type RegistrationResponseJSON, startRegistration } from '@simplewebauthn/browser';
import { type FormEvent, useState, useTransition } from 'react';
import { browserProblemOf, PASSKEY_PROBLEMS, type PasskeyProblem } from '#components/passkeys/passkey-problem';
import { PasskeySupport } from '#components/passkeys/passkey-support';
import { RecoveryCodes } from '#components/passkeys/recovery-codes';
import { Button } from '#components/ui/button';
import { Notice } from '#components/ui/notice';
import { TextInput } from '#components/ui/text-input';
import { beginEnrolmentAction, enrolPasskeyAction } from './_actions.ts';
import type { BegunEnrolment, EnrolmentState } from './_states.ts';

type AddPasskeyProps = {
  /** Such as "Firefox on Windows". */
  suggestedName: string;
  maxNameLength: number;
};

/** Creates a passkey in the browser and stores its public key. New recovery codes are shown here, once. */
export function AddPasskey({ suggestedName, maxNameLength }: AddPasskeyProps) {
  const [isPending, startTransition] = useTransition();
  const [state, setState] = useState<EnrolmentState | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    if (!isPending) startTransition(async () => setState(await enrol(String(name ?? ''))));
  };
  if (state?.outcome === 'added' && state.recoveryCodes !== null) {
    return (
      <div className="space-y-5">
        <RecoveryCodes codes={state.recoveryCodes} />
        <Button variant="secondary" onClick={() => setState(null)}>
          I have saved my codes
        </Button>
      </div>
    );
  }
  return (
    <PasskeySupport>
      {state?.outcome === 'added' ? (
        <div className="mb-6">
          <Notice tone="good" title="Passkey added" role="status" />
        </div>
      ) : null}
      <form onSubmit={submit} className="space-y-5" noValidate>
        <TextInput
          id="passkey-name"
          name="name"
          label="Name of the new passkey"
          hint="So that you recognise it later: the device or password manager that keeps it."
          defaultValue={suggestedName}
          maxLength={maxNameLength}
          width="medium"
          autoComplete="off"
          error={state?.outcome === 'refused' ? PASSKEY_PROBLEMS[state.problem] : undefined}
        />
        <Button type="submit" isDisabled={isPending}>
          {isPending ? 'Waiting for your device…' : 'Add a passkey'}
        </Button>
        <p role="status" className="sr-only">
          {state?.outcome === 'refused' ? PASSKEY_PROBLEMS[state.problem] : ''}
        </p>
      </form>
    </PasskeySupport>
  );
}

async function enrol(name: string): Promise<EnrolmentState> {
  const begun = await beginEnrolmentAction();
  if ('problem' in begun) return { outcome: 'refused', problem: begun.problem };
  const created = await askBrowser(begun);
  return 'problem' in created
    ? { outcome: 'refused', problem: created.problem }
    : enrolPasskeyAction(name, created.response);
}

type BrowserAnswer = { response: RegistrationResponseJSON } | { problem: PasskeyProblem };

async function askBrowser({ options }: Extract<BegunEnrolment, { options: unknown }>): Promise<BrowserAnswer> {
  try {
    return { response: await startRegistration({ optionsJSON: options }) };
  } catch (error) {
    return { problem: browserProblemOf(error) };
  }
}
