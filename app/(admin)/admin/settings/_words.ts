import { ownValue } from '#lib/format/own-value';
import { refusalWords } from '../../_words/refusals.ts';

export type Problem = { fieldId: string; message: string };

/** Which field of a form a refusal is about, and what is said there. */
export function settingsProblem(form: 'client' | 'settings', code: string): Problem {
  if (code.startsWith('reason_')) return { fieldId: `${form}-reason`, message: refusalWords(code) };
  const firstFieldId = form === 'client' ? 'client-id' : 'flow';
  return ownValue(WORDS, code) ?? { fieldId: firstFieldId, message: 'That could not be saved just now. Try again.' };
}

const WORDS: Readonly<Record<string, Problem>> = {
  client_malformed: {
    fieldId: 'client-id',
    message: 'Enter the client id and the secret as TrueLayer’s Console shows them.',
  },
  client_refused: {
    fieldId: 'client-secret',
    message: 'TrueLayer doesn’t know this pair, so nothing was stored. Copy both from the Console once more.',
  },
  client_of_other_environment: {
    fieldId: 'client-id',
    message: 'This id is of TrueLayer’s other environment. Sandbox ids begin with “sandbox-”, live ones don’t.',
  },
  client_not_checked: {
    fieldId: 'client-id',
    message: 'TrueLayer couldn’t be asked just now, so nothing was stored. Try again in a minute.',
  },
  too_many_requests: { fieldId: 'client-id', message: 'That was tried very often. Try again in an hour.' },
  flow_invalid: { fieldId: 'flow', message: 'Choose one of the three ways.' },
  direct_not_approved: {
    fieldId: 'flow',
    message: 'Going straight to the bank needs TrueLayer’s approval of our consent screens first.',
  },
  providers_invalid: {
    fieldId: 'providers',
    message: 'Name at least one bank or group, like uk-ob-all, in small letters, digits and hyphens.',
  },
  permissions_invalid: {
    fieldId: 'permission-accounts',
    message: 'Ask for accounts or cards, and for nothing that needs one of them without it.',
  },
  reminder_days_invalid: { fieldId: 'reminder-days', message: 'Name one to ten days between 0 and 60.' },
  answer_retention_days_invalid: { fieldId: 'answer-days', message: 'Name a number of days from 0 to 400.' },
  call_retention_days_invalid: { fieldId: 'call-days', message: 'Name a number of days from 7 to 800.' },
  history_retention_days_invalid: { fieldId: 'history-days', message: 'Name a number of days from 30 to 3650.' },
};
