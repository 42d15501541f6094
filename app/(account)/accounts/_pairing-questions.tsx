import { Notice } from '#components/ui/notice';
import { Panel } from '#components/ui/panel';
import { RadioCards } from '#components/ui/radio-cards';
import { SubmitButton } from '#components/ui/submit-button';
import type { AccountSummary } from '#lib/accounts/dto';
import type { PairingQuestionView } from '#lib/accounts/list-pairing-questions';
import { accountKind } from '../../_words/accounts.ts';
import { answerPairingAction } from './_pairing-actions.ts';

type Props = { questions: readonly PairingQuestionView[]; outcome: string | null };

/** Banks give an account a new id now and then. Where it isn't clear which one it was, only the person knows. */
export function PairingQuestions({ questions, outcome }: Props) {
  const words = outcome === null ? undefined : OUTCOMES[outcome];
  return (
    <>
      {words === undefined ? null : <Notice tone={words.tone} role="status" title={words.title} />}
      {questions.map((question) => (
        <Question key={question.id} question={question} />
      ))}
    </>
  );
}

const OUTCOMES: Readonly<Record<string, { tone: 'good' | 'caution'; title: string }>> = {
  same: { tone: 'good', title: 'Thank you: they are one account again' },
  new: { tone: 'good', title: 'Thank you: it goes on as an account of its own' },
  already_answered: { tone: 'caution', title: 'That has been answered already' },
  refused: { tone: 'caution', title: 'That couldn’t be saved. Please choose one and try again' },
};

function Question({ question }: { question: PairingQuestionView }) {
  const { id, account, candidates } = question;
  const titleId = `pairing-${id}`;
  return (
    <Panel labelledBy={titleId}>
      <h2 id={titleId} className="font-semibold text-lg">
        {`Is ${faceOf(account)} one that you had here before?`}
      </h2>
      <p className="mt-1 mb-5 max-w-prose text-soft">
        {`${account.bankName} gave it a new id, and more than one could be meant. If it is the same, its history, your notes and categories go on where they stopped.`}
      </p>
      <form action={answerPairingAction.bind(null, id)} className="space-y-6">
        <RadioCards
          id={`former-${id}`}
          name="former"
          legend="Which one is it?"
          isRequired
          options={[
            ...candidates.map((candidate) => ({
              value: candidate.id,
              title: `The same as ${faceOf(candidate)}`,
              description: candidate.goneAt === null ? accountKind(candidate) : 'No longer listed by your bank',
            })),
            { value: 'none', title: 'None of these: it is new' },
          ]}
        />
        <div>
          <SubmitButton pendingLabel="Saving…">Confirm</SubmitButton>
        </div>
      </form>
    </Panel>
  );
}

function faceOf(account: AccountSummary): string {
  const ending = account.numberHint === null ? '' : ` ending ${account.numberHint.slice(-4)}`;
  return `“${account.name.trim()}”${ending}`;
}
