import type { Metadata } from 'next';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { StatusRegion } from '#components/ui/status-region';
import { getHealth } from '#lib/admin/health/get-health';
import { listBankHealth } from '#lib/admin/health/list-banks';
import { listFailedJobs, listQueues, listWorkers } from '#lib/admin/health/list-queues';
import { adminContext } from '#lib/auth/current-user';
import { refusalWords } from '../../_words/refusals.ts';
import { FailedJobs } from './_failed-jobs.tsx';
import { Summary } from './_summary.tsx';
import { BankTable, ErrorTable, QueueTable, WorkerTable } from './_tables.tsx';

export const metadata: Metadata = { title: 'Health' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function HealthPage({ searchParams }: Props) {
  const ctx = await adminContext('/admin/health');
  const [health, queues, workers, jobs, banks] = await Promise.all([
    getHealth(ctx),
    listQueues(ctx),
    listWorkers(ctx),
    listFailedJobs(ctx),
    listBankHealth(ctx),
  ]);
  const { job, refused } = await searchParams;
  const refusal =
    typeof job === 'string' && typeof refused === 'string' ? { jobId: job, message: refusalWords(refused) } : null;
  const now = ctx.clock.now();
  // The queue and its workers keep the database's time, which no demonstration moves.
  const machineNow = new Date();
  return (
    <>
      <PageHeader title="Health" lead="Whether everything runs that people rely on, and where it doesn’t." />
      <StatusRegion>{typeof job === 'string' ? <Answer refusal={refusal?.message ?? null} /> : null}</StatusRegion>
      <div className="space-y-10">
        <Summary health={health} queues={queues} workers={workers} banks={banks} now={now} />
        <Section
          id="failed"
          title="Failed jobs"
          lead="Given up after all their tries. Each can be done once more, safely."
        >
          <FailedJobs jobs={jobs} refused={refusal} now={machineNow} />
        </Section>
        <Section id="queues" title="Queues">
          <QueueTable queues={queues} />
        </Section>
        <Section id="workers" title="Workers">
          <WorkerTable workers={workers} now={machineNow} />
        </Section>
        <Section id="banks" title="Banks" lead="Those in trouble first.">
          <BankTable banks={banks} now={now} />
        </Section>
        <Section id="errors" title="What refreshes end with">
          <ErrorTable errors={health.errors} />
        </Section>
      </div>
    </>
  );
}

function Answer({ refusal }: { refusal: string | null }) {
  if (refusal !== null) {
    return (
      <Notice tone="danger" title="That was not done">
        {refusal}
      </Notice>
    );
  }
  return <Notice tone="good" title="The job is in its queue again, and is done within a minute." />;
}
