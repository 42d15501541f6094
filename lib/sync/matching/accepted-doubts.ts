import type { ResourceRecord } from '#lib/sync/resource';
import { DAY_MS, msBetween } from '#lib/time/span';
import type { Doubt } from './decide-changes.ts';

/**
 * How long a bank has to repeat an answer that is not believed until it is. An outage that answers with nothing may last days,
 * and rows booked meanwhile would be lost once its days counted as covered; an answer with rows proves that the bank works.
 */
const ACCEPTED_AFTER_DAYS = { empty: 14, most_rows_missing: 3, too_many_to_compare: null } satisfies Record<
  Doubt,
  number | null
>;

/**
 * The doubts that no longer stand against an answer for an account's transactions: its last answer was not believed either, and
 * the last one that was is so old. Without this an account whose bank really removed rows would never be up to date again.
 * @param doubtedCode the code under which an answer that is not believed is recorded.
 */
export function acceptedDoubts(record: ResourceRecord | undefined, doubtedCode: string, now: Date): Doubt[] {
  if (record?.code !== doubtedCode || record.lastOkAt === null) return [];
  const sinceBelievedMs = msBetween(record.lastOkAt, now);
  return (['empty', 'most_rows_missing'] as const).filter(
    (doubt) => sinceBelievedMs >= ACCEPTED_AFTER_DAYS[doubt] * DAY_MS,
  );
}
