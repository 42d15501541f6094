import { TabLinks } from '#components/ui/tab-links';
import type { ConnectionCounts } from '#lib/admin/connections/count-connections';
import { type ConnectionFilter, STATUSES, toConnectionQuery } from '#lib/admin/connections/filter';
import { STATES } from '../../_words/states.ts';

type StateCountsProps = { counts: ConnectionCounts; total: number; filter: ConnectionFilter };

/** How many are in each state. States that nobody is in are left out, unless one is looked at. */
export function StateCounts({ counts, total, filter }: StateCountsProps) {
  const shown = STATUSES.filter((status) => counts[status] > 0 || filter.state === status);
  return (
    <TabLinks
      label="Connections by state"
      tabs={[
        {
          href: `/admin/connections${toConnectionQuery(filter, { state: null })}`,
          label: 'All',
          count: total,
          isCurrent: filter.state === undefined,
        },
        ...shown.map((status) => ({
          href: `/admin/connections${toConnectionQuery(filter, { state: status })}`,
          label: STATES[status].words,
          count: counts[status],
          isCurrent: filter.state === status,
        })),
      ]}
    />
  );
}
