import type { Metadata } from 'next';
import { BankLogo } from '#components/bank/bank-logo';
import { NextUpdate } from '#components/connection/connection-card';
import { ConsentRuler } from '#components/connection/consent-ruler';
import { SupportAccess } from '#components/connection/support-access';
import { DateText } from '#components/ui/date-text';
import { type Definition, DefinitionList } from '#components/ui/definition-list';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { StatusBadge } from '#components/ui/status-badge';
import { TextLink } from '#components/ui/text-link';
import { Timeline } from '#components/ui/timeline';
import { personContext } from '#lib/auth/current-user';
import { type ConnectionDetail, getConnection } from '#lib/connections/get-connection';
import { type HistoryEntry, listHistory } from '#lib/connections/list-history';
import { listReceipts } from '#lib/connections/list-receipts';
import { getSharedTerms } from '#lib/connections/shared-terms';
import { isOver } from '#lib/connections/status';
import { listSupportGrants } from '#lib/connections/support-grants';
import { historyWords } from '../../../_words/connection-history.ts';
import { stateOf } from '../../_connection-state.ts';
import { orNotFound } from '../_or-not-found.ts';
import { ReceiptList } from './_receipt-list.tsx';
import { Shared } from './_shared.tsx';
import { endSupportGrantAction } from './_support-actions.ts';
import { WhatNow } from './_what-now.tsx';

export const metadata: Metadata = { title: 'One connection' };

type Props = { params: Promise<{ connectionId: string }>; searchParams: Promise<{ did?: string | string[] }> };

export default async function ConnectionPage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const ctx = await personContext(`/connections/${connectionId}`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  const [receipts, history, grants, terms] = await Promise.all([
    listReceipts(ctx, connectionId),
    listHistory(ctx, connectionId),
    listSupportGrants(ctx, connectionId),
    getSharedTerms(ctx, connectionId),
  ]);
  const now = ctx.clock.now();
  const state = stateOf(connection);
  const { did } = await searchParams;
  return (
    <>
      <PageHeader
        title={connection.bankName}
        lead={state.detail}
        back={{ href: '/connections', label: 'Connections' }}
        above={
          <div className="flex flex-wrap items-center gap-4">
            <BankLogo bankId={connection.bankId} name={connection.bankName} hasLogo />
            <StatusBadge tone={state.tone} words={state.words} />
          </div>
        }
      />
      <div className="space-y-12">
        <WhatNow connection={connection} did={typeof did === 'string' ? did : null} now={now} />
        <Panel>
          <ConsentRuler
            since={connection.connectedAt}
            until={connection.isEndPending ? null : connection.consentExpiresAt}
            now={now}
          />
          <div className="mt-6">
            <DefinitionList items={factsOf(connection, now)} />
          </div>
          <Actions connection={connection} />
        </Panel>
        {grants.length === 0 ? null : (
          <Section id="support" title="Our support team may see your transactions">
            <SupportAccess grants={grants} now={now} endAction={endSupportGrantAction.bind(null, connection.id)} />
          </Section>
        )}
        <Shared connection={connection} terms={terms} />
        <Section
          id="receipts"
          title="What you agreed to"
          lead="The exact words that you were shown, kept as they were. View them, or save them as a file."
        >
          <ReceiptList connectionId={connection.id} receipts={receipts} now={now} />
        </Section>
        <Section id="history" title="What happened" lead="Everything since the first day, newest first.">
          <Timeline
            now={now}
            entries={history.flatMap((entry) => {
              const words = historyWords(entry, connection.bankName);
              return words === null ? [] : [{ id: entry.id, at: entry.at, ...words, actor: actorOf(entry) }];
            })}
          />
        </Section>
      </div>
    </>
  );
}

/** What follows by itself is nobody's doing, whoever was there when it was noted. */
function actorOf({ action, by }: HistoryEntry): string | undefined {
  return action === 'connection.status_changed' || action === 'consent.renewed' ? undefined : ACTORS[by];
}

const ACTORS = { you: 'you', team: 'our support team', us: undefined } as const;

function factsOf(connection: ConnectionDetail, now: Date): Definition[] {
  const { lastSyncedAt, nextSyncAt, accounts } = connection;
  return [
    { term: 'Last update', value: lastSyncedAt === null ? 'None yet' : <DateText at={lastSyncedAt} now={now} /> },
    { term: 'Next update', value: <NextUpdate at={nextSyncAt} now={now} /> },
    {
      term: 'Accounts',
      value:
        accounts.length === 0 ? (
          'None here'
        ) : (
          <ul>
            {accounts.map((account) => (
              <li key={account.id}>
                <TextLink href={`/accounts/${account.id}`} kind="row">
                  {account.name}
                  {account.numberHint === null ? '' : ` ending ${account.numberHint.slice(-4)}`}
                </TextLink>
              </li>
            ))}
          </ul>
        ),
    },
  ];
}

function Actions({ connection }: { connection: ConnectionDetail }) {
  const { id, status, erasedAt } = connection;
  if (status === 'revoking' || (isOver(status) && erasedAt !== null)) return null;
  if (isOver(status)) {
    return (
      <div className="mt-7">
        <LinkButton href={`/connections/${id}/erase`} variant="secondary">
          Erase what was fetched
        </LinkButton>
      </div>
    );
  }
  return (
    <div className="mt-7 flex flex-wrap gap-3 max-sm:flex-col">
      <LinkButton href={`/connections/${id}/reconfirm`}>Keep sharing</LinkButton>
      <LinkButton href={`/connections/${id}/change`} variant="secondary">
        Change what is shared
      </LinkButton>
      <LinkButton href={`/connections/${id}/stop`} variant="secondary">
        Stop sharing
      </LinkButton>
    </div>
  );
}
