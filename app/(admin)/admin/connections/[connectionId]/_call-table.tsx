import { DataTable } from '#components/ui/data-table';
import { DateText } from '#components/ui/date-text';
import type { CallLine } from '#lib/admin/connection/list-calls';
import { toShortDuration } from '#lib/format/duration';
import { errorWords } from '../../../_words/error-codes.ts';

export function CallTable({ calls, now }: { calls: readonly CallLine[]; now: Date }) {
  if (calls.length === 0) return <p className="text-soft">No call was made for this connection yet.</p>;
  return (
    <DataTable
      caption="The last calls to TrueLayer"
      isCaptionHidden
      isDense
      rows={calls}
      rowKey={(call) => call.id}
      columns={[
        {
          id: 'at',
          header: 'When',
          isOneLine: true,
          cell: (call) => <DateText at={call.at} now={now} style="moment" />,
        },
        {
          id: 'what',
          header: 'Endpoint',
          isHeading: true,
          cell: (call) => call.endpoint + (call.attemptNumber > 1 ? `, try ${call.attemptNumber}` : ''),
        },
        {
          id: 'presence',
          header: 'Person there',
          cell: (call) => (call.isAttended ? 'Yes' : call.isCounted ? 'No, counted' : 'No, free'),
          isOneLine: true,
        },
        {
          id: 'answer',
          header: 'Answer',
          cell: (call) => (
            <>
              {call.httpStatus ?? 'None'}
              {call.code === null ? '' : ` ${errorWords(call.code)} (${call.code})`}
            </>
          ),
        },
        {
          id: 'took',
          header: 'Took',
          isFigure: true,
          cell: (call) => (call.durationMs === null ? '–' : toShortDuration(call.durationMs)),
        },
        {
          id: 'ids',
          header: 'Correlation ids',
          cell: (call) => (
            <>
              <Id name="TrueLayer’s" text={call.trueLayerCorrelationId ?? 'none came'} />
              <Id name="Ours" text={call.correlationId} />
            </>
          ),
        },
      ]}
    />
  );
}

function Id({ name, text }: { name: string; text: string }) {
  return (
    <span className="block text-xs">
      <span className="text-soft">{name} </span>
      <code className="select-all break-all font-mono">{text}</code>
    </span>
  );
}
