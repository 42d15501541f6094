import { signOf } from '#lib/format/decimal';
import { type SignShown, splitMoney, toSpokenBalance, toSpokenMovement } from '#lib/format/money';

type MoneyProps = {
  amount: string;
  currency: string;
  /** A balance says minus; a movement says in or out. */
  kind?: 'balance' | 'movement';
  size?: 'inherit' | 'lg' | 'figure';
};

/** An exact amount. It never breaks, never shortens, and is read out with its sign in words. */
export function Money({ amount, currency, kind = 'balance', size = 'inherit' }: MoneyProps) {
  const { whole, fraction } = splitMoney(amount, currency, SIGNS[kind]);
  const spoken = kind === 'balance' ? toSpokenBalance(amount, currency) : toSpokenMovement(amount, currency);
  const isIncome = kind === 'movement' && signOf(amount) === 'positive';
  return (
    <span className={`figures whitespace-nowrap ${SIZES[size]} ${isIncome ? 'text-good' : ''}`}>
      <span aria-hidden="true">
        {whole}
        {fraction === '' ? null : (
          <span className={size === 'figure' ? 'text-[0.6em] opacity-80' : ''}>{fraction}</span>
        )}
      </span>
      <span className="sr-only">{spoken}</span>
    </span>
  );
}

const SIGNS: Record<'balance' | 'movement', SignShown> = { balance: 'negative', movement: 'always' };
const SIZES = {
  inherit: '',
  lg: 'font-semibold text-lg tracking-[-0.01em]',
  figure: 'font-semibold text-figure tracking-[-0.03em]',
} as const;
