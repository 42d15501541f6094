import { BankLogo } from './bank-logo.tsx';
import type { BankFace } from './bank-row.tsx';

/** A bank's logo and name over what belongs to it. */
export function BankHeading({
  bank,
  note,
  size = 'md',
}: {
  bank: BankFace;
  note?: string | undefined;
  size?: 'sm' | 'md';
}) {
  return (
    <span className="flex items-center gap-3.5">
      <BankLogo bankId={bank.id} name={bank.name} hasLogo={bank.hasLogo ?? true} size={size} />
      <span className="min-w-0">
        <span className="block font-semibold">{bank.name}</span>
        {note === undefined ? null : <span className="block text-sm text-soft">{note}</span>}
      </span>
    </span>
  );
}
