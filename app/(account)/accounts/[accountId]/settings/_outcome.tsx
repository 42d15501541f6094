import { Notice } from '#components/ui/notice';
import { ownValue } from '#lib/format/own-value';

/** What became of the change that was just made. */
export function Outcome({ did, problem }: { did: string | null; problem: string | null }) {
  if (problem !== null)
    return <Notice tone="caution" role="alert" title={ownValue(PROBLEMS, problem) ?? OTHER_PROBLEM} />;
  const title = did === null ? undefined : ownValue(DONE, did);
  return title === undefined ? null : <Notice tone="good" role="status" title={title} />;
}

const DONE: Readonly<Record<string, string>> = {
  renamed: 'The account has your name for it now',
  name_reset: 'The account has your bank’s name for it again',
  hidden: 'The account is hidden and not in the totals',
  shown: 'The account is in your lists and totals again',
  stopped: 'We no longer ask your bank about this account',
  resumed: 'The account is synced again with the next update',
  joined: 'The two are shown as one account',
  separated: 'They are two accounts again, each with its own history',
};

const PROBLEMS: Readonly<Record<string, string>> = {
  name_too_long: 'The name is too long. Use at most 80 characters',
  nothing_chosen: 'Choose the account that is the same as this one',
  different_accounts: 'Only accounts of one kind and one currency can be the same account',
  same_account: 'Choose another account than this one',
  already_joined: 'One of the two is already shown as part of another account',
  not_joined: 'They are already separate',
};

const OTHER_PROBLEM = 'We couldn’t save that. Try again';
