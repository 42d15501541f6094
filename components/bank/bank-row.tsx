import type { ReactNode } from 'react';
import { Icon } from '#components/ui/icon';
import { RouteLink } from '#components/ui/route-link';
import { TONE_INK, type Tone } from '#components/ui/tone';
import { BankLogo } from './bank-logo.tsx';

export type BankFace = { id: string; name: string; hasLogo?: boolean };

type BankRowProps = {
  bank: BankFace;
  href: string;
  /** Health, said before the click and never in its way; or that it is linked already. */
  note?: { words: string; tone?: Tone } | undefined;
  badge?: ReactNode;
};

/** One bank to choose. */
export function BankRow({ bank, href, note, badge }: BankRowProps) {
  return (
    <RouteLink
      href={href}
      className="-outline-offset-3 flex min-h-16 items-center gap-4 px-4 py-2.5 hover:bg-tint sm:px-5"
    >
      <BankLogo bankId={bank.id} name={bank.name} hasLogo={bank.hasLogo ?? true} />
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{bank.name}</span>
        {note === undefined ? null : (
          <span className={`block text-sm ${TONE_INK[note.tone ?? 'neutral']}`}>{note.words}</span>
        )}
      </span>
      {badge}
      <span className="text-soft">
        <Icon name="chevron-right" />
      </span>
    </RouteLink>
  );
}
