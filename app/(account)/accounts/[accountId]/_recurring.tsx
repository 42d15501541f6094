import { Disclosure } from '#components/ui/disclosure';
import { Money } from '#components/ui/money';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import type { RecurringLine } from '#lib/accounts/list-recurring';
import { toCount } from '#lib/format/count';
import { toDayWords } from '#lib/format/day';
import { cadenceWords } from '../../../_words/enrichment.ts';
import { dismissAction } from './_actions.ts';

type RecurringProps = { accountId: string; lines: RecurringLine[]; today: string };

/** What we noticed comes round, the next first. `today` is in the account's calendar. */
export function RecurringPayments({ accountId, lines, today }: RecurringProps) {
  const shown = lines.filter(({ isDismissed }) => !isDismissed);
  const dismissed = lines.filter(({ isDismissed }) => isDismissed);
  if (lines.length === 0) return null;
  return (
    <Section id="recurring" title="What comes round" lead="Noticed in your transactions; your bank didn’t tell us.">
      {shown.length === 0 ? null : (
        <Panel inset="none">
          <ul className="divide-y divide-line">
            {shown.map((line) => (
              <Row key={line.id} accountId={accountId} line={line} today={today} />
            ))}
          </ul>
        </Panel>
      )}
      {dismissed.length === 0 ? null : (
        <div className="mt-3">
          <Disclosure summary={`Hidden by you: ${dismissed.length}`}>
            <Panel inset="none">
              <ul className="divide-y divide-line">
                {dismissed.map((line) => (
                  <Row key={line.id} accountId={accountId} line={line} today={today} />
                ))}
              </ul>
            </Panel>
          </Disclosure>
        </div>
      )}
    </Section>
  );
}

function Row({ accountId, line, today }: { accountId: string; line: RecurringLine; today: string }) {
  const isLate = line.nextOn < today;
  return (
    <li className="flex items-start justify-between gap-4 px-4 pt-3.5 pb-1 sm:px-6">
      <div className="min-w-0 pb-2.5">
        <p className="font-medium">{line.name}</p>
        <p className="text-sm">
          {isLate ? 'Was expected ' : 'Due '}
          <time dateTime={line.nextOn}>{toDayWords(line.nextOn, today)}</time>
          {isLate ? ', not seen yet' : ''}
        </p>
        <p className="text-sm text-soft">{reasonWords(line)}</p>
      </div>
      <div className="shrink-0 text-right">
        <p className="font-medium">
          {line.isAmountSteady ? null : <span className="font-normal text-sm text-soft">about </span>}
          <Money amount={line.amount} currency={line.currency} kind="movement" />
        </p>
        <form action={dismissAction.bind(null, accountId, line.id, !line.isDismissed)} className="-mr-4">
          <SubmitButton variant="quiet" size="sm" pendingLabel={line.isDismissed ? 'Restoring…' : 'Hiding…'}>
            {line.isDismissed ? 'Show again' : 'Hide'}
            <span className="sr-only"> {line.name}</span>
          </SubmitButton>
        </form>
      </div>
    </li>
  );
}

function reasonWords({ cadence, occurrences, reason }: RecurringLine): string {
  const times = `${cadenceWords(cadence)}, seen ${toCount(occurrences, 'time')}`;
  return reason === 'this_amount_comes_round' ? `${times} with this very amount` : times;
}
