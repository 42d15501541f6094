import NextLink from 'next/link';
import { Badge } from '#components/ui/badge';
import { BankLogo } from './bank-logo.tsx';

type BankOptionProps = {
  id: string;
  bank: { id: string; name: string };
  href: string;
  note?: string | undefined;
  badge?: string | undefined;
  /** Where the arrow keys are; the focus itself stays in the search field. */
  isActive: boolean;
};

/** One bank in the list under a search field. */
export function BankOption({ id, bank, href, note, badge, isActive }: BankOptionProps) {
  return (
    <NextLink
      id={id}
      href={href}
      prefetch={false}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      className={`flex min-h-16 items-center gap-4 px-4 py-2.5 hover:bg-tint sm:px-5 ${isActive ? 'bg-tint shadow-[inset_4px_0_0_var(--brass)]' : ''}`}
    >
      <BankLogo bankId={bank.id} name={bank.name} />
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{bank.name}</span>
        {note === undefined ? null : <span className="block text-sm text-soft">{note}</span>}
      </span>
      {badge === undefined ? null : <Badge tone="note">{badge}</Badge>}
    </NextLink>
  );
}
