import type { Metadata } from 'next';
import { EmptyState } from '#components/ui/empty-state';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Pagination } from '#components/ui/pagination';
import { countConnections } from '#lib/admin/connections/count-connections';
import { type ConnectionFilter, parseConnectionFilter, toConnectionQuery } from '#lib/admin/connections/filter';
import { listFilterChoices } from '#lib/admin/connections/list-choices';
import { listConnections } from '#lib/admin/connections/list-connections';
import { adminContext } from '#lib/auth/current-user';
import { toCount } from '#lib/format/count';
import { ConnectionTable } from './_connection-table.tsx';
import { FilterForm } from './_filter-form.tsx';
import { StateCounts } from './_state-counts.tsx';

export const metadata: Metadata = { title: 'Connections' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ConnectionsPage({ searchParams }: Props) {
  const ctx = await adminContext('/admin/connections');
  const filter = parseConnectionFilter(await searchParams);
  const [page, counts, choices] = await Promise.all([
    listConnections(ctx, filter),
    countConnections(ctx),
    listFilterChoices(ctx),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <PageHeader
        title="Connections"
        lead={`${toCount(total, 'connection')} of every person, and how each is doing.`}
        actions={
          <LinkButton
            href={`/admin/connections/export${toConnectionQuery(filter)}`}
            variant="secondary"
            size="sm"
            icon="download"
            isPlain
          >
            Export as CSV
          </LinkButton>
        }
      />
      <div className="space-y-6">
        <StateCounts counts={counts} total={total} filter={filter} />
        <FilterForm filter={filter} choices={choices} />
        {page.isCut ? (
          <Notice tone="note" title="More people fit than are looked at">
            These are the connections of the first 200 people whose address begins so. Type more of the address.
          </Notice>
        ) : null}
        {page.lines.length === 0 ? (
          <Nothing filter={filter} total={total} />
        ) : (
          <ConnectionTable lines={page.lines} filter={filter} now={ctx.clock.now()} />
        )}
        <Pagination
          label="Pages of connections"
          previousHref={page.before === null ? undefined : toConnectionQuery(filter, { before: page.before })}
          nextHref={page.after === null ? undefined : toConnectionQuery(filter, { after: page.after })}
        />
      </div>
    </>
  );
}

function Nothing({ filter, total }: { filter: ConnectionFilter; total: number }) {
  if (total === 0) {
    return (
      <EmptyState title="No connections yet">
        As soon as somebody links a bank, their connection is here, with everything that happens to it.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No connection fits"
      icon="search"
      action={
        <LinkButton href="/admin/connections" variant="secondary">
          Show all
        </LinkButton>
      }
    >
      {filter.q === undefined
        ? 'No connection has all of these at once. Take one of the filters away.'
        : `Nothing was found for “${filter.q}”. A search takes the beginning of an e-mail address, a bank’s name, a reference like LW-1A2B3C4D, or any id.`}
    </EmptyState>
  );
}
