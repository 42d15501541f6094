import { BankRow } from '#components/bank/bank-row';
import { Badge } from '#components/ui/badge';
import { Pagination } from '#components/ui/pagination';
import { Section } from '#components/ui/section';
import type { BankSummary } from '#lib/banks/dto';
import { formatCount } from '#lib/format/count';
import { bankNote } from '../../_words/bank-note.ts';

type BankListProps = { banks: readonly BankSummary[]; linkedIds: readonly string[] };

/** Banks as links: complete without scripts, and by keyboard. */
export function BankLinks({ banks, linkedIds }: BankListProps) {
  return (
    <ul className="grid overflow-hidden rounded-panel border border-line bg-surface sm:grid-cols-2 [&>li]:-mb-px [&>li]:border-line [&>li]:border-b sm:[&>li:nth-child(odd)]:border-r">
      {banks.map((bank) => (
        <li key={bank.id}>
          <BankRow
            bank={{ id: bank.id, name: bank.name }}
            href={`/connect/${encodeURIComponent(bank.id)}`}
            note={bankNote(bank)}
            badge={linkedIds.includes(bank.id) ? <Badge tone="good">Linked</Badge> : undefined}
          />
        </li>
      ))}
    </ul>
  );
}

type PagedProps = BankListProps & {
  id: 'personal' | 'business';
  title: string;
  page: number;
  /** What else the address says: country, and the page of the other list. */
  query: Readonly<Record<string, string>>;
};

const PER_PAGE = 60;

/** A long list a page at a time, so that a thousand banks are no heavier than sixty. */
export function PagedBanks({ id, title, banks, linkedIds, page, query }: PagedProps) {
  if (banks.length === 0) return null;
  const pages = Math.ceil(banks.length / PER_PAGE);
  const current = Math.min(Math.max(page, 1), pages);
  const from = (current - 1) * PER_PAGE;
  const hrefOf = (to: number) => `/connect?${new URLSearchParams({ ...query, [id]: String(to) })}#${id}`;
  return (
    <Section id={id} title={title}>
      <BankLinks banks={banks.slice(from, from + PER_PAGE)} linkedIds={linkedIds} />
      <Pagination
        label={`${title}, further pages`}
        previousHref={current > 1 ? hrefOf(current - 1) : undefined}
        nextHref={current < pages ? hrefOf(current + 1) : undefined}
        words={`${formatCount(from + 1)} to ${formatCount(Math.min(from + PER_PAGE, banks.length))} of ${formatCount(banks.length)}`}
      />
    </Section>
  );
}
