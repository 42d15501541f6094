import type { Settings } from '#lib/settings/settings';

export type RetentionRule = {
  table: string;
  /** Which rows may go, as SQL over the cutoff `$1`. Every condition has an index to find them by. */
  isOver: string;
  /** Days that a row is kept after the moment in `isOver`; null keeps it for ever. */
  days: (settings: Settings) => number | null;
  /** Sign-in and rate limits live on the machine's clock, which no demonstration moves. */
  clock: 'app' | 'machine';
};

const answers = ({ answerRetentionDays }: Settings) => answerRetentionDays;
const calls = ({ callRetentionDays }: Settings) => callRetentionDays;
const history = ({ historyRetentionDays }: Settings) => historyRetentionDays;
const days = (count: number) => () => count;

/**
 * What is let go of, and when. The audit is in no rule, and the database would refuse it. Calls stay at least a week (the
 * settings see to it), so that the four of a day are always counted in full; their figures by the hour outlive them.
 */
export const RETENTION_RULES: readonly RetentionRule[] = [
  { table: 'bank_answers', isOver: 'received_at < $1', days: answers, clock: 'app' },
  { table: 'set_aside_rows', isOver: 'seen_at < $1', days: answers, clock: 'app' },
  { table: 'truelayer_calls', isOver: 'started_at < $1', days: calls, clock: 'app' },
  { table: 'sync_runs', isOver: "started_at < $1 and outcome <> 'running'", days: calls, clock: 'app' },
  { table: 'sync_tasks', isOver: 'expires_at < $1 and finished_at is not null', days: calls, clock: 'app' },
  { table: 'attempts', isOver: 'created_at < $1 and finished_at is not null', days: history, clock: 'app' },
  { table: 'journey_steps', isOver: 'at < $1', days: history, clock: 'app' },
  { table: 'reminders', isOver: "consent_ends_at < $1 and state <> 'sending'", days: history, clock: 'app' },
  { table: 'support_grants', isOver: 'expires_at < $1', days: history, clock: 'app' },
  { table: 'call_figures', isOver: 'hour_at < $1', days: history, clock: 'app' },
  { table: 'undo_steps', isOver: 'created_at < $1', days: days(30), clock: 'app' },
  { table: 'sessions', isOver: 'expires_at < $1', days: days(0), clock: 'machine' },
  { table: 'sign_in_links', isOver: 'expires_at < $1', days: days(1), clock: 'machine' },
  { table: 'email_changes', isOver: 'expires_at < $1', days: days(1), clock: 'machine' },
  { table: 'rate_limits', isOver: 'resets_at < $1', days: days(0), clock: 'machine' },
];
