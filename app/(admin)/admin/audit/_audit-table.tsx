import { DataTable } from '#components/ui/data-table';
import { DateText } from '#components/ui/date-text';
import { Disclosure } from '#components/ui/disclosure';
import { TextLink } from '#components/ui/text-link';
import type { AuditLine } from '#lib/admin/audit/page-of-entries';
import { actionWords } from '../../_words/actions.ts';

export function AuditTable({ lines, now }: { lines: readonly AuditLine[]; now: Date }) {
  return (
    <DataTable
      caption="Audit entries"
      isCaptionHidden
      isDense
      rows={lines}
      rowKey={(line) => line.id}
      columns={[
        { id: 'at', header: 'When', isOneLine: true, cell: (line) => <DateText at={line.at} now={now} /> },
        { id: 'what', header: 'What', isHeading: true, cell: (line) => actionWords(line.action) },
        { id: 'who', header: 'Who', cell: toActor },
        {
          id: 'address',
          header: 'From',
          cell: (line) => line.callerAddress ?? <span className="text-soft">No address</span>,
        },
        { id: 'whom', header: 'About', cell: (line) => <About line={line} /> },
        { id: 'why', header: 'Why', cell: (line) => <Reason line={line} /> },
        { id: 'change', header: 'Details', cell: (line) => <Details line={line} /> },
      ]}
    />
  );
}

function toActor({ actorKind, actor }: AuditLine): string {
  if (actorKind === 'system') return `A job (${actor})`;
  if (actorKind === 'webhook') return `A webhook (${actor})`;
  if (actorKind === 'admin') return `${actor ?? 'Somebody who has left'}, of the team`;
  if (actorKind === 'nobody') return 'Nobody signed in';
  return actor ?? 'Somebody who has left';
}

function Reason({ line: { reason, typedReason } }: { line: AuditLine }) {
  if (typedReason?.status === 'readable') return typedReason.text;
  return reason ?? <span className="text-soft">{typedReason === null ? 'Not given' : REASON[typedReason.status]}</span>;
}

const REASON = { erased: 'Erased with the person’s account', unreadable: 'Can’t be read: a key is missing' } as const;

function About({ line }: { line: AuditLine }) {
  const name =
    line.person ?? (line.personId === null ? line.subjectKind.replaceAll('_', ' ') : 'Somebody who has left');
  if (line.connectionId === null) return name;
  return (
    <TextLink kind="row" href={`/admin/connections/${line.connectionId}`}>
      {name}
    </TextLink>
  );
}

function Details({ line }: { line: AuditLine }) {
  const facts = {
    action: line.action,
    subject: `${line.subjectKind} ${line.subjectId ?? ''}`.trim(),
    ...(line.before === null ? {} : { before: line.before }),
    ...(line.after === null ? {} : { after: line.after }),
    ...(line.callerAddress === null ? {} : { address: line.callerAddress }),
    ...(line.requestId === null ? {} : { request: line.requestId }),
  };
  return (
    <Disclosure summary={<span className="text-sm">Show</span>}>
      <pre className="max-w-80 whitespace-pre-wrap break-all text-left font-mono text-xs">
        {JSON.stringify(facts, null, 2)}
      </pre>
    </Disclosure>
  );
}
