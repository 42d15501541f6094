import { Notice } from '#components/ui/notice';
import type { AccountDetail, DaySpan, ResourceTrouble } from '#lib/accounts/dto';
import type { CurrentFault } from '#lib/connections/faults/fault';
import { toFullDay } from '#lib/format/day';
import { historyLimitWords, troubleWords } from '../../../_words/accounts.ts';

/** What the bank doesn't give: kinds of data, days in between, and the time before. A fault has a notice of its own. */
export function Missing({ account, faults }: { account: AccountDetail; faults: readonly CurrentFault[] }) {
  const { gaps, coveredFrom, historyLimitCode, historyMissingFrom } = account;
  const told = new Set(faults.flatMap(({ resources }) => resources));
  const troubles = account.troubles.filter(({ resource }) => !told.has(resource));
  const passing = troubles.filter(({ state }) => !LASTING.has(state));
  const lasting = troubles.filter(({ state }) => LASTING.has(state));
  return (
    <>
      {passing.length === 0 && gaps.length === 0 ? null : (
        <Notice tone="caution" title="Partly up to date">
          <ul className="list-disc space-y-1 pl-5">
            {passing.map((trouble) => (
              <li key={trouble.resource}>{troubleWords(trouble)}</li>
            ))}
            {gaps.map((gap) => (
              <li key={gap.from}>{`Transactions ${spanWords(gap)} are missing. We ask your bank for them again.`}</li>
            ))}
          </ul>
        </Notice>
      )}
      {historyMissingFrom === null ? null : (
        <Notice
          tone="caution"
          title="Older transactions are missing"
          next={{ href: `/connections/${account.connectionId}`, label: 'Log in at your bank again to fetch them' }}
        >
          {coveredFrom === null
            ? 'Your bank shows its history only in the minutes after you log in there.'
            : `Transactions before ${toFullDay(coveredFrom)}: ${historyLimitWords(historyLimitCode ?? 'sca_exceeded')}.`}
        </Notice>
      )}
      {lasting.length === 0 && (historyLimitCode === null || historyMissingFrom !== null) ? null : (
        <Notice tone="note" title="What your bank doesn’t give us">
          <ul className="list-disc space-y-1 pl-5">
            {historyLimitCode === null || historyMissingFrom !== null || coveredFrom === null ? null : (
              <li>{`Transactions before ${toFullDay(coveredFrom)}: ${historyLimitWords(historyLimitCode)}.`}</li>
            )}
            {lasting.map((trouble: ResourceTrouble) => (
              <li key={trouble.resource}>{troubleWords(trouble)}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

const LASTING: ReadonlySet<string> = new Set(['unsupported', 'refused', 'needs_sign_in']);

function spanWords({ from, to }: DaySpan): string {
  return from === to ? `of ${toFullDay(from)}` : `from ${toFullDay(from)} to ${toFullDay(to)}`;
}
