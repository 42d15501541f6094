import type { Metadata } from 'next';
import { ConnectionCard } from '#components/connection/connection-card';
import { EmptyState } from '#components/ui/empty-state';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { personContext } from '#lib/auth/current-user';
import type { ConnectionSummary } from '#lib/connections/dto';
import { isRenewable } from '#lib/connections/get-connection';
import { listConnections } from '#lib/connections/list-connections';
import { groupTitles } from '../../_words/permissions.ts';
import { stateOf } from '../_connection-state.ts';
import { FaultNotice } from '../_fault-notice.tsx';
import { UnknownConsents } from '../_unknown-consents.tsx';
import { WaitingNotes } from '../_waiting-notes.tsx';

export const metadata: Metadata = { title: 'What you share' };

export default async function ConnectionsPage() {
  const ctx = await personContext('/connections');
  const connections = await listConnections(ctx);
  const now = ctx.clock.now();
  const current = connections.filter((connection) => connection.endedAt === null);
  const past = connections.filter((connection) => connection.endedAt !== null);
  return (
    <>
      <PageHeader
        title="What you share"
        lead="Each bank you linked, what we may see there, and until when. You can stop any of them at any time."
        actions={
          connections.length === 0 ? undefined : (
            <LinkButton href="/connect" icon="plus">
              Link a bank
            </LinkButton>
          )
        }
      />
      <UnknownConsents />
      <WaitingNotes />
      {connections.length === 0 ? (
        <EmptyState title="You share nothing" action={<LinkButton href="/connect">Link a bank</LinkButton>}>
          No bank is linked. When you link one, you see here what is shared and until when.
        </EmptyState>
      ) : (
        <div className="space-y-12">
          <Cards connections={current} now={now} />
          {past.length === 0 ? null : (
            <Section id="past" title="Ended" lead="Kept as a record. Nothing is fetched any more.">
              <Cards connections={past} now={now} />
            </Section>
          )}
        </div>
      )}
    </>
  );
}

function Cards({ connections, now }: { connections: ConnectionSummary[]; now: Date }) {
  return (
    <ul className="space-y-6">
      {connections.map((connection) => (
        <li key={connection.id}>
          <ConnectionCard
            now={now}
            notice={
              connection.faults.main === null ? undefined : (
                <FaultNotice
                  fault={connection.faults.main}
                  connection={connection}
                  accounts={connection.accounts}
                  now={now}
                />
              )
            }
            actions={<CardActions connection={connection} />}
            connection={{
              id: connection.id,
              href: `/connections/${connection.id}`,
              bank: { id: connection.bankId, name: connection.bankName },
              state: stateOf(connection),
              shared: groupTitles(connection.permissions),
              since: connection.connectedAt,
              until: connection.isEndPending ? null : connection.consentExpiresAt,
              lastUpdateAt: connection.lastSyncedAt,
              nextUpdateAt: connection.nextSyncAt,
              accounts: connection.accounts.map((account) => ({
                id: account.id,
                name: account.name,
                href: `/accounts/${account.id}`,
                number: account.numberHint ?? undefined,
              })),
            }}
          />
        </li>
      ))}
    </ul>
  );
}

/** Going on and stopping look alike and are as near. */
function CardActions({ connection: { id, bankName, status } }: { connection: ConnectionSummary }) {
  if (!isRenewable({ status })) return null;
  return (
    <>
      <LinkButton
        href={`/connections/${id}/reconfirm`}
        variant="secondary"
        size="sm"
        label={`Keep sharing ${bankName}`}
      >
        Keep sharing
      </LinkButton>
      <LinkButton href={`/connections/${id}/stop`} variant="secondary" size="sm" label={`Stop sharing ${bankName}`}>
        Stop sharing
      </LinkButton>
      <LinkButton href={`/connections/${id}`} variant="quiet" size="sm" label={`Details of ${bankName}`}>
        Details
      </LinkButton>
    </>
  );
}
