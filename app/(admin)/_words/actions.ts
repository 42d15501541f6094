import { ownValue } from '#lib/format/own-value';
/** What the audit's actions are called. One that isn't here is read as it is written. */
export function actionWords(action: string): string {
  return ownValue(WORDS, action) ?? sentence(action);
}

function sentence(action: string): string {
  const words = action.replace('.', ': ').replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

const WORDS: Readonly<Record<string, string>> = {
  'connection.linked': 'Linked',
  'connection.linked_again': 'Linked again',
  'connection.status_changed': 'State changed',
  'connection.refresh_asked': 'Refresh asked for',
  'connection.consent_read_asked': 'Re-reading of the consent asked for',
  'connection.marked_for_login': 'Marked for a new login at the bank',
  'connection.revoke_asked': 'Revoking asked for',
  'connection.reminder_asked': 'Reminder asked for',
  'connections.exported': 'List of connections taken away as CSV',
  'audit.exported': 'Audit taken away as CSV',
  'support_bundle.made': 'Support bundle made',
  'support_grant.opened': 'Leave to see transactions taken',
  'support_grant.used': 'Transactions looked at',
  'support_grant.ended': 'Leave to see transactions ended',
  'settings.changed': 'Settings changed',
  'settings.client_changed': 'TrueLayer client changed',
  'user.signed_in': 'Signed in',
  'user.sign_in_failed': 'Sign-in failed',
  'user.signed_out': 'Signed out',
  'user.session_ended': 'Signed out on another device',
  'user.sessions_ended': 'Signed out everywhere',
  'user.role_changed': 'Role changed',
  'user.second_factor_failed': 'Second factor failed',
  'user.second_factor_reset': 'Passkeys and recovery codes removed by an operator',
  'passkey.added': 'Passkey added',
  'passkey.renamed': 'Passkey renamed',
  'passkey.removed': 'Passkey removed',
  'passkey.used': 'Passkey used',
  'recovery_codes.created': 'Recovery codes created',
  'recovery_code.used': 'Recovery code used',
  'user.sign_in_linked': 'Single sign-on linked',
  'user.email_change_requested': 'Change of email address requested',
  'user.email_changed': 'Email address changed',
  'user.email_change_objected': 'Change of email address undone by the old address',
  'data.exported': 'Own data exported',
  'transactions.exported': 'Own transactions exported as CSV',
  'keys.rotation_started': 'Key rotation started',
  'keys.rotation_ended': 'Key rotation ended',
  'job.retried': 'Failed job tried again',
};
