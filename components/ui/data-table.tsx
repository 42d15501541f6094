import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { RouteLink } from './route-link.tsx';

export type Column<Row> = {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand under each other at the end of their column. */
  isFigure?: boolean;
  /** A few words that belong together: the other columns make room. */
  isOneLine?: boolean;
  /** The one column that names the row. */
  isHeading?: boolean;
  sort?: { href: string; direction?: 'ascending' | 'descending' | undefined };
};

type DataTableProps<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  isCaptionHidden?: boolean;
  /** Closer lines, for pages where many rows are compared. */
  isDense?: boolean;
};

/** A table that becomes one card for each row on a phone. */
export function DataTable<Row>({ caption, columns, rows, rowKey, isCaptionHidden, isDense }: DataTableProps<Row>) {
  return (
    <div className="rounded-panel border border-line bg-surface sm:overflow-x-auto">
      <table className="w-full text-left text-sm max-sm:block">
        <caption
          className={isCaptionHidden === true ? 'sr-only' : 'px-4 pt-4 pb-2 text-left font-semibold text-base sm:px-5'}
        >
          {caption}
        </caption>
        <thead className="max-sm:sr-only">
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} />
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-line border-t hover:bg-sunken/60 max-sm:block max-sm:p-4">
              {columns.map((column) => (
                <BodyCell key={column.id} column={column} isDense={isDense === true}>
                  {column.cell(row)}
                </BodyCell>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeaderCell<Row>({ column }: { column: Column<Row> }) {
  const { sort, header, isFigure } = column;
  return (
    <th
      scope="col"
      aria-sort={sort === undefined ? undefined : (sort.direction ?? 'none')}
      className={`whitespace-nowrap px-3 py-1 font-medium text-soft first:pl-5 last:pr-5 ${isFigure === true ? 'text-right' : ''}`}
    >
      {sort === undefined ? (
        header
      ) : (
        <RouteLink
          href={sort.href}
          className="inline-flex min-h-11 items-center gap-1 rounded-sm underline decoration-line decoration-1 underline-offset-4 hover:text-ink hover:decoration-current"
        >
          {header}
          <span
            className={`${sort.direction === undefined ? 'invisible' : ''} ${sort.direction === 'ascending' ? 'rotate-180' : ''}`}
          >
            <Icon name="chevron-down" size="sm" />
          </span>
        </RouteLink>
      )}
    </th>
  );
}

type BodyCellProps<Row> = { column: Column<Row>; isDense: boolean; children: ReactNode };

function BodyCell<Row>({ column, isDense, children }: BodyCellProps<Row>) {
  const className = `align-middle max-sm:flex max-sm:justify-between max-sm:gap-6 max-sm:py-1.5 sm:px-3 sm:first:pl-5 sm:last:pr-5 ${isDense ? 'sm:py-2' : 'sm:py-3.5'} ${
    column.isFigure === true ? 'figures whitespace-nowrap sm:text-right' : ''
  } ${column.isOneLine === true ? 'sm:whitespace-nowrap' : ''}`;
  if (column.isHeading === true) {
    return (
      <th
        scope="row"
        className={`${className} font-semibold wrap-anywhere max-sm:block sm:min-w-56 max-sm:pb-2 max-sm:text-base`}
      >
        {children}
      </th>
    );
  }
  return (
    <td className={className}>
      <span aria-hidden="true" className="shrink-0 text-soft sm:hidden">
        {column.header}
      </span>
      <div className="min-w-0 max-sm:text-right">{children}</div>
    </td>
  );
}
