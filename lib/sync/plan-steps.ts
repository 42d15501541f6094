import { addMs, MINUTE_MS, msBetween } from '#lib/time/span';
import type { SyncAccount, SyncConnection } from './load-connection.ts';
import type { AccountResource, ConnectionResource, Resource, ResourceRecord } from './resource.ts';
import { keyOfStep, type Step } from './step.ts';

export type PlanOptions = {
  now: Date;
  /** Kinds of data that this run is for. */
  resources: readonly Resource[];
  /** A person asked for it: fetch again what is fresh. */
  isAskedFor: boolean;
  /** Whether a person is there, so that calls aren't counted. */
  isAttended: boolean;
  /** A renewal fetches for the first time: the lists show whose it is, so they are asked for whatever was had before. */
  isRenewal: boolean;
  /** Steps that this run has taken. */
  taken: ReadonlySet<string>;
  /** How long daily data is fresh: unasked, it is not fetched again within this time. */
  freshMs: number;
  /** Accounts whose calls of the day are spent. */
  spentAccounts: ReadonlySet<string>;
};

/** The documented time after a sign-in in which a bank opens everything. */
export const SIGN_IN_WINDOW_MS = 5 * MINUTE_MS;

const NEEDED_PERMISSION: Record<Resource, string> = {
  accounts: 'accounts',
  cards: 'cards',
  info: 'info',
  balance: 'balance',
  transactions: 'transactions',
  pending: 'transactions',
  direct_debits: 'direct_debits',
  standing_orders: 'standing_orders',
};

/** What is due, in the order in which it should be asked for. Pure: it sees the connection as it was last read. */
export function planSteps(connection: SyncConnection, options: PlanOptions): Step[] {
  const steps = options.isAttended ? attendedOrder(connection) : unattendedOrder(connection);
  return steps.filter((step) => isWanted(connection, step, options) && isDue(connection, step, options));
}

/** What the person waits for first, then what the bank opens for minutes only, then what can wait. */
function attendedOrder({ accounts }: SyncConnection): Step[] {
  const ofKind = (kind: SyncAccount['kind']) => accounts.filter((account) => account.kind === kind);
  return [
    ofConnection('accounts'),
    ...ofEach(ofKind('account'), 'balance'),
    ofConnection('cards'),
    ...ofEach(ofKind('card'), 'balance'),
    ofConnection('info'),
    ...ofEach(accounts, 'transactions'),
    ...ofEach(accounts, 'pending'),
    ...ofEach(accounts, 'direct_debits'),
    ...ofEach(accounts, 'standing_orders'),
  ];
}

/**
 * Right after a sign-in that nobody stayed for more is due than four calls can fetch: first what everything else hangs on,
 * then the past, which the bank closes in minutes.
 */
function unattendedOrder({ accounts }: SyncConnection): Step[] {
  return [
    ofConnection('accounts'),
    ofConnection('cards'),
    ...ofEach(accounts, 'transactions'),
    ...ofEach(accounts, 'balance'),
    ...ofEach(accounts, 'pending'),
    ofConnection('info'),
    ...ofEach(accounts, 'direct_debits'),
    ...ofEach(accounts, 'standing_orders'),
  ];
}

function ofConnection(resource: ConnectionResource): Step {
  return { resource, account: null };
}

function ofEach(accounts: readonly SyncAccount[], resource: AccountResource): Step[] {
  return accounts.map((account) => ({ resource, account }));
}

function isWanted(connection: SyncConnection, step: Step, options: PlanOptions): boolean {
  const { resource, account } = step;
  if (!options.resources.includes(resource) || options.taken.has(keyOfStep(step))) return false;
  if (!connection.permissions.has(NEEDED_PERMISSION[resource])) return false;
  if (account === null) return true;
  if (account.isStopped || options.spentAccounts.has(account.id)) return false;
  return account.kind === 'account' || (resource !== 'direct_debits' && resource !== 'standing_orders');
}

function isDue(connection: SyncConnection, step: Step, options: PlanOptions): boolean {
  const { resource } = step;
  const record = recordOf(connection, step);
  if (record === undefined) return isOpenNow(connection, resource, options.now);
  const isSinceSignIn = connection.authenticatedAt !== null && record.lastTriedAt >= connection.authenticatedAt;
  if (isSinceSignIn && (record.state === 'unsupported' || record.state === 'needs_sign_in')) return false;
  // A card issuer may refuse its list of accounts in so many words: asking it each day would spend one of the day's four.
  if (record.state === 'refused' && isSinceSignIn && !options.isAskedFor) return false;
  if (isDaily(resource)) return options.isAskedFor || !isFresh(record, connection, options);
  if (options.isRenewal && resource !== 'info') return isOpenNow(connection, resource, options.now);
  // A list that failed, or that was found to be out of date, is wanted whenever it was last had.
  const wasFetched =
    record.state !== 'failing' &&
    record.lastOkAt !== null &&
    (connection.authenticatedAt === null || record.lastOkAt >= connection.authenticatedAt);
  return !wasFetched && isOpenNow(connection, resource, options.now);
}

function recordOf(connection: SyncConnection, step: Step): ResourceRecord | undefined {
  return step.account === null ? connection.resources.get(step.resource) : step.account.resources.get(step.resource);
}

/** Asked once a day; everything else once per sign-in. */
function isDaily(resource: Resource): boolean {
  return resource === 'balance' || resource === 'transactions' || resource === 'pending';
}

/** A new sign-in makes everything due again: it may have opened what was closed. */
function isFresh(record: ResourceRecord, connection: SyncConnection, { now, freshMs }: PlanOptions): boolean {
  if (record.lastOkAt === null) return false;
  if (connection.authenticatedAt !== null && record.lastOkAt < connection.authenticatedAt) return false;
  return msBetween(record.lastOkAt, now) < freshMs;
}

/** Identity and regular payments are open for minutes only; asking later would spend a call to hear that. */
function isOpenNow(connection: SyncConnection, resource: Resource, now: Date): boolean {
  if (resource !== 'info' && resource !== 'direct_debits' && resource !== 'standing_orders') return true;
  return isSignInRecent(connection.authenticatedAt, now);
}

export function isSignInRecent(authenticatedAt: Date | null, now: Date): boolean {
  return authenticatedAt !== null && now <= addMs(authenticatedAt, SIGN_IN_WINDOW_MS);
}
