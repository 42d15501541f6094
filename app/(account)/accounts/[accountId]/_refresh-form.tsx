import { SubmitButton } from '#components/ui/submit-button';
import { ownValue } from '#lib/format/own-value';
import { refreshAction } from './_actions.ts';

type RefreshFormProps = { accountId: string; connectionId: string; outcome: string | null };

export function RefreshForm({ accountId, connectionId, outcome }: RefreshFormProps) {
  return (
    <form action={refreshAction.bind(null, accountId, connectionId)}>
      <SubmitButton variant="on-deep" size="sm" pendingLabel="Asking your bank…">
        Refresh now
      </SubmitButton>
      <p role="status" className="mt-2 text-on-deep text-sm empty:mt-0">
        {outcome === null ? '' : (ownValue(WORDS, outcome) ?? 'That didn’t work just now. We try again by ourselves.')}
      </p>
    </form>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  complete: 'Up to date.',
  partial: 'Updated, but your bank didn’t give everything.',
  failed: 'Your bank didn’t answer. We try again by ourselves.',
  too_many_requests: 'That was often. Give it a few minutes.',
  sync_running: 'Already being updated. Look again in a minute.',
  sync_not_allowed: 'You no longer share this, so your bank can’t be asked.',
  grant_refused: 'Your bank wants you to log in again first.',
};
