import type { NoticeTone } from '#components/ui/notice';
import type { CurrentFault } from '#lib/connections/faults/fault';
import { toList } from '#lib/format/count';
import { ownValue } from '#lib/format/own-value';
import type { TrueLayerErrorKind } from '#lib/truelayer/error-codes';

export type FaultWords = {
  tone: NoticeTone;
  /** The state in two or three words. */
  badge: string;
  title: string;
  text: string;
  /** What else the user can do. Where it is nothing, the text says so. */
  action: { href: string; label: string } | null;
};

type Copy = Omit<FaultWords, 'action'>;
type Facts = { bank: string; isWhole: boolean };

/** What a fault means for the user and the one thing to do about it. The time of the next try stands beside it. */
export function faultWords(
  fault: CurrentFault,
  { connectionId, bankName }: { connectionId: string; bankName: string },
): FaultWords {
  const facts = { bank: bankName, isWhole: fault.scope === 'connection' };
  const copy = (ownValue(BY_CODE, fault.code) ?? BY_KIND[fault.kind])(facts);
  const login = { href: `/connections/${connectionId}/reconfirm`, label: `Log in to ${bankName} again` };
  return { ...copy, action: fault.nextStep === 'log_in' ? login : null };
}

/** The kinds of data that are missing: `balance and transactions`. Null when it is all of them. */
export function faultResources({ resources, scope }: CurrentFault): string | null {
  const names = resources.flatMap((resource) => RESOURCES[resource] ?? []);
  const isAll = scope === 'connection' && resources.some((resource) => resource === 'accounts');
  return names.length === 0 || isAll ? null : toList(names);
}

const RESOURCES: Readonly<Record<string, string>> = {
  accounts: 'accounts',
  cards: 'cards',
  info: 'account holder details',
  balance: 'balance',
  transactions: 'transactions',
  pending: 'pending transactions',
  direct_debits: 'Direct Debits',
  standing_orders: 'standing orders',
};

const NOTHING_TO_DO = 'You do not need to do anything.';

const loginNeeded = ({ bank }: Facts): Copy => ({
  tone: 'danger',
  badge: 'Log in again',
  title: `Log in to ${bank} again`,
  text: `${bank} no longer accepts the access that you gave us. Your accounts and history are kept.`,
});

const BY_KIND: Readonly<Record<TrueLayerErrorKind, (facts: Facts) => Copy>> = {
  reconnect: loginNeeded,
  token_expired: loginNeeded,
  needs_recent_sign_in: ({ bank }) => ({
    tone: 'caution',
    badge: 'Log in again',
    title: `${bank} needs you to log in again`,
    text: `${bank} shares this only in the minutes after you log in.`,
  }),
  denied: ({ bank, isWhole }) =>
    isWhole
      ? {
          tone: 'danger',
          badge: 'Access refused',
          title: `${bank} refused access to your accounts`,
          text: 'The permission may have been changed or removed at the bank. Log in again to choose what to share.',
        }
      : {
          tone: 'note',
          badge: 'Not shared',
          title: `${bank} does not share some of this account’s data`,
          text: `The bank refuses it for this account. ${NOTHING_TO_DO}`,
        },
  not_supported: ({ bank, isWhole }) => ({
    tone: 'note',
    badge: 'Not available',
    title: isWhole ? `${bank} does not share any accounts` : `${bank} does not offer some of this account’s data`,
    text: isWhole
      ? 'The bank does not offer accounts or cards of this kind. Stop sharing, or link another bank.'
      : NOTHING_TO_DO,
  }),
  not_found: ({ bank }) => ({
    tone: 'caution',
    badge: 'Account not found',
    title: `${bank} no longer recognises an account`,
    text: 'It may have been closed or replaced. Log in again to update your list of accounts.',
  }),
  bank_trouble: ({ bank }) => ({
    tone: 'caution',
    badge: 'Bank not available',
    title: `${bank} is not available`,
    text: `There is a problem at the bank. ${NOTHING_TO_DO}`,
  }),
  bank_limit_short: ({ bank }) => ({
    tone: 'caution',
    badge: 'Waiting for the bank',
    title: `${bank} is limiting requests`,
    text: `The bank is receiving too many requests at the moment. ${NOTHING_TO_DO}`,
  }),
  bank_limit_daily: ({ bank }) => ({
    tone: 'caution',
    badge: 'Daily limit reached',
    title: `Today’s automatic updates from ${bank} are used up`,
    text: `A bank answers 4 automatic requests a day for each account. You can still refresh an account yourself. ${NOTHING_TO_DO}`,
  }),
  retry_later: ({ bank }) => ({
    tone: 'caution',
    badge: 'Technical problem',
    title: `A technical problem stopped us reaching ${bank}`,
    text: `The problem is not at your bank or with your account. ${NOTHING_TO_DO}`,
  }),
  config: () => ({
    tone: 'caution',
    badge: 'Problem on our side',
    title: 'We are not set up correctly',
    text: `This is our mistake, and we have been told about it. ${NOTHING_TO_DO}`,
  }),
  request: ({ bank }) => ({
    tone: 'caution',
    badge: 'Problem on our side',
    title: `Our request to ${bank} was not accepted`,
    text: `This is our mistake, and we have been told about it. ${NOTHING_TO_DO}`,
  }),
  person_at_bank: ({ bank }) => ({
    tone: 'danger',
    badge: 'Contact your bank',
    title: `${bank} needs to speak to you`,
    text: 'Contact your bank and ask about access to your account.',
  }),
  unknown: ({ bank }) => ({
    tone: 'caution',
    badge: 'Not updated',
    title: `We could not read the answer from ${bank}`,
    text: `It was not an answer that we know, and we have been told about it. ${NOTHING_TO_DO}`,
  }),
};

