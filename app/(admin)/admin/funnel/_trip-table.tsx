import type { ReactNode } from 'react';
import { DataTable } from '#components/ui/data-table';
import type { Trip } from '#lib/admin/funnel/get-funnel';
import { formatCount, toPercent } from '#lib/format/count';

type TripTableProps = { caption: string; header: string; rows: readonly (Trip & { key: string; name: ReactNode })[] };

/** How many of those who set out came back, and came to data. */
export function TripTable({ caption, header, rows }: TripTableProps) {
  return (
    <DataTable
      caption={caption}
      isCaptionHidden
      isDense
      rows={rows}
      rowKey={(row) => row.key}
      columns={[
        { id: 'name', header, isHeading: true, cell: (row) => row.name },
        { id: 'redirected', header: 'Went to the bank', isFigure: true, cell: (row) => formatCount(row.redirected) },
        { id: 'returned', header: 'Came back', isFigure: true, cell: (row) => formatCount(row.returned) },
        { id: 'linked', header: 'Saw data', isFigure: true, cell: (row) => formatCount(row.linked) },
        {
          id: 'share',
          header: 'Of those who went',
          isFigure: true,
          cell: (row) => toPercent(row.linked, row.redirected),
        },
      ]}
    />
  );
}
