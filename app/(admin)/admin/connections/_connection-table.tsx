import { type Column, DataTable } from '#components/ui/data-table';
import { DateText } from '#components/ui/date-text';
import { StatusBadge } from '#components/ui/status-badge';
import { TextLink } from '#components/ui/text-link';
import type { ConnectionLineWithCalls } from '#lib/admin/connections/dto';
import { type ConnectionFilter, type ConnectionSort, toConnectionQuery } from '#lib/admin/connections/filter';
import { isOver } from '#lib/connections/status';
import { toDaysLeft } from '#lib/format/days-left';
import { toFullInstant } from '#lib/format/instant';
import { errorWords } from '../../_words/error-codes.ts';
import { STATES } from '../../_words/states.ts';

type ConnectionTableProps = { lines: readonly ConnectionLineWithCalls[]; filter: ConnectionFilter; now: Date };

export function ConnectionTable({ lines, filter, now }: ConnectionTableProps) {
  const columns: Column<ConnectionLineWithCalls>[] = [
    {
      id: 'person',
      header: 'Person',
      isHeading: true,
      cell: (line) => (
        <TextLink kind="row" href={`/admin/connections/${line.id}`}>
          {line.email}
        </TextLink>
      ),
    },
    { id: 'bank', header: 'Bank', cell: (line) => line.bankName, isOneLine: true },
    { id: 'state', header: 'State', cell: (line) => <StatusBadge {...STATES[line.status]} />, isOneLine: true },
    {
      id: 'ends',
      header: 'Consent ends',
      isOneLine: true,
      cell: (line) => <ConsentEnd line={line} now={now} />,
      ...sortBy('ends', filter),
    },
    {
      id: 'updated',
      header: 'Last good update',
      isOneLine: true,
      cell: (line) =>
        line.lastSyncedAt === null ? 'Never' : <DateText at={line.lastSyncedAt} now={now} style="ago" />,
      ...sortBy('updated', filter),
    },
    { id: 'error', header: 'Last error', cell: (line) => <LastError line={line} /> },
    { id: 'calls', header: 'Calls today', cell: ({ calls }) => `${calls.used} of ${calls.of}`, isFigure: true },
    {
      id: 'newest',
      header: 'Linked',
      isOneLine: true,
      cell: (line) => <DateText at={line.connectedAt} now={now} style="ago" />,
      ...sortBy('newest', filter),
    },
  ];
  return (
    <DataTable
      caption="Connections"
      isCaptionHidden
      isDense
      columns={columns}
      rows={lines}
      rowKey={(line) => line.id}
    />
  );
}

function ConsentEnd({ line, now }: { line: ConnectionLineWithCalls; now: Date }) {
  if (isOver(line.status)) return <span className="text-soft">Over</span>;
  if (line.consentExpiresAt === null) return <span className="text-soft">Not known</span>;
  return (
    <time dateTime={line.consentExpiresAt.toISOString()} title={toFullInstant(line.consentExpiresAt)}>
      {toDaysLeft(line.consentExpiresAt, now)}
    </time>
  );
}

function LastError({ line }: { line: ConnectionLineWithCalls }) {
  if (line.lastErrorCode === null) return <span className="text-soft">None</span>;
  return (
    <span title={line.lastErrorAt === null ? undefined : toFullInstant(line.lastErrorAt)}>
      {errorWords(line.lastErrorCode)}
    </span>
  );
}

/** Pressing the order that holds turns it round. Where a filter allows one order only, the others can't be chosen. */
function sortBy(
  sort: ConnectionSort,
  filter: ConnectionFilter,
): Pick<Column<ConnectionLineWithCalls>, 'sort'> | undefined {
  if (!filter.sorts.includes(sort)) return undefined;
  const isCurrent = filter.sort === sort;
  const order = isCurrent ? OPPOSITE[filter.order] : FIRST[sort];
  const direction = filter.order === 'asc' ? ('ascending' as const) : ('descending' as const);
  return {
    sort: {
      href: `/admin/connections${toConnectionQuery(filter, { sort, order })}`,
      direction: isCurrent ? direction : undefined,
    },
  };
}

const OPPOSITE = { asc: 'desc', desc: 'asc' } as const;
const FIRST: Record<ConnectionSort, 'asc' | 'desc'> = { newest: 'desc', ends: 'asc', updated: 'asc' };