const tooSlow = ({ bank }: Facts): Copy => ({
  tone: 'caution',
  badge: 'Bank not responding',
  title: `${bank} took too long to respond`,
  text: NOTHING_TO_DO,
});

const trueLayerFault = (): Copy => ({
  tone: 'caution',
  badge: 'Technical problem',
  title: 'TrueLayer has a technical problem',
  text: `TrueLayer connects us to your bank. ${NOTHING_TO_DO}`,
});

const interrupted = (): Copy => ({
  tone: 'caution',
  badge: 'Interrupted',
  title: 'Our last update was interrupted',
  text: NOTHING_TO_DO,
});

/** Where a code says more than its kind. */
const BY_CODE: Readonly<Record<string, (facts: Facts) => Copy>> = {
  account_permanently_locked: ({ bank }) => ({
    tone: 'danger',
    badge: 'Locked by the bank',
    title: `${bank} has locked your account`,
    text: 'Contact your bank to unlock it.',
  }),
  account_temporarily_locked: ({ bank }) => ({
    tone: 'caution',
    badge: 'Locked for now',
    title: `${bank} has locked your account for now`,
    text: `Most banks unlock it after some time. ${NOTHING_TO_DO}`,
  }),
  user_input_required: ({ bank }) => ({
    tone: 'danger',
    badge: 'Action needed at the bank',
    title: `${bank} needs something from you`,
    text: 'Log in to your bank’s own app or website and do what it asks.',
  }),
  wrong_credentials: ({ bank }) => ({
    tone: 'danger',
    badge: 'Log in again',
    title: `${bank} did not accept your login details`,
    text: 'They may have changed. Log in again to go on.',
  }),
  deprecated_provider: ({ bank }) => ({
    tone: 'danger',
    badge: 'Log in again',
    title: `${bank} has changed how it connects`,
    text: 'The old connection no longer works. Log in again to use the new one. Your accounts and history are kept.',
  }),
  marked_by_team: ({ bank }) => ({
    tone: 'danger',
    badge: 'Log in again',
    title: `Log in to ${bank} again`,
    text: 'Our support team asked for this to get your updates working. Your accounts and history are kept.',
  }),
  provider_error: ({ bank }) => ({
    tone: 'caution',
    badge: 'Bank not available',
    title: `${bank} is not available`,
    text: `The bank has a problem or is down for maintenance. ${NOTHING_TO_DO}`,
  }),
  connector_overload: trueLayerFault,
  connector_timeout: tooSlow,
  provider_timeout: tooSlow,
  timeout: tooSlow,
  task_timed_out: tooSlow,
  internal_error: trueLayerFault,
  internal_server_error: trueLayerFault,
  server_error: trueLayerFault,
  invalid_date_range: ({ bank }) => ({
    tone: 'caution',
    badge: 'Not updated',
    title: `${bank} refused the dates that we asked for`,
    text: NOTHING_TO_DO,
  }),
  list_empty: ({ bank }) => ({
    tone: 'caution',
    badge: 'No accounts listed',
    title: `${bank} listed no accounts`,
    text: `This is usually a mistake at the bank. We kept your accounts. ${NOTHING_TO_DO}`,
  }),
  interrupted,
  stopped: interrupted,
};
