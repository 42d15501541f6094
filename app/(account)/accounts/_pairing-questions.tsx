import { Notice } from '#components/ui/notice';
import { Panel } from '#components/ui/panel';
import { RadioCards } from '#components/ui/radio-cards';
import { SubmitButton } from '#components/ui/submit-button';
import type { AccountSummary } from '#lib/accounts/dto';
import type { PairingQuestionView } from '#lib/accounts/list-pairing-questions';
import { ownValue } from '#lib/format/own-value';
import { accountKind } from '../../_words/accounts.ts';
import { answerPairingAction } from './_pairing-actions.ts';

type Props = { questions: readonly PairingQuestionView[]; outcome: string | null };

/** Where it isn't clear whether an account is one that was known before, only the user knows. */
export function PairingQuestions({ questions, outcome }: Props) {
  const words = outcome === null ? undefined : ownValue(OUTCOMES, outcome);
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
  same: { tone: 'good', title: 'The two are now shown as one account. You can separate them in the account settings' },
  new: { tone: 'good', title: 'It is an account of its own. We won’t ask about it again' },
  already_answered: { tone: 'caution', title: 'You have already answered this question' },
  refused: { tone: 'caution', title: 'We couldn’t save your answer. Choose one account and try again' },
};

function Question({ question }: { question: PairingQuestionView }) {
  const { id, account, candidates } = question;
  const titleId = `pairing-${id}`;
  return (
    <Panel labelledBy={titleId}>
      <h2 id={titleId} className="font-semibold text-lg">
        {`Is ${faceOf(account)} an account you had here before?`}
      </h2>
      <p className="mt-1 mb-5 max-w-prose text-soft">
        {`${REASONS[question.reason](account.bankName)} If it is the same account, we show both as one, with the whole history, your notes and your categories. You can undo this at any time.`}
      </p>
      <form action={answerPairingAction.bind(null, id)} className="space-y-6">
        <RadioCards
          id={`former-${id}`}
          name="former"
          legend="Which account is it?"
          isRequired
          options={[
            ...candidates.map((candidate) => ({
              value: candidate.id,
              title: `The same as ${faceOf(candidate)}`,
              description: describe(candidate),
            })),
            {
              value: 'none',
              title:
                candidates.length === 1 ? 'No, it is a different account' : 'None of these, it is a different account',
            },
          ]}
        />
        <div>
          <SubmitButton pendingLabel="Saving…">Confirm</SubmitButton>
        </div>
      </form>
    </Panel>
  );
}

const REASONS: Readonly<Record<PairingQuestionView['reason'], (bankName: string) => string>> = {
  ambiguous: (bankName) => `${bankName} lists it under a new reference, so we can’t tell for sure.`,
  number_changed: (bankName) => `${bankName} lists it with another number, as after a card is replaced.`,
  same_transactions: () => 'It has the same transactions as an account that you already have here.',
};

/** What tells one candidate from another: kind, currency, bank, and whether the bank still lists it. */
function describe(candidate: AccountSummary): string {
  const facts = [accountKind(candidate), candidate.currency, candidate.bankName];
  return `${facts.join(', ')}${candidate.goneAt === null ? '' : '. No longer listed by your bank'}`;
}

function faceOf(account: AccountSummary): string {
  const ending = account.numberHint === null ? '' : ` ending ${account.numberHint.slice(-4)}`;
  return `“${account.name.trim()}”${ending}`;
}
