import type { Who, World } from './people.ts';

/** What each may expect: a status, or `to /path`. A new route or action needs a line here; the test says which is missing. */
type Expected = Readonly<Record<Who, string>>;
type RouteRow = Expected & {
  at?: (world: World, who: Who) => string;
  body?: () => RequestInit['body'];
  /** Shows the team what is whose. */
  isTeams?: boolean;
};
type ActionRow = Expected & {
  on: (world: World) => string;
  args: (world: World, who: Who) => unknown[];
  isTeams?: boolean;
  /** A value that the call changes when the owner makes it (an admin, if it is the team's), and when nobody else does. */
  changes?: (world: World) => { sql: string; id: string };
};

const SIGN_IN = 'to /sign-in';
const all = (said: string): Expected => ({ nobody: said, stranger: said, admin: said, owner: said });
/** Of whoever is signed in, each their own. */
const signedIn: Expected = { nobody: SIGN_IN, stranger: '200', admin: '200', owner: '200' };
/** One person's: to everybody else, an admin too, as if it weren't there. */
const owned: Expected = { nobody: SIGN_IN, stranger: '404', admin: '404', owner: '200' };
const ownedFile: Expected = { ...owned, nobody: '401' };
const team = { nobody: SIGN_IN, stranger: '404', admin: '200', owner: '404', isTeams: true };
const teamFile = { ...team, nobody: '401' };
/** To everybody else there is no such page. What it does, and refuses, is tested beside its verb. */
const teamAction = (path: string) => ({
  nobody: SIGN_IN,
  stranger: '404',
  admin: `to ${path}`,
  owner: '404',
  isTeams: true,
});
// Without the mark of the words that were on the page nobody gets to the bank: they are shown them again.
const toWords = (page: string): Expected => ({ nobody: SIGN_IN, stranger: page, admin: page, owner: page });

const ofConnection = (rest: string) => (world: World) => `/connections/${world.connectionId}${rest}`;
const ofFile = (rest: string) => (world: World) => `/admin/connections/${world.connectionId}${rest}`;
const ofReceipt = (rest: string) => (world: World) =>
  `/connections/${world.connectionId}/receipts/${world.receiptId}${rest}`;

const transactionOf = ({ accountId, transactionId }: World) => `/accounts/${accountId}/transactions/${transactionId}`;

/** Whoever has the token may, signed in or not: everybody but the owner has a forged one. */
const tokenOf = (world: World, who: Who) => (who === 'owner' ? world.unsubscribeToken : world.forgedUnsubscribeToken);

