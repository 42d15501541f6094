import { Notice } from '#components/ui/notice';
import { Panel } from '#components/ui/panel';
import { StatusBadge } from '#components/ui/status-badge';
import type { Tone } from '#components/ui/tone';
import { type CheckFinding, checkTrueLayer } from '#lib/admin/settings/check-truelayer';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';

/** Streamed: TrueLayer and the mail server may take seconds to answer. */
export async function LiveCheck({ ctx }: { ctx: Context }) {
  const check = await checkTrueLayer(ctx).catch(toRefusal);
  if (check.outcome !== 'checked')
    return (
      <div className="mt-5">
        <Notice {...NOTICES[check.outcome]} role="status" />
      </div>
    );
  const faults = check.findings.filter(({ verdict }) => verdict !== 'good').length;
  return (
    <div className="mt-5">
      <Panel labelledBy="check-title">
        <h3 id="check-title" className="mb-3 font-semibold text-lg">
          {faults === 0 ? 'Everything works' : `${faults} of ${check.findings.length} need attention`}
        </h3>
        <ul className="divide-y divide-line">
          {check.findings.map(({ verdict, about, words }) => (
            <li key={`${about} ${words}`} className="flex flex-col gap-2 py-3 sm:flex-row sm:gap-4">
              <span className="shrink-0 sm:w-32">
                <StatusBadge {...VERDICTS[verdict]} />
              </span>
              <span className="min-w-0 break-words">{words}</span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function toRefusal(error: unknown): { outcome: 'too_often' } {
  if (error instanceof AppError && error.kind === 'rate_limited') return { outcome: 'too_often' };
  throw error;
}

const VERDICTS: Record<CheckFinding['verdict'], { tone: Tone; words: string }> = {
  good: { tone: 'good', words: 'Works' },
  warning: { tone: 'caution', words: 'Check' },
  bad: { tone: 'danger', words: 'Fault' },
};

const NOTICES = {
  timed_out: {
    tone: 'caution',
    title: 'The check took too long',
    children: 'TrueLayer or the mail server did not answer in time. Try again, or run npm run doctor.',
  },
  failed: {
    tone: 'danger',
    title: 'The check could not be completed',
    children: 'The logs of the web process say why. Try again, or run npm run doctor.',
  },
  too_often: { tone: 'caution', title: 'You have checked often in the past hour', children: 'Try again later.' },
} as const;
