import { MaskedNumber } from '#components/account/account-card';
import { Money } from '#components/ui/money';
import { RouteLink } from '#components/ui/route-link';
import type { LandedAccount } from '#lib/connections/attempt-progress';

/** The accounts as they come in, each with its balance as soon as that is there. */
export function LandedAccounts({ accounts }: { accounts: readonly LandedAccount[] }) {
  if (accounts.length === 0) return null;
  return (
    <ul aria-label="Your accounts" className="mt-8 divide-y divide-line rounded-panel border border-line bg-surface">
      {accounts.map(({ id, name, numberHint, balance }) => (
        <li key={id}>
          <RouteLink
            href={`/accounts/${id}`}
            className="-outline-offset-3 flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3 hover:bg-tint sm:px-6"
          >
            <span>
              <span className="block font-semibold">{name}</span>
              {numberHint === null ? null : (
                <span className="block text-sm text-soft">
                  <MaskedNumber number={numberHint} />
                </span>
              )}
            </span>
            {balance === null ? null : <Money amount={balance.amount} currency={balance.currency} size="lg" />}
          </RouteLink>
        </li>
      ))}
    </ul>
  );
}
