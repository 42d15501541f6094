import type { Metadata } from 'next';
import { EmptyState } from '#components/ui/empty-state';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Pagination } from '#components/ui/pagination';
import { Select } from '#components/ui/select';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import { type AuditFilter, parseAuditFilter, toAuditQuery } from '#lib/admin/audit/filter';
import { listActions, listEntries } from '#lib/admin/audit/list-entries';
import { adminContext } from '#lib/auth/current-user';
import { actionWords } from '../../_words/actions.ts';
import { AuditTable } from './_audit-table.tsx';

export const metadata: Metadata = { title: 'Audit' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AuditPage({ searchParams }: Props) {
  const ctx = await adminContext('/admin/audit');
  const filter = parseAuditFilter(await searchParams);
  const [page, actions] = await Promise.all([listEntries(ctx, filter), listActions(ctx)]);
  return (
    <>
      <PageHeader
        title="Audit"
        lead="Who did what, when and why. Entries are only ever added: the database refuses to change or delete one."
        actions={
          <LinkButton
            href={`/admin/audit/export${toAuditQuery(filter)}`}
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
        <FilterForm filter={filter} actions={actions} />
        {page.lines.length === 0 ? (
          <EmptyState title="No entry fits" icon="search">
            A search takes an e-mail address as a whole, or any id: a person’s, a connection’s, an admin’s, a job’s.
          </EmptyState>
        ) : (
          <AuditTable lines={page.lines} now={ctx.clock.now()} />
        )}
        <Pagination
          label="Pages of the audit"
          previousHref={filter.before === undefined ? undefined : `/admin/audit${toAuditQuery(filter)}`}
          previousLabel="Newest"
          nextHref={page.before === null ? undefined : `/admin/audit${toAuditQuery(filter, { before: page.before })}`}
          nextLabel="Older"
        />
      </div>
    </>
  );
}

function FilterForm({ filter, actions }: { filter: AuditFilter; actions: readonly string[] }) {
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <search>
      <form
        method="get"
        action="/admin/audit"
        className="grid gap-4 sm:grid-cols-2 lg:grid-cols-[2fr_2fr_1fr_1fr_auto] lg:items-end"
      >
        <TextInput
          id="q"
          name="q"
          type="search"
          label="Search"
          placeholder="E-mail address or id"
          defaultValue={filter.q}
          maxLength={200}
          spellCheck={false}
        />
        <Select
          id="action"
          name="action"
          label="What was done"
          defaultValue={filter.action}
          options={[
            { value: '', label: 'Anything' },
            ...actions.map((action) => ({ value: action, label: actionWords(action) })),
          ]}
        />
        <TextInput id="from" name="from" type="date" label="From" defaultValue={filter.from} />
        <TextInput id="to" name="to" type="date" label="To" defaultValue={filter.to} />
        <div className="flex gap-3">
          <SubmitButton pendingLabel="Looking…">Show</SubmitButton>
          {isFiltered ? (
            <LinkButton href="/admin/audit" variant="quiet">
              Clear
            </LinkButton>
          ) : null}
        </div>
      </form>
    </search>
  );
}
