import { type Stat, StatList } from '#components/ui/stat-list';
import type { Health } from '#lib/admin/health/get-health';
import type { BankHealthLine } from '#lib/admin/health/list-banks';
import type { QueueLine, WorkerLine } from '#lib/admin/health/list-queues';
import { formatCount, toCount, toPercent } from '#lib/format/count';
import { toShortDuration } from '#lib/format/duration';
import { toFileSize } from '#lib/format/file-size';

type SummaryProps = {
  health: Health;
  queues: readonly QueueLine[];
  workers: readonly WorkerLine[];
  banks: readonly BankHealthLine[];
  now: Date;
};

/** Each figure with a word for whether it is as it should be. */
export function Summary({ health, queues, workers, banks, now }: SummaryProps) {
  return (
    <div className="space-y-4">
      <StatList label="What everything stands on" stats={machineStats(health, queues, workers)} />
      <StatList label="What came of it in 24 hours" stats={outcomeStats(health, banks, now)} />
    </div>
  );
}

/** A queue whose oldest job has waited for longer than this isn't being worked off. */
const SLOW_SECONDS = 300;

function machineStats(health: Health, queues: readonly QueueLine[], workers: readonly WorkerLine[]): Stat[] {
  const { database, readiness, keyRing } = health;
  const oldest = Math.max(0, ...queues.map((queue) => queue.oldestSeconds ?? 0));
  const failed = queues.reduce((sum, queue) => sum + queue.failed, 0);
  const alive = workers.filter((worker) => worker.isAlive).length;
  return [
    {
      label: 'Database',
      value: toFileSize(database.bytes),
      note: `PostgreSQL ${database.version}, ${database.connections} of ${database.mostConnections} connections`,
      state: wordFor(readiness.checks.database === 'ok', 'Answers', 'Doesn’t answer'),
    },
    {
      label: 'Migrations',
      value: readiness.checks.migrations === 'ok' ? 'All made' : 'Missing',
      state: wordFor(readiness.checks.migrations === 'ok', 'Up to date', 'Run npm run migrate'),
    },
    { label: 'Workers', value: alive, state: wordFor(alive > 0, 'Alive', 'None is alive') },
    {
      label: 'Oldest waiting job',
      value: oldest === 0 ? 'None waits' : toShortDuration(oldest * 1000),
      state: wordFor(oldest < SLOW_SECONDS, 'Worked off', 'Piling up'),
    },
    {
      label: 'Failed jobs',
      value: formatCount(failed),
      state: wordFor(failed === 0, 'None', 'Look at them', 'caution'),
    },
    {
      label: 'Key ring',
      value: toCount(keyRing.kids.length, 'key'),
      note: `${keyRing.sealingKid} seals; it sealed ${toPercent(keyRing.current, keyRing.looked)} of the newest values. It has sealed at most ${formatCount(keyRing.seals)} values, ${toPercent(keyRing.seals, keyRing.maxSeals)} of what one key may seal`,
      state: keyRingState(keyRing),
    },
  ];
}

function keyRingState({ missing, isWearingOut }: Health['keyRing']): Stat['state'] {
  if (missing.length > 0) return wordFor(false, '', `Without ${missing.join(', ')}, values can’t be opened`);
  return wordFor(!isWearingOut, 'Complete', 'Rotate the sealing key soon', 'caution');
}

function outcomeStats(health: Health, banks: readonly BankHealthLine[], now: Date): Stat[] {
  const { calls, quota, webhooks, mails, counts } = health;
  const resting = banks.filter((bank) => bank.breakerOpenUntil !== null && bank.breakerOpenUntil > now).length;
  const inUse = counts.active + counts.degraded + counts.needs_reconfirmation + counts.pending;
  const heard = webhooks.heard + webhooks.unheard;
  return [
    {
      label: 'Not updating',
      value: `${formatCount(counts.degraded)} of ${formatCount(inUse)}`,
      href: '/admin/connections?state=degraded',
      state: wordFor(counts.degraded * 20 <= inUse, 'Few', 'Many', 'caution'),
    },
    {
      label: 'Banks left alone',
      value: resting,
      state: wordFor(resting === 0, 'None', 'They fail everybody', 'caution'),
    },
    {
      label: 'Background calls',
      value: formatCount(calls.unattended),
      note: `${toPercent(quota.used, quota.allowed)} of what banks allow a day is used`,
    },
    {
      label: 'Calls that failed',
      value: toPercent(calls.failed, calls.attended + calls.unattended),
      note: `${formatCount(calls.failed)} of ${formatCount(calls.attended + calls.unattended)}`,
      state: wordFor(calls.failed * 10 <= calls.attended + calls.unattended, 'Few', 'Many', 'caution'),
    },
    {
      label: 'Webhooks heard',
      value: heard === 0 ? 'None expected' : `${formatCount(webhooks.heard)} of ${formatCount(heard)}`,
      note:
        webhooks.slowestSeconds === null
          ? undefined
          : `The slowest was worked off in ${toShortDuration(webhooks.slowestSeconds * 1000)}`,
      state: wordFor(
        webhooks.lost === 0,
        'No task was lost',
        `${toCount(webhooks.lost, 'task')} never came back`,
        'caution',
      ),
    },
    {
      label: 'Consents without tokens',
      value: formatCount(health.unknownConsents),
      note: 'In 30 days. A bank may list them; the users are told how to remove them',
      href: '/admin/audit?action=consent.unknown',
      state: wordFor(health.unknownConsents === 0, 'None', 'Look at the audit', 'caution'),
    },
    {
      label: 'Direct links refused',
      value: formatCount(health.directLinksRefused),
      note: 'Banks. Run the doctor for the answers of TrueLayer',
      state: wordFor(health.directLinksRefused === 0, 'None', 'The auth link is used', 'caution'),
    },
    {
      label: 'Mails',
      value: `${formatCount(mails.sent)} sent`,
      note: mails.due === 0 ? undefined : `${formatCount(mails.due)} due and not sent yet`,
      state: wordFor(mails.failed === 0, 'None failed', `${formatCount(mails.failed)} failed`),
    },
  ];
}

function wordFor(isFine: boolean, fine: string, wrong: string, tone: 'danger' | 'caution' = 'danger'): Stat['state'] {
  return isFine ? { tone: 'good', words: fine } : { tone, words: wrong };
}