export const ROUTES: Readonly<Record<string, RouteRow>> = {
  'GET /': { ...all('to /accounts'), nobody: '200' },
  'GET /.well-known/apple-app-site-association': all('200'),
  'GET /.well-known/assetlinks.json': all('200'),
  'GET /account': signedIn,
  'GET /account/email': signedIn,
  'GET /account/export': { ...all('200'), nobody: '401' },
  'GET /account/leave': signedIn,
  'GET /account/security': signedIn,
  'GET /account/security/[passkeyId]': { ...owned, at: ({ passkeyId }) => `/account/security/${passkeyId}` },
  'GET /accounts': signedIn,
  'GET /accounts/[accountId]': { ...owned, at: ({ accountId }) => `/accounts/${accountId}` },
  'GET /admin/audit': team,
  'GET /admin/audit/export': teamFile,
  'GET /accounts/[accountId]/export': { ...ownedFile, at: ({ accountId }) => `/accounts/${accountId}/export` },
  'GET /accounts/[accountId]/settings': { ...owned, at: ({ accountId }) => `/accounts/${accountId}/settings` },
  'GET /accounts/[accountId]/notes/[noteId]': {
    ...owned,
    at: ({ accountId, noteId }) => `/accounts/${accountId}/notes/${noteId}`,
  },
  'GET /accounts/[accountId]/transactions/[transactionId]': { ...owned, at: (world) => transactionOf(world) },
  'GET /accounts/[accountId]/transactions/[transactionId]/join': {
    ...owned,
    at: (world) => `${transactionOf(world)}/join`,
  },
  'GET /admin/connections': team,
  'GET /admin/connections/[connectionId]': { ...team, at: ofFile('') },
  'GET /admin/connections/[connectionId]/bundle': { ...teamFile, at: ofFile('/bundle') },
  'GET /admin/connections/[connectionId]/transactions': { ...team, at: ofFile('/transactions') },
  'GET /admin/connections/export': teamFile,
  'GET /admin/funnel': team,
  'GET /admin/health': team,
  'GET /admin/settings': team,
  'GET /api/attempts/[attemptId]': { ...ownedFile, at: ({ attemptId }) => `/api/attempts/${attemptId}` },
  'GET /api/auth/[...nextauth]': { ...all('404'), at: () => '/api/auth/csrf' },
  'GET /api/banks/[bankId]/logo': { ...all('200'), at: ({ bankId }) => `/api/banks/${bankId}/logo` },
  'GET /api/health': all('200'),
  'GET /api/metrics': all('401'),
  'GET /api/ready': all('200'),
  'GET /api/unsubscribe/[token]': { ...all('to /unsubscribe/not-ours'), at: () => '/api/unsubscribe/not-ours' },
  'POST /api/unsubscribe/[token]': { ...all('404'), at: () => '/api/unsubscribe/not-ours' },
  'POST /api/webhooks/truelayer': { ...all('200'), at: () => '/api/webhooks/truelayer?task=unknown', body: () => '{}' },
  'GET /connect': signedIn,
  'GET /connect/[bankId]': { ...signedIn, at: ({ bankId }) => `/connect/${bankId}` },
  'GET /connect/app': all('to /connect'),
  'GET /connect/callback': all('to /connect/lost'),
  'POST /connect/callback': { ...all('to /connect/lost'), body: () => new URLSearchParams({ state: 'x', code: 'y' }) },
  'GET /connect/lost': all('200'),
  'GET /connect/result/[attemptId]': { ...owned, at: ({ attemptId }) => `/connect/result/${attemptId}` },
  'GET /connect/return/[attemptId]': {
    nobody: SIGN_IN,
    stranger: 'to /connect/lost',
    admin: 'to /connect/lost',
    owner: 'to /connect/result/:attemptId',
    at: ({ attemptId }) => `/connect/return/${attemptId}`,
  },
  'GET /connections': signedIn,
  'GET /connections/[connectionId]': { ...owned, at: ofConnection('') },
  'GET /connections/[connectionId]/change': { ...owned, at: ofConnection('/change') },
  'GET /connections/[connectionId]/change/confirm': {
    ...owned,
    at: ofConnection('/change/confirm'),
  },
  'GET /connections/[connectionId]/erase': {
    ...owned,
    owner: 'to /connections/:connectionId',
    at: ofConnection('/erase'),
  },
  'GET /connections/[connectionId]/export': { ...ownedFile, at: ofConnection('/export') },
  'GET /connections/[connectionId]/reconfirm': { ...owned, at: ofConnection('/reconfirm') },
  'GET /connections/[connectionId]/who': { ...owned, owner: 'to /connections/:connectionId', at: ofConnection('/who') },
  'GET /connections/[connectionId]/receipts/[receiptId]': { ...owned, at: ofReceipt('') },
  'GET /connections/[connectionId]/receipts/[receiptId]/json': { ...ownedFile, at: ofReceipt('/json') },
  'GET /connections/[connectionId]/receipts/[receiptId]/pdf': { ...ownedFile, at: ofReceipt('/pdf') },
  'GET /connections/[connectionId]/stop': { ...owned, at: ofConnection('/stop') },
  'GET /connections/[connectionId]/stop/confirm': { ...owned, at: ofConnection('/stop/confirm?choice=keep') },
  'GET /email-change/confirm': all('200'),
  'GET /email-change/object': all('200'),
  'GET /left': all('200'),
  'GET /sign-in': { ...all('to /'), nobody: '200' },
  'GET /sign-in/again': { ...all('to /'), nobody: SIGN_IN },
  'GET /sign-in/confirm': all('200'),
  'GET /sign-in/passkey': { ...all('to /'), nobody: SIGN_IN },
  'GET /sign-in/sent': all('200'),
  'GET /unsubscribe/[token]': {
    ...all('404'),
    owner: '200',
    at: (world, who) => `/unsubscribe/${tokenOf(world, who)}`,
  },
};

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
};

/** With a form that asks for nothing: who may is told what is missing, and who may not that there is nothing here. */
const onConnection: ActionRow = {
  nobody: SIGN_IN,
  stranger: '404',
  admin: 'to /admin/connections/:connectionId',
  owner: '404',
  isTeams: true,
  on: ofFile(''),
  args: ({ connectionId }) => [connectionId, form({})],
};

