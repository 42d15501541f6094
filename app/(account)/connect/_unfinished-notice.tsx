import { Notice } from '#components/ui/notice';
import type { Unfinished } from '#lib/connections/find-unfinished';

/** Offers to go on where the last visit stopped. */
export function UnfinishedNotice({ unfinished }: { unfinished: Unfinished | null }) {
  if (unfinished === null) return null;
  const { bank, stoppedAt, attemptId } = unfinished;
  const again = attemptId === null ? '' : `?${new URLSearchParams({ again: attemptId })}`;
  return (
    <div className="mb-8">
      <Notice
        tone="note"
        title={bank === null ? 'You didn’t finish linking a bank' : `You didn’t finish linking ${bank.name}`}
        next={
          bank === null
            ? undefined
            : { href: `/connect/${encodeURIComponent(bank.id)}${again}`, label: `Go on with ${bank.name}` }
        }
      >
        {stoppedAt === 'permissions'
          ? 'You had come as far as what is shared. Nothing was shared yet.'
          : 'You went to the bank and didn’t come back here. Nothing was shared.'}
      </Notice>
    </div>
  );
}
