import { ownValue } from '#lib/format/own-value';
/** Why an action of the team's was not done. */
export function refusalWords(code: string): string {
  return ownValue(WORDS, code) ?? 'That could not be done just now. Look at the state above, and try again.';
}

const WORDS: Readonly<Record<string, string>> = {
  reason_too_short: 'Say why in at least ten letters.',
  reason_too_long: 'Say why in at most 500 letters.',
  sync_not_allowed: 'In its present state no job may call the bank for this connection.',
  job_not_failed: 'This job isn’t failed any more: somebody was quicker.',
  job_person_unknown: 'What this job was about has been deleted, so there is nothing left to do again.',
  job_not_found: 'There is no such job any more.',
  not_in_use: 'This connection isn’t in use any more, so there is nothing to mark.',
  budget_exhausted: 'The day’s four background calls are used up. The person can still refresh themselves.',
  already_stopped: 'It has been revoked, or is being revoked, already.',
  connection_not_found: 'This connection is gone.',
  nothing_to_remind_of: 'There is no end to remind of: it is over, renewed already, or not known.',
  reminders_unwanted: 'This person has said that they want no reminders.',
  reminded_today: 'A reminder has gone out today already, or is about to.',
  no_grant: 'You have no leave to see these transactions, or it has run out.',
  hours_invalid: 'Choose one of the three spans.',
  grant_open: 'You have leave already.',
  too_many_requests: 'That was done very often within the hour. Try again later.',
};
