import { BalancePanel } from '#components/account/balance-panel';
import { DateText, DayText } from '#components/ui/date-text';
import { Money } from '#components/ui/money';
import type { AccountDetail, CardStatement } from '#lib/accounts/dto';
import { signOf } from '#lib/format/decimal';
import type { NextUpdate } from '#lib/sync/explain-next-update';
import type { TimeZone } from '#lib/time/calendar';
import { purseBalance } from '../../../_words/accounts.ts';
import { NextUpdateWords } from './_next-update.tsx';
import { RefreshForm } from './_refresh-form.tsx';

type BalanceProps = { account: AccountDetail; next: NextUpdate; refreshed: string | null; now: Date };

export function Balance({ account, next, refreshed, now }: BalanceProps) {
  const { balance } = account;
  const facts = [
    { label: account.kind === 'card' ? 'Credit left' : 'Available', amount: balance?.available },
    { label: 'Overdraft', amount: balance?.overdraft },
    { label: 'Credit limit', amount: balance?.creditLimit },
  ].flatMap(({ label, amount }) =>
    amount == null || balance === null ? [] : [{ label, amount, currency: balance.currency }],
  );
  return (
    <BalancePanel
      label={account.kind === 'card' ? 'Card balance' : 'Balance'}
      balance={purseBalance(account)}
      facts={facts}
    >
      <div className="mt-5 flex flex-wrap items-end justify-between gap-4">
        <div className="text-on-deep-soft text-sm">
          <p>
            {balance === null ? (
              'Not fetched yet'
            ) : (
              <>
                Updated <DateText at={balance.readAt} now={now} style="ago" />
              </>
            )}
          </p>
          <StatementWords statement={account.statement} now={now} zone={account.zone} />
          <NextUpdateWords next={next} now={now} />
        </div>
        {next.why === 'over' ? null : (
          <RefreshForm accountId={account.id} connectionId={account.connectionId} outcome={refreshed} />
        )}
      </div>
    </BalancePanel>
  );
}

type StatementProps = { statement: CardStatement | null; now: Date; zone: TimeZone };

function StatementWords({ statement, now, zone }: StatementProps) {
  if (statement === null || (statement.balance === null && statement.due === null)) return null;
  const { balance, on, due, dueOn, currency } = statement;
  return (
    <p>
      {balance === null ? null : (
        <>
          Last statement{on === null ? '' : ' '}
          {on === null ? null : <DayText day={on} now={now} zone={zone} />}:{' '}
          <Money amount={balance} currency={currency} />.{' '}
        </>
      )}
      {due === null || signOf(due) === 'zero' ? null : (
        <>
          At least <Money amount={due} currency={currency} /> to pay
          {dueOn === null ? '' : ' by '}
          {dueOn === null ? null : <DayText day={dueOn} now={now} zone={zone} />}.
        </>
      )}
    </p>
  );
}
