import { DataTable } from '#components/ui/data-table';
import { DateText } from '#components/ui/date-text';
import { StatusBadge } from '#components/ui/status-badge';
import { TextLink } from '#components/ui/text-link';
import type { Health } from '#lib/admin/health/get-health';
import type { BankHealthLine } from '#lib/admin/health/list-banks';
import type { QueueLine, WorkerLine } from '#lib/admin/health/list-queues';
import { formatCount, toPercent } from '#lib/format/count';
import { toShortDuration } from '#lib/format/duration';
import { errorWords } from '../../_words/error-codes.ts';

export function QueueTable({ queues }: { queues: readonly QueueLine[] }) {
  return (
    <DataTable
      caption="Queues"
      isCaptionHidden
      isDense
      rows={queues}
      rowKey={(queue) => queue.name}
      columns={[
        { id: 'name', header: 'Queue', isHeading: true, cell: (queue) => queue.name },
        { id: 'waiting', header: 'Waiting', isFigure: true, cell: (queue) => formatCount(queue.waiting) },
        { id: 'running', header: 'Running', isFigure: true, cell: (queue) => formatCount(queue.running) },
        { id: 'failed', header: 'Failed', isFigure: true, cell: (queue) => formatCount(queue.failed) },
        {
          id: 'oldest',
          header: 'Oldest that waits',
          isFigure: true,
          cell: (queue) => (queue.oldestSeconds === null ? 'None' : toShortDuration(queue.oldestSeconds * 1000)),
        },
      ]}
    />
  );
}

export function WorkerTable({ workers, now }: { workers: readonly WorkerLine[]; now: Date }) {
  if (workers.length === 0)
    return <p className="text-soft">No worker was seen in the last day. Start one with npm run worker.</p>;
  return (
    <DataTable
      caption="Workers"
      isCaptionHidden
      isDense
      rows={workers}
      rowKey={(worker) => worker.id}
      columns={[
        { id: 'name', header: 'Worker', isHeading: true, cell: (worker) => `${worker.host}, process ${worker.pid}` },
        {
          id: 'state',
          header: 'State',
          cell: (worker) =>
            worker.isAlive ? <StatusBadge tone="good" words="Alive" /> : <StatusBadge tone="danger" words="Silent" />,
        },
        { id: 'seen', header: 'Last seen', cell: (worker) => <DateText at={worker.seenAt} now={now} style="ago" /> },
        { id: 'since', header: 'Since', cell: (worker) => <DateText at={worker.startedAt} now={now} /> },
      ]}
    />
  );
}

export function BankTable({ banks, now }: { banks: readonly BankHealthLine[]; now: Date }) {
  if (banks.length === 0) return <p className="text-soft">No bank has been called yet.</p>;
  return (
    <DataTable
      caption="Banks"
      isCaptionHidden
      isDense
      rows={banks}
      rowKey={(bank) => bank.id}
      columns={[
        {
          id: 'name',
          header: 'Bank',
          isHeading: true,
          cell: (bank) => (
            <TextLink kind="row" href={`/admin/connections?${new URLSearchParams({ bank: bank.id })}`}>
              {bank.name}
            </TextLink>
          ),
        },
        { id: 'state', header: 'State', cell: (bank) => <BankState bank={bank} now={now} /> },
        {
          id: 'faults',
          header: 'Our newest calls that failed',
          isFigure: true,
          cell: (bank) =>
            bank.recentCalls === 0
              ? 'None made'
              : `${toPercent(bank.recentFaults, bank.recentCalls)} of ${formatCount(bank.recentCalls)}`,
        },
        {
          id: 'availability',
          header: 'TrueLayer’s availability',
          isFigure: true,
          cell: (bank) => (bank.availabilityPercent === null ? 'Not named' : `${bank.availabilityPercent}%`),
        },
      ]}
    />
  );
}

function BankState({ bank, now }: { bank: BankHealthLine; now: Date }) {
  const { breakerOpenUntil, breakerFailures, breakerCode } = bank;
  if (breakerOpenUntil !== null && breakerOpenUntil > now) {
    return (
      <>
        <StatusBadge tone="danger" words="Left alone" />
        <span className="block text-soft">
          One tries again <DateText at={breakerOpenUntil} now={now} style="ago" />
          {breakerCode === null ? '' : `. ${errorWords(breakerCode)}`}
        </span>
      </>
    );
  }
  if (breakerFailures > 0) {
    return (
      <>
        <StatusBadge tone="caution" words="Failing" />
        <span className="block text-soft">
          {breakerFailures} in a row{breakerCode === null ? '' : `. ${errorWords(breakerCode)}`}
        </span>
      </>
    );
  }
  return <StatusBadge tone="good" words="Answers" />;
}

export function ErrorTable({ errors }: { errors: Health['errors'] }) {
  if (errors.length === 0) return <p className="text-soft">The last run of every connection brought everything.</p>;
  return (
    <DataTable
      caption="Last errors"
      isCaptionHidden
      isDense
      rows={errors}
      rowKey={(error) => error.code}
      columns={[
        {
          id: 'code',
          header: 'Last error',
          isHeading: true,
          cell: (error) => (
            <TextLink kind="row" href={`/admin/connections?${new URLSearchParams({ error: error.code })}`}>
              {errorWords(error.code)}
            </TextLink>
          ),
        },
        { id: 'raw', header: 'Code', cell: (error) => <code className="font-mono text-xs">{error.code}</code> },
        { id: 'count', header: 'Connections', isFigure: true, cell: (error) => formatCount(error.connections) },
      ]}
    />
  );
}
