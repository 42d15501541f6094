import { toCount, toList } from '#lib/format/count';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { daysLeft, type ExpiryUrgency, expiryUrgency } from '#lib/format/days-left';
import { toTime } from '#lib/format/instant';

export type EndingConsent = { bankName: string; until: Date };
export type ExpiryWords = { urgency: Exclude<ExpiryUrgency, 'none'>; title: string; detail: string; action: string };

/** What a banner says about the consents that end soon. The first to end sets the tone; null when there is nothing to say. */
export function toExpiryWords(consents: readonly EndingConsent[], now: Date): ExpiryWords | null {
  const ending = consents.filter((consent) => expiryUrgency(consent.until, now) !== 'none');
  const first = ending.toSorted((left, right) => left.until.getTime() - right.until.getTime())[0];
  if (first === undefined) return null;
  const urgency = expiryUrgency(first.until, now);
  if (urgency === 'none') return null;
  const ended = ending.filter((consent) => consent.until <= now);
  const names = toBankNames(urgency === 'ended' ? ended : ending);
  return { urgency, ...WORDS[urgency](names, first.until, now), action: toAction(urgency, ending.length) };
}

type Sentence = { title: string; detail: string };

const CARRIES_ON = 'After that nothing new is fetched; what is here stays.';

const WORDS: Record<ExpiryWords['urgency'], (names: string, until: Date, now: Date) => Sentence> = {
  fortnight: (names, until, now) => ({
    title: `Sharing with ${names} ends in ${toCount(daysLeft(until, now), 'day')}`,
    detail: `On ${toFullDay(toLondonDay(until))}. Keep it going now and nothing is interrupted.`,
  }),
  week: (names, until, now) => ({
    title: `One week or less: sharing with ${names} ends in ${toCount(daysLeft(until, now), 'day')}`,
    detail: `On ${toFullDay(toLondonDay(until))}. ${CARRIES_ON}`,
  }),
  days: (names, until, now) => ({
    title: `Only ${toCount(daysLeft(until, now), 'day')} left of sharing with ${names}`,
    detail: `It ends on ${toFullDay(toLondonDay(until))}. ${CARRIES_ON}`,
  }),
  tomorrow: (names, until) => ({
    title: `Sharing with ${names} ends tomorrow`,
    detail: `At ${toTime(until)}. ${CARRIES_ON}`,
  }),
  today: (names, until) => ({
    title: `Last day: sharing with ${names} ends today at ${toTime(until)}`,
    detail: CARRIES_ON,
  }),
  ended: (names) => ({
    title: `Sharing with ${names} has ended`,
    detail: 'Nothing new is fetched, and what is here stays. You can share again whenever you like.',
  }),
};

function toBankNames(consents: readonly EndingConsent[]): string {
  const names = [...new Set(consents.map((consent) => consent.bankName))];
  if (names.length <= 3) return toList(names);
  return toList([...names.slice(0, 2), toCount(names.length - 2, 'other bank')]);
}

function toAction(urgency: ExpiryWords['urgency'], count: number): string {
  if (urgency === 'ended') return 'Share again';
  return count === 1 ? 'Keep sharing' : 'See which, and keep sharing';
}
