import { type Step, Steps } from '#components/ui/steps';
import type { StepState } from '#lib/connections/attempt-progress';
import type { AttemptProgress } from '#lib/connections/get-attempt';
import { toCount } from '#lib/format/count';

type ProgressStepsProps = { attempt: Pick<AttemptProgress, 'stage' | 'steps' | 'counts' | 'bankName'> };

/** What has arrived so far, step by step, and what couldn't be had. */
export function ProgressSteps({ attempt }: ProgressStepsProps) {
  const { steps, counts, stage } = attempt;
  const all: Step[] = [
    {
      id: 'linked',
      title: 'Permission confirmed',
      state: stage === 'finishing' ? 'current' : 'done',
    },
    step(
      'accounts',
      'Accounts',
      steps.accounts,
      counts.accounts === 0 ? undefined : toCount(counts.accounts, 'account'),
    ),
    step(
      'balances',
      'Balances',
      steps.balances,
      counts.balances === 0 ? undefined : toCount(counts.balances, 'balance'),
    ),
    step(
      'transactions',
      'Transactions',
      steps.transactions,
      counts.transactions === 0 ? undefined : toCount(counts.transactions, 'transaction'),
    ),
  ];
  return <Steps label="What has arrived" steps={all} />;
}

const STATES: Record<StepState, Step['state']> = {
  waiting: 'waiting',
  running: 'current',
  done: 'done',
  partly: 'done',
  failed: 'failed',
  not_asked: 'skipped',
};

function step(id: string, title: string, state: StepState, found: string | undefined): Step {
  return { id, title, state: STATES[state], note: noteOf(state, found) };
}

function noteOf(state: StepState, found: string | undefined): string | undefined {
  switch (state) {
    case 'partly':
      return found === undefined ? 'Some are missing.' : `${found}. Some are missing.`;
    case 'failed':
      return 'Not fetched.';
    case 'not_asked':
      return 'You chose not to share these.';
    case 'running':
      return found === undefined ? 'Fetching…' : `${found} so far…`;
    case 'waiting':
      return 'In a moment';
    case 'done':
      return found ?? 'None at this bank';
  }
}
