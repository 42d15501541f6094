'use client';

import { useActionState } from 'react';
import { SubmitButton } from './submit-button.tsx';
import { TextInput } from './text-input.tsx';

/** `problem` is a code of lib/auth; null before anything was sent. */
export type CodeState = { code: string; problem: string | null };

type CodeFormProps = {
  action: (state: CodeState, form: FormData) => Promise<CodeState>;
  /** Sent along unseen. */
  values?: Readonly<Record<string, string>>;
  confirmLabel: string;
  pendingLabel: string;
};

const PROBLEMS: Record<string, string> = {
  code_malformed: 'Enter the 8 letters that the link shows, such as BCDF-GHJK',
  code_wrong: 'That is not the code of your link. Check it and try again.',
  link_over:
    'There is no open link for this browser: it was used, has expired, or too many codes were tried. Ask for a new link.',
  too_many_requests: 'Too many codes were tried. Wait 15 minutes, then ask for a new link.',
};

/** Takes the code of a mailed link that was opened in another browser. */
export function CodeForm({ action, values = {}, confirmLabel, pendingLabel }: CodeFormProps) {
  const [state, send] = useActionState(action, { code: '', problem: null });
  const problem = state.problem === null ? undefined : (PROBLEMS[state.problem] ?? PROBLEMS.link_over);
  return (
    <form action={send} className="space-y-5" noValidate>
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <TextInput
        id="code"
        name="code"
        label="Code"
        hint="8 letters, such as BCDF-GHJK"
        autoComplete="one-time-code"
        spellCheck={false}
        maxLength={20}
        width="medium"
        defaultValue={state.code}
        error={problem}
      />
      <SubmitButton variant="secondary" pendingLabel={pendingLabel}>
        {confirmLabel}
      </SubmitButton>
    </form>
  );
}
