import type { Step } from '#lib/admin/funnel/get-funnel';
import { ownValue } from '#lib/format/own-value';

export const STEP_WORDS: Readonly<Record<Step, string>> = {
  banks_viewed: 'Looked at the banks',
  permissions_viewed: 'Read what is asked for',
  redirected: 'Went to the bank',
  returned: 'Came back',
  tokens: 'Gave us access',
  first_data: 'Saw their first data',
};

/** What the time before a step is spent with. */
export const MEDIAN_WORDS: Readonly<Partial<Record<Step, string>>> = {
  redirected: 'reading',
  returned: 'at the bank',
  tokens: 'exchanging the code',
  first_data: 'fetching',
};

export const DEVICE_WORDS: Readonly<Record<string, string>> = {
  phone: 'Phone',
  tablet: 'Tablet',
  desktop: 'Computer',
  other: 'Something else',
};

export const FLOW_WORDS: Readonly<Record<string, string>> = {
  direct: 'Straight to the bank',
  bank_selection: 'Bank here, permissions at TrueLayer',
  dialog: 'TrueLayer’s dialog',
};

export const PURPOSE_WORDS: Readonly<Record<string, string>> = {
  connect: 'Link a bank',
  reauthenticate: 'Log in again',
  extend: 'Reconfirm',
  change: 'Change what is shared',
};

export function lossWords(outcome: string): string {
  return ownValue(LOSSES, outcome) ?? outcome.replaceAll('_', ' ');
}

const LOSSES: Readonly<Record<string, string>> = {
  cancelled_at_bank: 'Said no at the bank',
  bank_trouble: 'The bank couldn’t finish it',
  bank_unavailable: 'The bank was down',
  truelayer_trouble: 'TrueLayer had a problem',
  our_configuration: 'Our client isn’t set up for it',
  unknown_refusal: 'Refused without a reason that we know',
  no_answer: 'Came back without an answer',
  code_refused: 'The code was no longer good',
  exchange_lost: 'The exchange was lost on the line',
  exchange_refused: 'TrueLayer couldn’t finish the exchange',
  truelayer_unreachable: 'TrueLayer couldn’t be reached',
  link_unavailable: 'No way to the bank was to be had',
  returned_too_late: 'Came back after the code had lapsed',
  came_back_late: 'Came back after half an hour',
  interrupted: 'We were interrupted',
  interrupted_at_exchange: 'Interrupted at the exchange of the code',
  never_returned: 'Never came back',
  superseded: 'Went on in another window',
  identity_unknown: 'The bank wasn’t named',
  login_taken: 'The login is linked under another account',
  login_linked_apart: 'The login is another connection of the same person',
  expired: 'Never came back',
};
