import { DateText } from '#components/ui/date-text';
import { Disclosure } from '#components/ui/disclosure';
import { Panel } from '#components/ui/panel';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import { TextLink } from '#components/ui/text-link';
import type { FailedJob } from '#lib/admin/health/list-queues';
import { toCount } from '#lib/format/count';
import { errorAdvice, errorWords } from '../../_words/error-codes.ts';
import { retryJobAction } from './_actions.ts';

type FailedJobsProps = {
  jobs: readonly FailedJob[];
  refused: { jobId: string; message: string } | null;
  now: Date;
};

/** What was given up, why, and a way to do it once more. `now` is the machine's own: the queue knows no other clock. */
export function FailedJobs({ jobs, refused, now }: FailedJobsProps) {
  if (jobs.length === 0) return <p className="text-soft">No job has failed in the last three days.</p>;
  return (
    <Panel>
      <ul className="-my-3 divide-y divide-line">
        {jobs.map((job) => (
          <li key={job.id}>
            <Disclosure
              look="row"
              isOpen={refused?.jobId === job.id}
              summary={
                <span className="flex flex-wrap items-baseline justify-between gap-x-4">
                  <span>
                    {job.name}
                    <span className="font-normal text-soft">
                      {' '}
                      {job.code === null ? 'ended without a code' : errorWords(job.code)}
                    </span>
                  </span>
                  <span className="font-normal text-sm text-soft">
                    <DateText at={job.failedAt} now={now} />
                  </span>
                </span>
              }
            >
              <JobForm job={job} error={refused?.jobId === job.id ? refused.message : undefined} />
            </Disclosure>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function JobForm({ job, error }: { job: FailedJob; error: string | undefined }) {
  const advice = job.code === null ? null : errorAdvice(job.code);
  return (
    <form action={retryJobAction.bind(null, job.name, job.id)} className="max-w-prose space-y-4">
      <p className="text-soft">
        {`Tried ${toCount(job.tries, 'time')}. `}
        {advice ?? 'What went wrong is in the worker’s log under this job’s id.'}
      </p>
      <p className="text-sm">
        <span className="text-soft">Job </span>
        <code className="select-all break-all font-mono">{job.id}</code>
        {job.connectionId === null ? null : (
          <>
            {' · '}
            <TextLink href={`/admin/connections/${job.connectionId}`}>Its connection</TextLink>
          </>
        )}
      </p>
      <TextInput
        id={`reason-${job.id}`}
        name="reason"
        label="Reason"
        hint="Goes on record beside your name, until the user that it is about deletes their account. At least ten letters."
        error={error}
        isRequired
        maxLength={500}
      />
      <SubmitButton pendingLabel="Working…" size="sm">
        Try it again
      </SubmitButton>
    </form>
  );
}
