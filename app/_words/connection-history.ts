import type { Tone } from '#components/ui/tone';
import type { HistoryEntry } from '#lib/connections/list-history';
import type { ConnectionStatus } from '#lib/connections/status';
import { toList } from '#lib/format/count';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { toFullInstant } from '#lib/format/instant';
import { groupTitles } from './permissions.ts';

type Words = { title: string; detail?: string; tone?: Tone };

/** What one entry of the audit says in plain words; null for what means nothing to a person. */
export function historyWords(entry: HistoryEntry, bankName: string): Words | null {
  return WORDS[entry.action]?.(entry, bankName) ?? null;
}

const WORDS: Readonly<Record<string, (entry: HistoryEntry, bankName: string) => Words | null>> = {
  'attempt.started': ({ after }, bankName) => {
    switch (after.purpose) {
      case 'extend':
        return { title: 'Said that sharing should go on' };
      case 'reauthenticate':
        return { title: `Set out to log in to ${bankName} again` };
      case 'change':
        return { title: 'Set out to change what is shared' };
      default:
        return { title: `Allowed sharing and set out to ${bankName}` };
    }
  },
  'attempt.cancelled': () => ({ title: 'Turned back at the bank', detail: 'Nothing changed.' }),
  'attempt.failed': () => ({ title: 'A trip to the bank led nowhere', detail: 'Nothing changed.', tone: 'caution' }),
  'attempt.expired': () => ({ title: 'A trip to the bank wasn’t finished', detail: 'Nothing changed.' }),
  'connection.linked': ({ after }, bankName) => ({
    title: `${bankName} was linked`,
    detail: shared(after.permissions),
    tone: 'good',
  }),
  'connection.linked_again': ({ after }, bankName) => ({
    title: `${bankName} was linked again`,
    detail: shared(after.permissions),
    tone: 'good',
  }),
  'connection.status_changed': ({ after }, bankName) =>
    STATUS[String(after.status) as ConnectionStatus]?.(bankName) ?? null,
  'consent.reconfirmed': () => ({ title: 'The permission was confirmed again' }),
  'consent.renewed': ({ before, after }) => ({
    title: 'Sharing goes on',
    detail: [until(after.consentExpiresAt), changes(before.permissions, after.permissions)].filter(Boolean).join(' '),
    tone: 'good',
  }),
  'consent.end_changed': ({ after }) => ({
    title: 'TrueLayer told when the permission ends',
    detail: until(after.consentExpiresAt),
  }),
  'consent.data_erased': ({ before }) => ({
    title: 'What is no longer shared was erased',
    detail: `${toList(groupTitles(toTexts(before.permissions)))}.`,
    tone: 'note',
  }),
  'consent.renewal_lost': () => ({
    title: 'A renewal came to nothing',
    detail: 'What was shared before went on as it was.',
    tone: 'caution',
  }),
  'consent.renewal_questioned': (_, bankName) => ({
    title: `Somebody else seems to have logged in at ${bankName}`,
    detail: 'Nothing was mixed. You are asked what that was.',
    tone: 'caution',
  }),
  'consent.renewal_confirmed': () => ({ title: 'Said that it was the right login' }),
  'consent.renewal_rejected': () => ({
    title: 'Said that it was another login',
    detail: 'Its permission is given back.',
  }),
  'consent.old_grant_destroyed': () => ({
    title: 'An earlier permission was let go of',
    detail: 'TrueLayer didn’t confirm its end in a week. Our keys to it are destroyed; the present one goes on.',
    tone: 'note',
  }),
  'connection.stop_requested': ({ after }) => ({
    title: 'Asked to stop sharing',
    detail: after.erases === true ? 'And to erase what was fetched.' : 'What was fetched is kept.',
  }),
  'connection.stopped': ({ after }) => ({
    title: 'Sharing has stopped',
    detail: `${STOPPED[String(after.told)] ?? ''} The keys to your data are destroyed.`.trim(),
    tone: 'note',
  }),
  'connection.replaced': (_, bankName) => ({
    title: `${bankName} was linked again with the same login`,
    detail: 'The newer connection has taken over these accounts with their history.',
  }),
  'connection.erased': () => ({ title: 'What the bank had told us was erased', tone: 'note' }),
  'reminder.sent': () => ({ title: 'Reminded you by e-mail that it ends' }),
  'reminder.all_clear_sent': () => ({ title: 'Told you by e-mail that it is seen to' }),
  'connection.refresh_asked': () => ({ title: 'Asked for an update' }),
  'connection.marked_for_login': (_, bankName) => ({ title: `Asked that you log in to ${bankName} again` }),
  'connection.revoke_asked': () => ({ title: 'Ended the sharing', detail: 'What was fetched is kept.', tone: 'note' }),
  'support_grant.opened': ({ after, reason }) => ({
    title: 'Took leave to see your transactions',
    detail: [grantEnd(after.expiresAt), reason === null ? '' : `The reason: ${reason}`].filter(Boolean).join(' '),
    tone: 'note',
  }),
  'support_grant.used': () => ({ title: 'Looked at your transactions', tone: 'note' }),
  'support_grant.ended': () => ({ title: 'Ended the leave to see your transactions' }),
  'data.exported': () => ({ title: 'Downloaded the data' }),
  'account.paired': () => ({ title: 'Said which account is which' }),
  'account.renamed': () => ({ title: 'Renamed an account' }),
  'account.hidden': () => ({ title: 'Hid an account' }),
  'account.shown': () => ({ title: 'Showed a hidden account again' }),
  'account.sync_stopped': () => ({ title: 'Stopped syncing an account' }),
  'account.sync_resumed': () => ({ title: 'Resumed syncing an account' }),
};

const STATUS: Partial<Record<ConnectionStatus, (bankName: string) => Words>> = {
  active: () => ({ title: 'Everything is up to date', tone: 'good' }),
  degraded: (bankName) => ({ title: `${bankName} hasn’t answered for a while`, tone: 'caution' }),
  needs_reconfirmation: () => ({ title: 'The permission ends within two weeks', tone: 'caution' }),
  needs_reauthentication: (bankName) => ({ title: `${bankName} wants you to log in again`, tone: 'danger' }),
  expired: () => ({
    title: 'The permission ran out',
    detail: 'From that second on nothing was fetched unasked.',
    tone: 'caution',
  }),
};

const STOPPED: Readonly<Record<string, string>> = {
  truelayer: 'TrueLayer was told, and refuses access now.',
  already_gone: 'TrueLayer had ended it already.',
  unconfirmed: 'TrueLayer didn’t confirm it in time.',
};

function shared(permissions: unknown): string {
  const titles = groupTitles(toTexts(permissions));
  return titles.length === 0 ? '' : `Shared: ${toList(titles).toLowerCase()}.`;
}

function grantEnd(end: unknown): string {
  return typeof end === 'string' ? `Until ${toFullInstant(new Date(end))}.` : '';
}

function until(end: unknown): string {
  return typeof end === 'string' ? `Until ${toFullDay(toLondonDay(new Date(end)))}.` : 'The new end isn’t known yet.';
}

function changes(before: unknown, after: unknown): string {
  const [old, now] = [groupTitles(toTexts(before)), groupTitles(toTexts(after))];
  const added = now.filter((title) => !old.includes(title));
  const dropped = old.filter((title) => !now.includes(title));
  return [
    added.length === 0 ? '' : `Added: ${toList(added).toLowerCase()}.`,
    dropped.length === 0 ? '' : `No longer shared: ${toList(dropped).toLowerCase()}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
