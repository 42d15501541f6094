import type { CallbackRefusal } from '#lib/truelayer/callback';

/** Why an attempt ended without a link. What people read is looked up by it; what each means: README.md of this folder. */
export const OUTCOME_CODES = [
  'cancelled_at_bank',
  'bank_trouble',
  'bank_unavailable',
  'truelayer_trouble',
  'our_configuration',
  'unknown_refusal',
  'no_answer',
  'code_refused',
  'exchange_lost',
  'exchange_refused',
  'truelayer_unreachable',
  'link_unavailable',
  'returned_too_late',
  'came_back_late',
  'interrupted',
  'interrupted_at_exchange',
  'never_returned',
  'superseded',
  'identity_unknown',
  'login_taken',
  'login_linked_apart',
  'stopped_meanwhile',
] as const;

export type OutcomeCode = (typeof OUTCOME_CODES)[number];

export const OUTCOME_OF_REFUSAL: Readonly<Record<CallbackRefusal, OutcomeCode>> = {
  cancelled: 'cancelled_at_bank',
  bank_trouble: 'bank_trouble',
  bank_unavailable: 'bank_unavailable',
  retry_later: 'truelayer_trouble',
  request: 'our_configuration',
  unknown: 'unknown_refusal',
};
