'use client';

import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
} from '@simplewebauthn/browser';
import { useState, useTransition } from 'react';
import { Button } from '#components/ui/button';
import { browserProblemOf, PASSKEY_PROBLEMS, type PasskeyProblem } from './passkey-problem.tsx';
import { PasskeySupport } from './passkey-support.tsx';

export type BegunAssertion = { options: PublicKeyCredentialRequestOptionsJSON } | { problem: PasskeyProblem };

type UsePasskeyButtonProps = {
  begin: () => Promise<BegunAssertion>;
  /** Verifies on the server, and redirects when the passkey is right. */
  finish: (response: AuthenticationResponseJSON) => Promise<{ problem: PasskeyProblem }>;
};

/** Asks the browser for a passkey of the user. */
export function UsePasskeyButton({ begin, finish }: UsePasskeyButtonProps) {
  const [isPending, startTransition] = useTransition();
  const [problem, setProblem] = useState<PasskeyProblem | null>(null);
  const press = () =>
    startTransition(async () => {
      setProblem(null);
      const begun = await begin();
      if ('problem' in begun) return setProblem(begun.problem);
      const answer = await askBrowser(begun.options);
      setProblem('problem' in answer ? answer.problem : (await finish(answer.response)).problem);
    });
  return (
    <PasskeySupport>
      <Button onClick={press} isDisabled={isPending} isWide>
        {isPending ? 'Waiting for your passkey…' : 'Use your passkey'}
      </Button>
      <p role="alert" className="mt-3 font-semibold text-danger text-sm empty:hidden">
        {problem === null ? null : PASSKEY_PROBLEMS[problem]}
      </p>
    </PasskeySupport>
  );
}

type BrowserAnswer = { response: AuthenticationResponseJSON } | { problem: PasskeyProblem };

async function askBrowser(optionsJSON: PublicKeyCredentialRequestOptionsJSON): Promise<BrowserAnswer> {
  try {
    return { response: await startAuthentication({ optionsJSON }) };
  } catch (error) {
    return { problem: browserProblemOf(error) };
  }
}
