import { Notice } from '#components/ui/notice';
import { isReference } from '#lib/connections/attempt';

const PROBLEMS = {
  too_many: {
    title: 'That was a lot of attempts',
    text: 'Wait a quarter of an hour, then try again.',
  },
  words_changed: {
    title: 'This page has changed since you opened it',
    text: 'Nothing was shared. Please read it once more, and decide again.',
  },
  no_link: {
    title: 'We couldn’t take you to your bank',
    text: 'TrueLayer gave us no way there just now. Nothing was shared. Try again in a minute.',
  },
  bank_gone: {
    title: 'That bank can’t be linked any more',
    text: 'It has just left the list of banks that can. Nothing was shared. Choose another one.',
  },
} as const;

type StartProblemProps = { problem: string | undefined; reference: string | undefined };

/** Why a trip to the bank didn't begin, on the page from which it can be tried again. */
export function StartProblem({ problem, reference }: StartProblemProps) {
  if (problem === undefined || !isProblem(problem)) return null;
  const { title, text } = PROBLEMS[problem];
  return (
    <div className="mb-8">
      <Notice tone="caution" role="alert" title={title} reference={isReference(reference) ? reference : undefined}>
        {text}
      </Notice>
    </div>
  );
}

function isProblem(text: string): text is keyof typeof PROBLEMS {
  return Object.hasOwn(PROBLEMS, text);
}
