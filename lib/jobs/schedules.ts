import type { JobName } from '#lib/queue/contract';

type Schedule = { name: JobName; cron: string };

/** By the queue's own clock, once each however many workers run. Staggered, so that no minute has them all. */
export const SCHEDULES: readonly Schedule[] = [
  { name: 'connections.dispatch', cron: '* * * * *' },
  { name: 'tasks.sweep', cron: '* * * * *' },
  { name: 'reminders.send', cron: '* * * * *' },
  { name: 'stops.sweep', cron: '* * * * *' },
  { name: 'attempts.expire', cron: '* * * * *' },
  { name: 'figures.fold', cron: '* * * * *' },
  { name: 'connections.review', cron: '*/5 * * * *' },
  { name: 'tokens.sweep', cron: '41 * * * *' },
  { name: 'banks.measure', cron: '3-59/5 * * * *' },
  { name: 'reasons.seal', cron: '4-59/5 * * * *' },
  { name: 'retention.sweep', cron: '53 * * * *' },
  { name: 'banks.refresh', cron: '17 * * * *' },
];
