import type { NoticeTone } from '#components/ui/notice';
import type { Cause } from '#lib/admin/connection/diagnose';
import type { ConnectionFile } from '#lib/admin/connection/dto';
import { toDaysLeft } from '#lib/format/days-left';
import { toAgo } from '#lib/format/instant';
import { errorWords } from './error-codes.ts';

export type CauseWords = { tone: NoticeTone; title: string; why: string; next: string };

/** Why this person's bank does or doesn't update, and what to do: for somebody who has a minute. */
export function causeWords(file: ConnectionFile, now: Date): CauseWords {
  return CAUSES[file.cause](factsOf(file, now));
}

type Facts = { bank: string; code: string; ends: string; next: string; rest: string; free: string };

function factsOf(file: ConnectionFile, now: Date): Facts {
  const ago = (at: Date | null, otherwise: string) => (at === null ? otherwise : toAgo(at, now));
  const endsAt = file.clocks.consent.endsAt;
  return {
    bank: file.bank.name,
    code: file.causeCode === null ? 'no code' : `“${errorWords(file.causeCode)}” (${file.causeCode})`,
    ends: endsAt === null ? 'on a day that TrueLayer hasn’t named' : toDaysLeft(endsAt, now),
    next: ago(file.nextSyncAt, 'when the next plan is made'),
    rest: ago(file.bank.breakerOpenUntil, 'soon'),
    free: ago(file.calls.nextFreeAt, 'tomorrow'),
  };
}

const CAUSES: Readonly<Record<Cause, (facts: Facts) => CauseWords>> = {
  well: ({ next }) => ({
    tone: 'good',
    title: 'It updates',
    why: 'The last run brought everything that was asked for.',
    next: `Nothing is to be done. The next run is planned ${next}.`,
  }),
  well_after_trouble: ({ code, next }) => ({
    tone: 'good',
    title: 'It updates, and the last run met trouble',
    why: `The last run ended with ${code}. One such run means nothing; the data is younger than 48 hours.`,
    next: `Nothing is to be done. The next run is planned ${next}.`,
  }),
  well_until_tomorrow: ({ free }) => ({
    tone: 'note',
    title: 'It updates, and today’s calls are used up',
    why: 'Four background calls in 24 hours are all that a bank allows for an account.',
    next: `The next background call is free ${free}. The person can refresh at any time themselves.`,
  }),
  renewal_pending: () => ({
    tone: 'good',
    title: 'It updates, and was renewed just now',
    why: 'TrueLayer accepted the renewal and still names the old end. That may last a day.',
    next: 'Nothing is to be done. If the old end is still there after two days, re-read the consent.',
  }),
  ends_soon: ({ ends }) => ({
    tone: 'caution',
    title: `It updates, and its consent ends ${ends}`,
    why: 'The person hasn’t yet said whether they want to go on sharing.',
    next: 'Reminders go out by themselves. If the person says that none came, resend it.',
  }),
  first_fetch: () => ({
    tone: 'note',
    title: 'It is fetching for the first time',
    why: 'It was linked, and no data has come yet.',
    next: 'Wait a few minutes. If it stays so, look at the workers on the health page.',
  }),
  bank_left_alone: ({ bank, rest }) => ({
    tone: 'caution',
    title: `${bank} fails everybody and is left alone for now`,
    why: 'Runs for several people failed there one after another, so all of them wait.',
    next: `One connection tries again ${rest}. There is nothing to do for this person; tell them that it is their bank.`,
  }),
  bank_trouble: ({ bank, code, next }) => ({
    tone: 'caution',
    title: `${bank} doesn’t answer`,
    why: `The last runs ended with ${code}. That is at the bank, and usually passes within hours.`,
    next: `The next run is planned ${next}. If it lasts for more than a day, send TrueLayer the support bundle.`,
  }),
  bank_limit: ({ bank, free }) => ({
    tone: 'caution',
    title: `${bank} allows no more calls for now`,
    why: 'The day’s background calls are spent, or the bank throttles.',
    next: `The next background call is free ${free}. The person can refresh at any time themselves.`,
  }),
  person_at_bank: ({ bank, code }) => ({
    tone: 'danger',
    title: `${bank} wants something from the person`,
    why: `The last run ended with ${code}.`,
    next: 'Ask the person to log in at their bank’s own site first, and then mark this connection for a new login.',
  }),
  our_client: ({ code }) => ({
    tone: 'danger',
    title: 'TrueLayer doesn’t accept our client',
    why: `The last run ended with ${code}. Every connection is affected.`,
    next: 'Look at the client id and secret under Settings, and at the permissions of the client in TrueLayer’s Console.',
  }),
  our_request: ({ code }) => ({
    tone: 'danger',
    title: 'Something that we send, or can’t read, is wrong',
    why: `The last run ended with ${code}. Trying again won’t change it.`,
    next: 'Give the correlation ids below to an engineer, and send TrueLayer the support bundle.',
  }),
  truelayer_trouble: ({ code, next }) => ({
    tone: 'caution',
    title: 'The last runs brought nothing',
    why: `The last one ended with ${code}.`,
    next: `The next run is planned ${next}. If it goes on, send TrueLayer the support bundle.`,
  }),
  nothing_asked: () => ({
    tone: 'danger',
    title: 'Nobody has asked the bank for too long',
    why: 'No run failed; the planned ones weren’t made. That is on our side.',
    next: 'Look at the workers and the queues on the health page. Once they work, it goes on by itself; “Refresh now” is quicker.',
  }),
  login_needed: ({ bank, code }) => ({
    tone: 'danger',
    title: 'The person has to log in at the bank again',
    why: `TrueLayer refused the grant with ${code}. Nothing that we do can bring it back.`,
    next: `The person sees it on their page, with the way to ${bank}. If they say that none came, resend the mail.`,
  }),
  marked_by_team: ({ bank }) => ({
    tone: 'danger',
    title: 'The team asked the person to log in at the bank again',
    why: 'Somebody marked it, so no job calls the bank. Who, when and why is in the timeline.',
    next: `It goes on as soon as the person has been to ${bank}.`,
  }),
  consent_ended: ({ ends }) => ({
    tone: 'caution',
    title: `The consent ${ends === 'ended today' || ends.startsWith('ended') ? ends : 'has ended'}`,
    why: 'That isn’t an error: without consent nothing is fetched in the background.',
    next: 'The person can renew it on their page of this connection. What was fetched is still there.',
  }),
  stopping: () => ({
    tone: 'note',
    title: 'It is being revoked',
    why: 'Nothing is fetched any more, and TrueLayer is being told.',
    next: 'A job goes on until TrueLayer has confirmed. If it takes more than an hour, look at the failed jobs.',
  }),
  stopped: () => ({
    tone: 'note',
    title: 'It was revoked',
    why: 'The person or the team took the permission back. Who, when and why is in the timeline.',
    next: 'Nothing leads back. The person can link the bank anew.',
  }),
  replaced: ({ bank }) => ({
    tone: 'note',
    title: 'A newer connection took its place',
    why: `The person linked the same login at ${bank} again, and the accounts went over.`,
    next: 'Look at the newer connection instead.',
  }),
  never_linked: () => ({
    tone: 'note',
    title: 'It never linked',
    why: 'The trip to the bank began and brought no usable permission.',
    next: 'The timeline says how it ended. The person can try again.',
  }),
};
