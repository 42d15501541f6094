import { DateText } from '#components/ui/date-text';
import { toCount } from '#lib/format/count';
import type { NextUpdate } from '#lib/sync/explain-next-update';

/** When it is next updated by itself, and why not sooner. */
export function NextUpdateWords({ next, now }: { next: NextUpdate; now: Date }) {
  const { at, why, usedCalls, callsADay, moreCallsAt } = next;
  return (
    <p className="max-w-prose">
      {at === null || at <= now ? null : (
        <>
          Next update by itself: <DateText at={at} now={now} />.{' '}
        </>
      )}
      {at !== null && at <= now ? 'An update by itself is due now. ' : null}
      {WHY[why]}{' '}
      {why === 'planned' || why === 'calls_spent' ? (
        <>
          {usedCalls === 0
            ? `None of ${callsADay} used.`
            : `${usedCalls} of ${callsADay} used${moreCallsAt === null ? '.' : ''}`}
          {moreCallsAt === null ? null : (
            <>
              ; the next is free <DateText at={moreCallsAt} now={now} />.
            </>
          )}{' '}
          A refresh by you doesn’t count.
        </>
      ) : null}
    </p>
  );
}

const WHY: Readonly<Record<NextUpdate['why'], string>> = {
  planned: `Not sooner, because banks answer ${toCount(4, 'background request')} a day for each account:`,
  calls_spent: `Not sooner, because today’s ${toCount(4, 'background request')} for this account are spent:`,
  bank_rests: 'Not sooner, because your bank fails for everybody just now, and we give it a rest.',
  consent_ended: 'No updates by itself: your consent has ended. Reconfirm it, and they go on.',
  sign_in_needed: 'No updates by itself: your bank wants you to log in again first.',
  over: 'You stopped sharing this account. What is here stays as it was.',
  not_planned: 'No update is planned yet.',
};
