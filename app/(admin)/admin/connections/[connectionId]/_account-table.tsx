import { DataTable } from '#components/ui/data-table';
import { DateText } from '#components/ui/date-text';
import type { AccountFile, ConnectionFile, ResourceFile } from '#lib/admin/connection/dto';
import { errorWords } from '../../../_words/error-codes.ts';

/** How each kind of data is doing. No balance and no transaction: those need a leave of their own. */
export function AccountTable({ file, now }: { file: ConnectionFile; now: Date }) {
  const rows = [
    ...file.resources.map((resource) => ({ owner: 'The connection', ...resource })),
    ...file.accounts.flatMap((account) =>
      account.resources.map((resource) => ({ owner: ownerOf(account), ...resource })),
    ),
  ];
  if (rows.length === 0) return <p className="text-soft">Nothing was asked for yet.</p>;
  return (
    <DataTable
      caption="Kinds of data"
      isCaptionHidden
      isDense
      rows={rows}
      rowKey={(row) => `${row.owner} ${row.resource}`}
      columns={[
        { id: 'owner', header: 'Of', isHeading: true, cell: (row) => row.owner },
        { id: 'resource', header: 'Data', cell: (row) => row.resource.replaceAll('_', ' '), isOneLine: true },
        { id: 'state', header: 'State', cell: (row) => <State row={row} /> },
        {
          id: 'ok',
          header: 'Last came',
          isOneLine: true,
          cell: (row) => (row.lastOkAt === null ? 'Never' : <DateText at={row.lastOkAt} now={now} style="ago" />),
        },
      ]}
    />
  );
}

function ownerOf({ name, isGone, isStopped, isJoined }: AccountFile): string {
  const facts = [
    ...(isGone ? ['gone'] : []),
    ...(isStopped ? ['syncing stopped by the user'] : []),
    ...(isJoined ? ['joined into another account'] : []),
  ];
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}

function State({ row }: { row: ResourceFile }) {
  return (
    <>
      {STATES[row.state] ?? row.state}
      {row.code === null ? null : <span className="text-soft"> {errorWords(row.code)}</span>}
    </>
  );
}

const STATES: Readonly<Record<string, string>> = {
  ok: 'Fine',
  unsupported: 'The bank has no such thing.',
  refused: 'Refused.',
  needs_sign_in: 'Open only after a login.',
  failing: 'Failing.',
  waiting: 'Waits for tomorrow’s calls.',
};
