import type { ReactNode } from 'react';
import { Weave } from '#components/shell/weave';
import { Money } from '#components/ui/money';
import type { MoneyAmount } from './account-card.tsx';

type BalancePanelProps = {
  label: string;
  balance: MoneyAmount | null;
  /** Further figures of the same account: available, overdraft, credit limit. */
  facts?: readonly (MoneyAmount & { label: string })[];
  children?: ReactNode;
};

/** The one figure that an account's page is about. */
export function BalancePanel({ label, balance, facts = [], children }: BalancePanelProps) {
  return (
    <div className="deep-panel relative overflow-hidden rounded-panel border border-deep-line/60 p-6 sm:p-8">
      <Weave />
      <div className="relative">
        <p className="text-on-deep-soft">{label}</p>
        <p className="mt-1.5">
          {balance === null ? (
            <span className="text-xl">The bank gave no balance</span>
          ) : (
            <Money amount={balance.amount} currency={balance.currency} size="figure" />
          )}
        </p>
        {facts.length === 0 ? null : (
          <dl className="mt-5 flex flex-wrap gap-x-8 gap-y-3 border-deep-line border-t pt-4">
            {facts.map((fact) => (
              <div key={fact.label}>
                <dt className="text-on-deep-soft text-sm">{fact.label}</dt>
                <dd className="font-medium">
                  <Money amount={fact.amount} currency={fact.currency} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        {children === undefined ? null : <div className="mt-4 text-on-deep-soft text-sm">{children}</div>}
      </div>
    </div>
  );
}