const onSettings = {
  ...all('to /accounts'),
  nobody: SIGN_IN,
  owner: 'to /accounts/:accountId/settings',
  on: ({ accountId }: World) => `/accounts/${accountId}/settings`,
};

const endOfGrant = (id: string) => ({ sql: 'select ended_at from support_grants where id = $1', id });

const onAccount = {
  ...all('to /accounts/:accountId'),
  nobody: SIGN_IN,
  on: ({ accountId }: World) => `/accounts/${accountId}`,
};
const joinsOf = ({ accountId: id }: World) => ({
  sql: 'select count(*) from transaction_joins where account_id = $1',
  id,
});
const nameOf = ({ transactionId: id }: World) => ({
  sql: 'select merchant_name from transaction_edits where transaction_id = $1',
  id,
});
const onTransaction = { ...all('to :transaction'), nobody: SIGN_IN, on: transactionOf };
/** Whoever it isn't theirs is sent to their own list. */
const ofOwnConnection: Expected = {
  ...all('to /connections'),
  nobody: SIGN_IN,
  owner: 'to /connections/:connectionId',
};

/** Tried in this order by nobody, a stranger, an admin and the owner; what ends something is near the end. */
export const ACTIONS: Readonly<Record<string, ActionRow>> = {
  'app/(guest)/sign-in/_actions.ts requestLinkAction': {
    ...all('200'),
    on: () => '/sign-in',
    args: () => [{ email: '', problem: null }, form({ email: 'not an address', returnTo: '/' })],
  },
  'app/(guest)/sign-in/confirm/_actions.ts confirmLinkAction': {
    ...all('to /sign-in/confirm'),
    on: () => '/sign-in/confirm?token=unknown',
    args: () => [form({ token: 'unknown', returnTo: '/' })],
  },
  'app/(guest)/sign-in/sent/_actions.ts confirmCodeAction': {
    ...all('200'),
    on: () => '/sign-in/sent',
    args: () => [{ code: '', problem: null }, form({ code: 'BCDF-GHJK', returnTo: '/' })],
  },
  'app/(guest)/sign-in/_actions.ts startOpenIdAction': {
    ...all('to /'),
    nobody: SIGN_IN,
    on: () => '/sign-in',
    args: () => [form({ returnTo: '/' })],
  },
  'app/(account)/account/_actions.ts saveRemindersAction': {
    ...all('to /account'),
    nobody: SIGN_IN,
    on: () => '/account',
    args: () => [form({ 'wants-reminders': 'on' })],
  },
  // Without an answer of a passkey each is told what is wrong. What a passkey allows is tested in `app/second-factor.test.ts`.
  'app/(guest)/sign-in/_passkey-actions.ts beginAssertionAction': {
    ...all('200'),
    nobody: SIGN_IN,
    on: () => '/sign-in/again',
    args: () => [],
  },
  'app/(guest)/sign-in/_passkey-actions.ts verifyPasskeyAction': {
    ...all('200'),
    nobody: SIGN_IN,
    on: () => '/sign-in/again',
    args: () => ['/account', null],
  },
  'app/(guest)/sign-in/_passkey-actions.ts redeemRecoveryCodeAction': {
    ...all('to /account'),
    nobody: SIGN_IN,
    on: () => '/sign-in/passkey',
    args: () => [{ problem: null }, form({ returnTo: '/account', code: 'x' })],
  },
  'app/(account)/account/security/_actions.ts beginEnrolmentAction': {
    ...all('200'),
    nobody: SIGN_IN,
    on: () => '/account/security',
    args: () => [],
  },
  'app/(account)/account/security/_actions.ts enrolPasskeyAction': {
    ...all('200'),
    nobody: SIGN_IN,
    on: () => '/account/security',
    args: () => ['Laptop', null],
  },
  'app/(account)/account/security/_actions.ts replaceRecoveryCodesAction': {
    ...all('to /account/security'),
    nobody: SIGN_IN,
    on: () => '/account/security',
    owner: '200',
    args: () => [{ outcome: 'untouched' }, form({ sure: 'on' })],
    changes: ({ userId: id }) => ({ sql: 'select count(*) from recovery_codes where user_id = $1', id }),
  },
  'app/(account)/account/security/_actions.ts renamePasskeyAction': {
    ...all('to /account/security'),
    nobody: SIGN_IN,
    on: () => '/account/security',
    args: ({ passkeyId }) => [passkeyId, form({ name: 'Laptop' })],
    changes: ({ passkeyId: id }) => ({ sql: 'select name from passkeys where id = $1', id }),
  },
  'app/(account)/account/security/_actions.ts removePasskeyAction': {
    ...all('to /account/security'),
    nobody: SIGN_IN,
    on: () => '/account/security',
    args: ({ passkeyId }) => [passkeyId, form({ sure: 'on' })],
    changes: ({ passkeyId: id }) => ({ sql: 'select count(*) from passkeys where id = $1', id }),
  },
  'app/(account)/account/email/_actions.ts requestEmailChangeAction': {
    ...all('200'),
    nobody: SIGN_IN,
    on: () => '/account/email',
    args: () => [{ email: '', problem: null }, form({ email: 'not an address' })],
  },
  'app/(account)/account/email/_actions.ts confirmEmailCodeAction': {
    ...all('200'),
    nobody: SIGN_IN,
    on: () => '/account/email',
    args: () => [{ code: '', problem: null }, form({ code: 'BCDF-GHJK' })],
  },
  'app/(guest)/email-change/confirm/_actions.ts confirmEmailChangeAction': {
    ...all('to /email-change/confirm'),
    nobody: SIGN_IN,
    on: () => '/email-change/confirm?token=unknown',
    args: () => [form({ token: 'unknown' })],
  },
  'app/(guest)/email-change/object/_actions.ts objectAction': {
    ...all('to /email-change/object'),
    on: () => '/email-change/object?token=unknown',
    args: () => [form({ token: 'unknown' })],
  },
  'app/(account)/connect/_actions.ts startDialogAction': {
    ...all('to /connect'),
    nobody: SIGN_IN,
    on: () => '/connect',
    args: () => [form({})],
  },
  'app/(account)/connect/_actions.ts agreeAction': {
    ...toWords('to /connect/:bankId'),
    on: ({ bankId }) => `/connect/${bankId}`,
    args: ({ bankId }) => [bankId, form({})],
  },
  'app/(account)/connect/result/[attemptId]/_actions.ts continueHereAction': {
    nobody: SIGN_IN,
    stranger: 'to /connect/lost',
    admin: 'to /connect/lost',
    owner: 'to /connect/result/:attemptId',
    on: ({ attemptId }) => `/connect/result/${attemptId}`,
    args: ({ attemptId }) => [attemptId],
  },
  'app/(account)/accounts/[accountId]/_actions.ts refreshAction': {
    ...all('to /accounts/:accountId'),
    nobody: SIGN_IN,
    on: ({ accountId }) => `/accounts/${accountId}`,
    args: ({ accountId, connectionId }) => [accountId, connectionId],
  },
  'app/(account)/accounts/[accountId]/_actions.ts dismissAction': {
    ...all('to /accounts/:accountId'),
    nobody: SIGN_IN,
    on: ({ accountId }) => `/accounts/${accountId}`,
    args: ({ accountId, recurringId }) => [accountId, recurringId, false],
    changes: ({ recurringId: id }) => ({ sql: 'select dismissed_at from recurring_payments where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/settings/_actions.ts renameAction': {
    ...onSettings,
    args: ({ accountId }) => [accountId, form({ name: 'Household' })],
    changes: ({ accountId: id }) => ({ sql: 'select own_name from accounts where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/settings/_actions.ts resetNameAction': {
    ...onSettings,
    args: ({ accountId }) => [accountId],
    changes: ({ accountId: id }) => ({ sql: 'select own_name from accounts where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/settings/_actions.ts hideAction': {
    ...onSettings,
    args: ({ accountId }) => [accountId, true],
    changes: ({ accountId: id }) => ({ sql: 'select hidden_at from accounts where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/settings/_actions.ts stopSyncAction': {
    ...onSettings,
    args: ({ accountId }) => [accountId, true],
    changes: ({ accountId: id }) => ({ sql: 'select sync_stopped_at from accounts where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/settings/_actions.ts joinAction': {
    ...onSettings,
    args: ({ accountId, otherAccountId }) => [accountId, form({ other: otherAccountId })],
    changes: ({ otherAccountId: id }) => ({ sql: 'select joined_into_id from accounts where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/settings/_actions.ts separateAction': {
    ...onSettings,
    args: ({ accountId, otherAccountId }) => [accountId, otherAccountId],
    changes: ({ otherAccountId: id }) => ({ sql: 'select joined_into_id from accounts where id = $1', id }),
  },
  'app/(account)/accounts/_pairing-actions.ts answerPairingAction': {
    ...all('to /accounts'),
    nobody: SIGN_IN,
    owner: 'to /accounts/:accountId',
    on: () => '/accounts',
    args: ({ questionId }) => [questionId, form({ former: 'none' })],
    changes: ({ questionId: id }) => ({ sql: 'select answered_at from pairing_questions where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/transactions/[transactionId]/_actions.ts correctAction': {
    ...onTransaction,
    args: ({ accountId, transactionId }) => [
      accountId,
      transactionId,
      form({ name: 'Elsewhere', category: 'gifts', note: 'mine', transfer: '' }),
    ],
    changes: nameOf,
  },
  'app/(account)/accounts/[accountId]/transactions/[transactionId]/_actions.ts takeBackAction': {
    ...onTransaction,
    args: ({ accountId, transactionId }) => [accountId, transactionId, 'row'],
    changes: nameOf,
  },
  'app/(account)/accounts/[accountId]/transactions/[transactionId]/_actions.ts undoAction': {
    ...onTransaction,
    args: ({ accountId, transactionId, undoIds: [undoId] }) => [accountId, transactionId, undoId],
    changes: ({ undoIds: [id] }) => ({ sql: 'select count(*) from undo_steps where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/transactions/[transactionId]/_actions.ts joinAction': {
    ...onTransaction,
    args: ({ accountId, transactionId, otherTransactionIds: [other] }) => [accountId, transactionId, other],
    changes: joinsOf,
  },
  'app/(account)/accounts/[accountId]/transactions/[transactionId]/_actions.ts splitAction': {
    ...onTransaction,
    args: ({ accountId, transactionId, otherTransactionIds: [other] }) => [accountId, transactionId, other],
    changes: joinsOf,
  },
  'app/(account)/accounts/[accountId]/transactions/[transactionId]/_actions.ts detachNoteAction': {
    ...all('to /accounts/:accountId/transactions/:notedTransactionId'),
    nobody: SIGN_IN,
    owner: 'to /accounts/:accountId/notes/:attachedNoteId',
    on: transactionOf,
    args: ({ accountId, otherTransactionIds: [, notedId] }) => [accountId, notedId],
    changes: ({ attachedNoteId: id }) => ({ sql: 'select transaction_id from transaction_edits where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/_note-actions.ts attachNoteAction': {
    ...onAccount,
    args: ({ accountId, noteId, transactionId }) => [accountId, noteId, transactionId],
    // What is written on the transaction already takes the note in.
    changes: ({ transactionId: id }) => ({ sql: 'select note from transaction_edits where transaction_id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/_note-actions.ts deleteNoteAction': {
    ...onAccount,
    args: ({ accountId, deletedNoteId }) => [accountId, deletedNoteId],
    changes: ({ deletedNoteId: id }) => ({ sql: 'select count(*) from transaction_edits where id = $1', id }),
  },
  'app/(account)/accounts/[accountId]/_note-actions.ts undoNoteAction': {
    ...onAccount,
    args: ({ accountId, undoIds: [, undoId] }) => [accountId, undoId],
    changes: ({ undoIds: [, id] }) => ({ sql: 'select count(*) from undo_steps where id = $1', id }),
  },
  'app/(guest)/unsubscribe/[token]/_actions.ts unsubscribeAction': {
    ...all('404'),
    owner: 'to /unsubscribe/:unsubscribeToken',
    on: ({ unsubscribeToken }) => `/unsubscribe/${unsubscribeToken}`,
    args: (world, who) => [tokenOf(world, who)],
    changes: ({ userId: id }) => ({ sql: 'select wants_reminders from users where id = $1', id }),
  },
  'app/(account)/connections/[connectionId]/who/_actions.ts answerAction': {
    ...ofOwnConnection,
    on: ofConnection('/who'),
    args: ({ connectionId }) => [connectionId, 'same'],
  },
  'app/(account)/connections/[connectionId]/change/confirm/_actions.ts changeAction': {
    ...ofOwnConnection,
    owner: 'to /connections/:connectionId/change',
    on: ofConnection('/change/confirm'),
    args: ({ connectionId }) => [connectionId, [], false, form({})],
  },
  'app/(account)/connections/[connectionId]/reconfirm/_actions.ts reconfirmAction': {
    ...ofOwnConnection,
    owner: 'to /connections/:connectionId/reconfirm',
    on: ofConnection('/reconfirm'),
    args: ({ connectionId }) => [connectionId, form({})],
  },
  'app/(account)/connections/[connectionId]/stop/confirm/_actions.ts stopAction': {
    ...all('to /connections'),
    nobody: SIGN_IN,
    owner: 'to /connections/:connectionId',
    on: ofConnection('/stop/confirm?choice=keep'),
    args: ({ connectionId }) => [connectionId, 'keep', form({ sure: 'on' })],
  },
  'app/(account)/connections/[connectionId]/erase/_actions.ts eraseAction': {
    ...all('to /connections'),
    nobody: SIGN_IN,
    owner: 'to /connections/:connectionId',
    on: ofConnection('/erase'),
    args: ({ connectionId }) => [connectionId, form({ sure: 'on' })],
  },
  'app/(account)/connections/_unknown-consent-actions.ts dismissUnknownConsentAction': {
    ...all('to /connections'),
    nobody: SIGN_IN,
    on: () => '/connections',
    args: ({ unknownConsentId }) => [unknownConsentId],
    changes: ({ unknownConsentId: id }) => ({
      sql: 'select unknown_consent_dismissed_at from attempts where id = $1',
      id,
    }),
  },
  'app/(admin)/admin/connections/[connectionId]/_actions.ts refreshAction': onConnection,
  'app/(admin)/admin/connections/[connectionId]/_actions.ts readConsentAction': onConnection,
  'app/(admin)/admin/connections/[connectionId]/_actions.ts markForLoginAction': onConnection,
  'app/(admin)/admin/connections/[connectionId]/_actions.ts resendReminderAction': onConnection,
  'app/(admin)/admin/connections/[connectionId]/_actions.ts revokeAction': onConnection,
  'app/(admin)/admin/connections/[connectionId]/transactions/_actions.ts openGrantAction': {
    ...teamAction('/admin/connections/:connectionId/transactions'),
    on: ofFile('/transactions'),
    args: ({ connectionId }) => [connectionId, form({ reason: '' })],
  },
  'app/(admin)/admin/connections/[connectionId]/transactions/_actions.ts endGrantAction': {
    ...teamAction('/admin/connections/:connectionId'),
    on: ofFile('/transactions'),
    args: ({ connectionId, adminsGrantId }) => [connectionId, adminsGrantId],
    changes: ({ adminsGrantId: id }) => endOfGrant(id),
  },
  'app/(account)/connections/[connectionId]/_support-actions.ts endSupportGrantAction': {
    ...all('to /connections/:connectionId'),
    nobody: SIGN_IN,
    on: ofConnection(''),
    args: ({ connectionId, grantId }) => [connectionId, grantId],
    changes: ({ grantId: id }) => endOfGrant(id),
  },
  'app/(admin)/admin/health/_actions.ts retryJobAction': {
    ...teamAction('/admin/health'),
    on: () => '/admin/health',
    args: ({ jobId }) => ['account.enrich', jobId, form({ reason: 'its cause is repaired' })],
    changes: ({ jobId: id }) => ({ sql: 'select state from pgboss.job where id = $1', id }),
  },
  'app/(admin)/admin/settings/_actions.ts changeClientAction': {
    ...teamAction('/admin/settings'),
    admin: '200',
    on: () => '/admin/settings',
    args: () => [{ outcome: 'untouched' }, form({ reason: '' })],
  },
  'app/(admin)/admin/settings/_actions.ts changeSettingsAction': {
    ...teamAction('/admin/settings'),
    admin: '200',
    on: () => '/admin/settings',
    args: () => [{ outcome: 'untouched' }, form({ reason: '' })],
  },
  // Against the local stand-in only, and of one's own: with no day named, nothing moves.
  'app/_demo/actions.ts jumpAction': { ...all('200'), nobody: '500', on: () => '/accounts', args: () => [form({})] },
  'app/(account)/account/_actions.ts endSessionAction': {
    ...all('to /account'),
    nobody: SIGN_IN,
    on: () => '/account',
    args: ({ sessionId }) => [sessionId],
  },
  'app/(account)/account/leave/_actions.ts leaveAction': {
    ...all('to /left'),
    nobody: SIGN_IN,
    on: () => '/account/leave',
    args: () => [form({ sure: 'on' })],
  },
  'app/(account)/account/_actions.ts endAllSessionsAction': { ...all(SIGN_IN), on: () => '/account', args: () => [] },
  'app/(guest)/sign-in/again/_actions.ts signInAgainAction': {
    ...all(SIGN_IN),
    on: () => '/sign-in/again',
    args: () => [form({ returnTo: '/account' })],
  },
  'app/_actions.ts signOutAction': { ...all(SIGN_IN), on: () => '/accounts', args: () => [] },
};
