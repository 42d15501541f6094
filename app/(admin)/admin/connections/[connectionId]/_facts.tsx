import { ClockLine } from '#components/admin/clock-line';
import { DateText } from '#components/ui/date-text';
import { DefinitionList } from '#components/ui/definition-list';
import { Panel } from '#components/ui/panel';
import { StatusBadge } from '#components/ui/status-badge';
import { TextLink } from '#components/ui/text-link';
import type { ConnectionFile } from '#lib/admin/connection/dto';
import { toList } from '#lib/format/count';
import { toAgo } from '#lib/format/instant';
import { errorWords } from '../../../_words/error-codes.ts';
import { STATES } from '../../../_words/states.ts';

export function Clocks({ file, now }: { file: ConnectionFile; now: Date }) {
  const { access, authenticatedAt, consent } = file.clocks;
  return (
    <Panel>
      <ClockLine
        label="The three clocks of this connection"
        now={now}
        clocks={[
          {
            name: 'Access token',
            meaning: 'About an hour. A job refreshes it by itself when it is needed.',
            startedAt: access.startedAt,
            endsAt: access.endsAt,
          },
          {
            name: 'Login at the bank',
            meaning: loginWords(authenticatedAt, now),
            startedAt: authenticatedAt,
            endsAt: null,
          },
          {
            name: 'Consent',
            meaning: 'What the person agreed to. At its end nothing is fetched in the background any more.',
            startedAt: consent.startedAt,
            endsAt: consent.endsAt,
          },
        ]}
      />
    </Panel>
  );
}

export function Facts({ file, now }: { file: ConnectionFile; now: Date }) {
  return (
    <Panel>
      <DefinitionList
        items={[
          {
            term: 'State',
            value: <StatusBadge {...STATES[file.status]} />,
            note: (
              <>
                Since <DateText at={file.statusChangedAt} now={now} />
                {file.statusReason === null ? null : `, ${file.statusReason.replaceAll('_', ' ')}`}
              </>
            ),
          },
          {
            term: 'Last good update',
            value: file.lastSyncedAt === null ? 'Never' : <DateText at={file.lastSyncedAt} now={now} style="ago" />,
            note: file.nextSyncAt === null ? 'No run is planned' : <NextRun at={file.nextSyncAt} now={now} />,
          },
          {
            term: 'Last error',
            value: file.lastError === null ? 'None' : errorWords(file.lastError.code),
            ...(file.lastError?.at == null ? {} : { note: <DateText at={file.lastError.at} now={now} /> }),
          },
          {
            term: 'Calls today',
            value: `${file.calls.used} of ${file.calls.of}`,
            note:
              file.calls.nextFreeAt === null ? (
                'Background calls of the busiest account in the last 24 hours'
              ) : (
                <>
                  The next one is free <DateText at={file.calls.nextFreeAt} now={now} style="ago" />
                </>
              ),
          },
          {
            term: 'Consent',
            value: file.consentStatus ?? 'Status not known',
            note:
              file.consentCheckedAt === null ? (
                'Not read from TrueLayer since it was linked'
              ) : (
                <>
                  Read from TrueLayer <DateText at={file.consentCheckedAt} now={now} style="ago" />
                </>
              ),
          },
          { term: 'Permissions', value: toList(file.permissions.map((name) => name.replaceAll('_', ' '))) || 'None' },
          { term: 'Bank', value: file.bank.name, note: bankNote(file) },
          ...(file.replacedById === null
            ? []
            : [
                {
                  term: 'Replaced by',
                  value: <TextLink href={`/admin/connections/${file.replacedById}`}>The newer connection</TextLink>,
                },
              ]),
          { term: 'Connection id', value: <Id text={file.id} /> },
          { term: 'Person id', value: <Id text={file.personId} /> },
          { term: 'credentials_id', value: <Id text={file.credentialsId ?? 'Not known'} /> },
        ]}
      />
    </Panel>
  );
}

function loginWords(at: Date | null, now: Date): string {
  const when = at === null ? 'When the person was last at their bank isn’t known.' : `Last ${toAgo(at, now)}.`;
  return `${when} No bank says how long that holds.`;
}

function NextRun({ at, now }: { at: Date; now: Date }) {
  return (
    <>
      {at < now ? 'The next run was due ' : 'The next run is planned '}
      <DateText at={at} now={now} style="ago" />
    </>
  );
}

function bankNote({ bank }: ConnectionFile): string {
  const availability =
    bank.availabilityPercent === null ? 'TrueLayer names no availability' : `${bank.availabilityPercent}% available`;
  return `${availability}, ${bank.id}`;
}

function Id({ text }: { text: string }) {
  return <code className="select-all break-all font-mono text-sm">{text}</code>;
}
