import type { Metadata } from 'next';
import type { AccountFace } from '#components/account/account-card';
import { AccountList } from '#components/account/account-list';
import { BalancePanel } from '#components/account/balance-panel';
import { EmptyState } from '#components/ui/empty-state';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { TextLink } from '#components/ui/text-link';
import type { AccountSummary } from '#lib/accounts/dto';
import { listAccounts } from '#lib/accounts/list-accounts';
import { listPairingQuestions } from '#lib/accounts/list-pairing-questions';
import { sumBalances, type Total } from '#lib/accounts/sum-balances';
import { sumSpending } from '#lib/accounts/sum-spending';
import { personContext } from '#lib/auth/current-user';
import type { ConnectionSummary } from '#lib/connections/dto';
import { listConnections } from '#lib/connections/list-connections';
import { toCount } from '#lib/format/count';
import { toAccountFace } from '../../_words/accounts.ts';
import { faultWords } from '../../_words/faults.ts';
import { stateOf } from '../_connection-state.ts';
import { FaultNotice } from '../_fault-notice.tsx';
import { UnknownConsents } from '../_unknown-consents.tsx';
import { WaitingNotes } from '../_waiting-notes.tsx';
import { PairingQuestions } from './_pairing-questions.tsx';
import { SpendingSection } from './_spending.tsx';

export const metadata: Metadata = { title: 'Accounts' };

type Props = { searchParams: Promise<{ pairing?: string | string[]; hidden?: string | string[] }> };

export default async function AccountsPage({ searchParams }: Props) {
  const ctx = await personContext('/accounts');
  const { pairing, hidden } = await searchParams;
  const [all, connections, totals, spending, questions] = await Promise.all([
    listAccounts(ctx, { withHidden: true }),
    listConnections(ctx),
    sumBalances(ctx),
    sumSpending(ctx),
    listPairingQuestions(ctx),
  ]);
  const now = ctx.clock.now();
  const isHiddenShown = hidden === 'show';
  const accounts = isHiddenShown ? all : all.filter(({ hiddenAt }) => hiddenAt === null);
  const hiddenCount = all.filter(({ hiddenAt }) => hiddenAt !== null).length;
  const groups = connections
    .toReversed()
    .map((connection) => ({
      connection,
      accounts: accounts.filter((account) => account.connectionId === connection.id),
    }))
    .filter(
      ({ accounts: ofGroup, connection }) =>
        ofGroup.length > 0 ||
        (connection.endedAt === null && !all.some((account) => account.connectionId === connection.id)),
    );
  return (
    <>
      <PageHeader
        title="Accounts"
        lead={
          groups.length === 0
            ? undefined
            : `${toCount(accounts.length, 'account')} at ${toCount(new Set(groups.map(({ connection }) => connection.bankId)).size, 'bank')}.`
        }
        actions={
          groups.length + hiddenCount === 0 ? undefined : (
            <LinkButton href="/connect" variant="secondary" icon="plus">
              Link a bank
            </LinkButton>
          )
        }
      />
      <UnknownConsents />
      <WaitingNotes />
      {groups.length === 0 && hiddenCount === 0 ? (
        <EmptyState
          title="No accounts yet"
          icon="accounts"
          action={<LinkButton href="/connect">Link a bank</LinkButton>}
        >
          Link a bank, and its accounts appear here with balances and transactions. It takes a minute.
        </EmptyState>
      ) : (
        <div className="space-y-10">
          <PairingQuestions questions={questions} outcome={typeof pairing === 'string' ? pairing : null} />
          <Together totals={totals} />
          {groups.map((group) => (
            <Group key={group.connection.id} connection={group.connection} accounts={group.accounts} now={now} />
          ))}
          <HiddenAccounts count={hiddenCount} isShown={isHiddenShown} />
          <SpendingSection spending={spending} />
        </div>
      )}
    </>
  );
}

function HiddenAccounts({ count, isShown }: { count: number; isShown: boolean }) {
  if (count === 0) return null;
  return (
    <p id="hidden-accounts">
      {`${toCount(count, 'hidden account')}, not in the totals. `}
      <TextLink href={isShown ? '/accounts' : '/accounts?hidden=show#hidden-accounts'} kind="standalone">
        {isShown ? 'Leave out hidden accounts' : 'Show hidden accounts'}
      </TextLink>
    </p>
  );
}

function Together({ totals }: { totals: Total[] }) {
  const [main, ...others] = totals;
  if (main === undefined || (main.accounts === 1 && others.length === 0)) return null;
  return (
    <BalancePanel
      label="Together, less what is owed on cards"
      balance={main}
      facts={others.map((total) => ({
        label: total.currency === 'XXX' ? 'Currency not known yet' : `In ${total.currency}`,
        amount: total.amount,
        currency: total.currency,
      }))}
    />
  );
}

function Group({
  connection,
  accounts,
  now,
}: {
  connection: ConnectionSummary;
  accounts: AccountSummary[];
  now: Date;
}) {
  const state = stateOf(connection);
  const { main, hasSynced } = connection.faults;
  const isWell = connection.status === 'active' && state.tone === 'good';
  const isLoading = accounts.length === 0 && !hasSynced;
  return (
    <AccountList
      bank={{ id: connection.bankId, name: connection.bankName }}
      accounts={accounts.map((account) => withFault(toAccountFace(account), connection))}
      now={now}
      state={isWell ? undefined : { tone: state.tone, words: state.words }}
      notice={
        main === null ? undefined : (
          <FaultNotice fault={main} connection={connection} accounts={connection.accounts} now={now} />
        )
      }
      footer={isLoading ? <p className="text-soft">No account has arrived yet.</p> : undefined}
    />
  );
}

/** An account's own fault stands in its line: the notice above tells of the gravest only. */
function withFault(face: AccountFace, { id, bankName, faults }: ConnectionSummary): AccountFace {
  const [fault] = faults.byAccount.get(face.id) ?? [];
  if (fault === undefined || face.note !== undefined) return face;
  const { title, tone } = faultWords(fault, { connectionId: id, bankName });
  return { ...face, note: { words: title, tone } };
}
