import { Badge } from '#components/ui/badge';
import { Money } from '#components/ui/money';
import { RouteLink } from '#components/ui/route-link';
import { toDayWords } from '#lib/format/day';
import { groupByDay } from '#lib/format/group-by-day';
import type { MoneyAmount } from './account-card.tsx';

export type TransactionRow = {
  id: string;
  bookedOn: string;
  /** What the bank wrote. */
  description: string;
  merchant?: string | undefined;
  category?: string | undefined;
  /** In the person's own words. */
  note?: string | undefined;
  money: MoneyAmount;
  runningBalance?: MoneyAmount | undefined;
  /** What it was abroad, where that is known. */
  foreign?: MoneyAmount | undefined;
  /** In words: `Refund`, `Sign unclear`, `No longer at the bank`. */
  flags?: readonly string[];
  href?: string | undefined;
};

type TransactionListProps = {
  pending?: readonly TransactionRow[];
  /** Newest first, as they should stand. */
  booked: readonly TransactionRow[];
  /** In the account's calendar. */
  today: string;
};

/** What went in and out, under the days on which it did; what isn't final yet stands apart and is not counted twice. */
export function TransactionList({ pending = [], booked, today }: TransactionListProps) {
  return (
    <div className="overflow-hidden rounded-panel border border-line bg-surface">
      {pending.length === 0 ? null : (
        <section aria-labelledby="pending-title" className="border-line border-b bg-sunken/60 last:border-b-0">
          <h3 id="pending-title" className={`${HEADING} flex flex-wrap justify-between gap-x-4`}>
            Pending
            <span className="font-normal">Amounts may still change</span>
          </h3>
          <Rows rows={pending} />
        </section>
      )}
      {groupByDay(booked, (row) => row.bookedOn).map((group) => (
        <section key={group.day} aria-labelledby={`day-${group.day}`} className="border-line border-b last:border-b-0">
          <h3 id={`day-${group.day}`} className={HEADING}>
            <time dateTime={group.day}>{toDayWords(group.day, today)}</time>
          </h3>
          <Rows rows={group.items} />
        </section>
      ))}
    </div>
  );
}

const HEADING = 'px-4 pt-4 pb-1 font-semibold text-sm text-soft sm:px-6';

function Rows({ rows }: { rows: readonly TransactionRow[] }) {
  return (
    <ul className="pb-2">
      {rows.map((row) => (
        <li key={row.id}>
          {row.href === undefined ? (
            <div className={ROW}>
              <Entry row={row} />
            </div>
          ) : (
            <RouteLink href={row.href} className={`${ROW} -outline-offset-3 hover:bg-tint`}>
              <Entry row={row} />
            </RouteLink>
          )}
        </li>
      ))}
    </ul>
  );
}

const ROW = 'flex items-start justify-between gap-5 px-4 py-2.5 sm:px-6';

function Entry({ row }: { row: TransactionRow }) {
  const { merchant, description, category, note, flags = [], money, foreign, runningBalance } = row;
  const small = [
    merchant === undefined || merchant.toLowerCase() === description.toLowerCase() ? '' : description,
    category ?? '',
  ].filter(Boolean);
  return (
    <>
      <span className="min-w-0">
        <span className="block font-medium">{merchant ?? description}</span>
        {small.length === 0 ? null : <span className="block text-sm text-soft">{small.join(' · ')}</span>}
        {note === undefined ? null : <span className="block text-sm">“{note}”</span>}
        {foreign === undefined ? null : (
          <span className="block text-sm text-soft">
            Abroad <Money amount={foreign.amount} currency={foreign.currency} kind="movement" />
          </span>
        )}
        {flags.length === 0 ? null : (
          <span className="mt-1 flex flex-wrap gap-1.5">
            {flags.map((flag) => (
              <Badge key={flag}>{flag}</Badge>
            ))}
          </span>
        )}
      </span>
      <span className="shrink-0 text-right">
        <span className="block font-medium">
          <Money amount={money.amount} currency={money.currency} kind="movement" />
        </span>
        {runningBalance === undefined ? null : (
          <span className="block text-sm text-soft">
            <span className="sr-only">Balance after it </span>
            <Money amount={runningBalance.amount} currency={runningBalance.currency} />
          </span>
        )}
      </span>
    </>
  );
}
