import { Badge } from '#components/ui/badge';
import { DayText } from '#components/ui/date-text';
import { Money } from '#components/ui/money';
import { SubmitButton } from '#components/ui/submit-button';
import type { TransactionLine } from '#lib/accounts/transaction-dto';
import { toDayWords } from '#lib/format/day';

type TransactionChoicesProps = {
  lines: readonly (TransactionLine & { isRemoved?: boolean })[];
  /** What choosing one does. */
  actionOf: (line: TransactionLine) => () => Promise<void>;
  label: string;
  pendingLabel: string;
  /** In the account's calendar. */
  today: string;
};

/** Transactions to choose one from: each has a button of its own, which works before scripts do. */
export function TransactionChoices({ lines, actionOf, label, pendingLabel, today }: TransactionChoicesProps) {
  return (
    <ul className="divide-y divide-line rounded-control border border-line">
      {lines.map((line) => (
        <li key={line.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-56">
            <p className="font-medium wrap-anywhere">{line.name}</p>
            <p className="text-sm text-soft wrap-anywhere">
              <DayText day={line.day} today={today} />
              {line.description === '' || line.description === line.name ? null : ` · ${line.description}`}
            </p>
            {line.note === null ? null : (
              <p className="whitespace-pre-line text-sm wrap-anywhere">{`Note: “${line.note}”`}</p>
            )}
            <Flags isPending={line.isPending} isRemoved={line.isRemoved === true} />
          </div>
          <p className="font-medium">
            <Money amount={line.effect} currency={line.currency} kind="movement" />
          </p>
          <form action={actionOf(line)} className="max-sm:w-full">
            <SubmitButton variant="secondary" size="sm" pendingLabel={pendingLabel}>
              {label}
              <span className="sr-only">{` (${line.name}, ${toDayWords(line.day, today)})`}</span>
            </SubmitButton>
          </form>
        </li>
      ))}
    </ul>
  );
}

function Flags({ isPending, isRemoved }: { isPending: boolean; isRemoved: boolean }) {
  if (!isPending && !isRemoved) return null;
  return (
    <p className="mt-1">
      <Badge>{isPending ? 'Pending' : 'Removed by your bank'}</Badge>
    </p>
  );
}
