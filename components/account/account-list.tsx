import type { ReactNode } from 'react';
import { BankHeading } from '#components/bank/bank-heading';
import type { BankFace } from '#components/bank/bank-row';
import { StatusBadge } from '#components/ui/status-badge';
import type { Tone } from '#components/ui/tone';
import { AccountCard, type AccountFace } from './account-card.tsx';

type AccountListProps = {
  bank: BankFace;
  accounts: readonly AccountFace[];
  now: Date;
  /** Only where the connection is not simply well: a page full of green says nothing. */
  state?: { tone: Tone; words: string } | undefined;
  /** What is wrong at this bank at the moment and what to do about it. */
  notice?: ReactNode;
  footer?: ReactNode;
};

/** A person's accounts at one bank. */
export function AccountList({ bank, accounts, now, state, notice, footer }: AccountListProps) {
  return (
    <section aria-label={bank.name} className="overflow-hidden rounded-panel border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-4 sm:px-6">
        <h2>
          <BankHeading bank={bank} size="sm" />
        </h2>
        {state === undefined ? null : <StatusBadge tone={state.tone} words={state.words} />}
      </div>
      {notice === undefined ? null : <div className="px-4 pb-4 sm:px-6">{notice}</div>}
      {accounts.length === 0 ? null : (
        <ul className="divide-y divide-line border-line border-t">
          {accounts.map((account) => (
            <li key={account.id}>
              <AccountCard account={account} now={now} />
            </li>
          ))}
        </ul>
      )}
      {footer === undefined ? null : (
        <div className="border-line border-t px-4 py-3 text-sm text-soft sm:px-6">{footer}</div>
      )}
    </section>
  );
}
