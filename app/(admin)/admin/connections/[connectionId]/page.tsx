import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Pagination } from '#components/ui/pagination';
import { Section } from '#components/ui/section';
import { StatusRegion } from '#components/ui/status-region';
import { TextLink } from '#components/ui/text-link';
import { Timeline } from '#components/ui/timeline';
import { getConnectionFile } from '#lib/admin/connection/get-connection';
import { listCalls } from '#lib/admin/connection/list-calls';
import { type EventPage, listEvents } from '#lib/admin/connection/list-events';
import { adminContext } from '#lib/auth/current-user';
import { NotFoundError } from '#lib/errors/app-error';
import { ownValue } from '#lib/format/own-value';
import { causeWords } from '../../../_words/causes.ts';
import { toTimelineEntry } from '../../../_words/events.ts';
import { refusalWords } from '../../../_words/refusals.ts';
import { AccountTable } from './_account-table.tsx';
import { ActionList } from './_action-list.tsx';
import { CallTable } from './_call-table.tsx';
import { Clocks, Facts } from './_facts.tsx';

export const metadata: Metadata = { title: 'One connection' };

const CALLS = 25;

type Props = {
  params: Promise<{ connectionId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function ConnectionPage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const ctx = await adminContext(`/admin/connections/${connectionId}`);
  const { before, action, refused } = await searchParams;
  const [file, calls, events] = await Promise.all([
    getConnectionFile(ctx, { connectionId }),
    listCalls(ctx, { connectionId, limit: CALLS }),
    listEvents(ctx, { connectionId, before: typeof before === 'string' ? before : undefined }),
  ]).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  const now = ctx.clock.now();
  const cause = causeWords(file, now);
  const refusal =
    typeof refused === 'string' && typeof action === 'string' ? { action, message: refusalWords(refused) } : null;
  return (
    <>
      <PageHeader
        title={file.email}
        lead={`At ${file.bank.name}`}
        back={{ href: '/admin/connections', label: 'Connections' }}
        actions={<BundleLinks connectionId={file.id} />}
      />
      <StatusRegion>
        <Answer action={typeof action === 'string' ? action : null} refusal={refusal} />
      </StatusRegion>
      <div className="space-y-10">
        <Notice tone={cause.tone} title={cause.title}>
          <p>{cause.why}</p>
          <p className="mt-1 font-medium">{cause.next}</p>
        </Notice>
        <div className="grid gap-10 lg:grid-cols-2">
          <div className="space-y-10">
            <Section id="clocks" title="Three clocks">
              <Clocks file={file} now={now} />
            </Section>
            <Section id="actions" title="What can be done">
              <ActionList file={file} refused={refusal} />
            </Section>
          </div>
          <Section id="facts" title="As it stands">
            <Facts file={file} now={now} />
          </Section>
        </div>
        <Section
          id="data"
          title="Kinds of data"
          actions={
            <TextLink kind="standalone" href={`/admin/connections/${file.id}/transactions`}>
              Transactions, by leave
            </TextLink>
          }
        >
          <AccountTable file={file} now={now} />
        </Section>
        <Section id="calls" title="Last calls to TrueLayer" lead="With the ids that TrueLayer’s support asks for.">
          <CallTable calls={calls} now={now} />
        </Section>
        <History page={events} connectionId={file.id} isFirst={before === undefined} now={now} />
      </div>
    </>
  );
}

function BundleLinks({ connectionId }: { connectionId: string }) {
  const base = `/admin/connections/${connectionId}/bundle`;
  return (
    <>
      <LinkButton href={base} variant="secondary" size="sm" icon="download" isPlain>
        Support bundle
      </LinkButton>
      <LinkButton href={`${base}?format=json`} variant="secondary" size="sm" icon="download" isPlain>
        As JSON
      </LinkButton>
    </>
  );
}

type AnswerProps = { action: string | null; refusal: { action: string; message: string } | null };

function Answer({ action, refusal }: AnswerProps) {
  if (refusal !== null)
    return (
      <Notice tone="danger" title="That was not done">
        {refusal.message}
      </Notice>
    );
  const words = action === null ? undefined : ownValue(DONE, action);
  return words === undefined ? null : <Notice tone="good" title={words} />;
}

const DONE: Readonly<Record<string, string>> = {
  refresh: 'A refresh was asked for. What comes of it is in the timeline within a minute.',
  consent: 'TrueLayer is being asked. What it says is here within a minute.',
  reminder: 'A reminder is planned, and goes out within a minute.',
  revoke: 'Sharing has ended, and TrueLayer is being told.',
  login: 'The connection is marked, and the person is asked to log in at their bank.',
};

type HistoryProps = { page: EventPage; connectionId: string; isFirst: boolean; now: Date };

function History({ page, connectionId, isFirst, now }: HistoryProps) {
  const base = `/admin/connections/${connectionId}`;
  return (
    <Section
      id="history"
      title="Everything that happened"
      lead="Trips, calls, refreshes, webhooks, mails and states, newest first."
    >
      {page.events.length === 0 ? (
        <p className="text-soft">Nothing was recorded{isFirst ? ' yet' : ' before this'}.</p>
      ) : (
        <Timeline entries={page.events.map(toTimelineEntry)} now={now} />
      )}
      <Pagination
        label="Pages of the timeline"
        previousHref={isFirst ? undefined : `${base}#history`}
        previousLabel="Newest"
        nextHref={page.before === null ? undefined : `${base}?${new URLSearchParams({ before: page.before })}#history`}
        nextLabel="Older"
      />
    </Section>
  );
}
