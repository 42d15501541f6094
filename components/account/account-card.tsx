import { DateText } from '#components/ui/date-text';
import { Icon } from '#components/ui/icon';
import { Money } from '#components/ui/money';
import { RouteLink } from '#components/ui/route-link';
import { TONE_INK, type Tone } from '#components/ui/tone';
import { maskNumber, toSpokenNumber } from '#lib/format/account-number';

export type MoneyAmount = { amount: string; currency: string };

export type AccountFace = {
  id: string;
  href: string;
  name: string;
  /** `Current account`, `Credit card`. */
  kind: string;
  /** The last digits of the number, or the number: it is masked here. */
  number?: string | undefined;
  balance: MoneyAmount | null;
  /** A second figure with its name: `Available`, `Credit left`. */
  second?: (MoneyAmount & { label: string }) | undefined;
  updatedAt?: Date | undefined;
  /** Why the figure may be old or absent. */
  note?: { words: string; tone?: Tone } | undefined;
};

/** One account as a line that leads to it. Several stand in an `AccountList`. */
export function AccountCard({ account, now }: { account: AccountFace; now: Date }) {
  const { href, name, kind, number, balance, second, updatedAt, note } = account;
  return (
    <RouteLink href={href} className="-outline-offset-3 group flex items-start gap-4 px-4 py-4 hover:bg-tint sm:px-6">
      <span className="min-w-0 flex-1">
        <span className="block font-semibold group-hover:text-brand">{name}</span>
        <span className="block text-sm text-soft">
          <span className="mr-1.5 inline-block">{kind}</span>
          {number === undefined ? null : <MaskedNumber number={number} />}
        </span>
        {note === undefined ? null : (
          <span className={`mt-1 block text-sm ${TONE_INK[note.tone ?? 'neutral']}`}>{note.words}</span>
        )}
      </span>
      <span className="shrink-0 text-right">
        {balance === null ? (
          <span className="block text-soft">No balance</span>
        ) : (
          <span className="block">
            <Money amount={balance.amount} currency={balance.currency} size="lg" />
          </span>
        )}
        {second === undefined ? null : (
          <span className="block text-sm text-soft">
            {second.label} <Money amount={second.amount} currency={second.currency} />
          </span>
        )}
        {updatedAt === undefined ? null : (
          <span className="block text-soft text-xs">
            Updated <DateText at={updatedAt} now={now} style="ago" />
          </span>
        )}
      </span>
      <span className="mt-1 -mr-1 text-soft max-sm:hidden">
        <Icon name="chevron-right" />
      </span>
    </RouteLink>
  );
}

export function MaskedNumber({ number }: { number: string }) {
  return (
    <>
      <span aria-hidden="true" className="figures whitespace-nowrap">
        {maskNumber(number)}
      </span>
      <span className="sr-only">{toSpokenNumber(number)}</span>
    </>
  );
}
