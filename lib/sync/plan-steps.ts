import { addMs, msBetween } from '#lib/time/span';
import type { SyncAccount, SyncConnection } from './load-connection.ts';
import type { AccountResource, ConnectionResource, Resource, ResourceRecord } from './resource.ts';
import { isSignInRecent } from './sign-in-window.ts';
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
  /** Accounts that this run asks for no more: their calls of the day are spent, or all that was asked of them failed. */
  spentAccounts: ReadonlySet<string>;
  /** Accounts whose history an attended run fetches although it isn't for transactions: the bank has to be learned. */
  isHistoryWanted?: (account: SyncAccount) => boolean;
};

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

/**
 * What the user waits for first: a balance; then the history, which the bank closes in minutes, before anything that can
 * wait for a few seconds.
 */
function attendedOrder(connection: SyncConnection): Step[] {
  const accounts = connection.accounts.filter(({ isStopped }) => !isStopped);
  return [
    ofConnection('accounts'),
    ...ofEach(accounts.slice(0, 1), 'balance'),
    ofConnection('cards'),
    ...ofEach(accounts, 'transactions'),
    ...ofEach(accounts.slice(1), 'balance'),
    ofConnection('info'),
    ...ofEach(accounts, 'direct_debits'),
    ...ofEach(accounts, 'standing_orders'),
    ...ofEach(accounts, 'pending'),
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

/** Every step that the user's permissions allow, whether it is due or not. */
export function allSteps(connection: SyncConnection): Step[] {
  return unattendedOrder(connection).filter((step) => isPermitted(connection, step));
}

function ofConnection(resource: ConnectionResource): Step {
  return { resource, account: null };
}

function ofEach(accounts: readonly SyncAccount[], resource: AccountResource): Step[] {
  return accounts.map((account) => ({ resource, account }));
}

function isWanted(connection: SyncConnection, step: Step, options: PlanOptions): boolean {
  const { resource, account } = step;
  if (options.taken.has(keyOfStep(step))) return false;
  if (!options.resources.includes(resource) && !isHistoryStep(step, options)) return false;
  return isPermitted(connection, step) && !(account !== null && options.spentAccounts.has(account.id));
}

function isPermitted({ permissions }: SyncConnection, { resource, account }: Step): boolean {
  if (!permissions.has(NEEDED_PERMISSION[resource])) return false;
  if (account === null) return true;
  if (account.isStopped) return false;
  return account.kind === 'account' || (resource !== 'direct_debits' && resource !== 'standing_orders');
}

function isHistoryStep({ resource, account }: Step, { isHistoryWanted }: PlanOptions): boolean {
  return resource === 'transactions' && account !== null && isHistoryWanted?.(account) === true;
}

function isDue(connection: SyncConnection, step: Step, options: PlanOptions): boolean {
  const { resource } = step;
  const record = recordOf(connection, step);
  if (!options.isAttended && holdOf(connection, step, options.now) !== null) return false;
  if (record === undefined) return isOpenNow(connection, resource, options.now);
  const isSinceSignIn = isCurrent(connection, record);
  if (isSinceSignIn && (record.state === 'unsupported' || record.state === 'needs_sign_in')) return false;
  // A card issuer may refuse its list of accounts in so many words: asking it each day would spend one of the day's four.
  if (record.state === 'refused' && isSinceSignIn && !options.isAskedFor) return false;
  if (isDaily(resource)) {
    return options.isAskedFor || isHistoryCut(connection, step, options.now) || !isFresh(record, connection, options);
  }
  if (options.isRenewal && resource !== 'info') return isOpenNow(connection, resource, options.now);
  // A list that failed, or that was found to be out of date, is wanted whenever it was last had.
  const wasFetched =
    record.state !== 'failing' &&
    record.lastOkAt !== null &&
    (connection.authenticatedAt === null || record.lastOkAt >= connection.authenticatedAt);
  return !wasFetched && isOpenNow(connection, resource, options.now);
}

/**
 * Until when no background call is made for a step, since it could not succeed. Null: nothing stands against it. Waiting for
 * the next day's calls holds all of an account, and so do two kinds of its data that fail. A new sign-in lifts every hold.
 */
export function holdOf(connection: SyncConnection, step: Step, now: Date): Date | null {
  const record = recordOf(connection, step);
  const own = record === undefined ? null : holdOfRecord(connection, record, now);
  if (own !== null || step.account === null) return own;
  const held = [...step.account.resources.values()].filter((one) => holdOfRecord(connection, one, now) !== null);
  const spent = connection.bank.limitsPerEndpoint ? [] : held.filter(({ state }) => state === 'waiting');
  const failing = held.filter(({ state }) => state === 'failing');
  if (spent.length > 0) return inOrder(spent).at(-1) ?? null;
  return failing.length > 1 ? (inOrder(failing)[0] ?? null) : null;
}

function holdOfRecord(connection: SyncConnection, record: ResourceRecord, now: Date): Date | null {
  const { nextTryAt } = record;
  return nextTryAt !== null && nextTryAt > now && isCurrent(connection, record) ? nextTryAt : null;
}

/** What was noted before the last sign-in says nothing about what the bank does now. */
function isCurrent({ authenticatedAt }: SyncConnection, { lastTriedAt }: ResourceRecord): boolean {
  return authenticatedAt === null || lastTriedAt >= authenticatedAt;
}

function inOrder(records: readonly ResourceRecord[]): Date[] {
  return records.flatMap(({ nextTryAt }) => nextTryAt ?? []).sort((one, other) => one.getTime() - other.getTime());
}

/**
 * When a step is next due for a job, once nothing is. Null: not before the next sign-in. `isRetry`: it is missing, so it
 * doesn't wait for the next day's sync.
 */
export function nextDueOf(
  connection: SyncConnection,
  step: Step,
  { now, intervalMs, freshMs }: { now: Date; intervalMs: number; freshMs: number },
): { at: Date; isRetry: boolean } | null {
  const record = recordOf(connection, step);
  const { resource } = step;
  const held = holdOf(connection, step, now);
  if (held !== null) return isOpenNow(connection, resource, held) ? { at: held, isRetry: true } : null;
  if (record !== undefined && isCurrent(connection, record) && LASTING.has(record.state)) return null;
  const isFreshData = record !== undefined && isDaily(resource) && isFresh(record, connection, { now, freshMs });
  if (record === undefined || record.lastOkAt === null || (record.state !== 'ok' && !isFreshData)) {
    return isOpenNow(connection, resource, now) ? { at: now, isRetry: true } : null;
  }
  return isDaily(resource) ? { at: addMs(record.lastOkAt, intervalMs), isRetry: false } : null;
}

const LASTING: ReadonlySet<ResourceRecord['state']> = new Set(['unsupported', 'needs_sign_in', 'refused']);

export function recordOf(connection: SyncConnection, step: Step): ResourceRecord | undefined {
  return step.account === null ? connection.resources.get(step.resource) : step.account.resources.get(step.resource);
}

/** Asked once a day; everything else once per sign-in. */
function isDaily(resource: Resource): boolean {
  return resource === 'balance' || resource === 'transactions' || resource === 'pending';
}

/** A new sign-in makes everything due again: it may have opened what was closed. */
function isFresh(
  record: ResourceRecord,
  connection: SyncConnection,
  { now, freshMs }: Pick<PlanOptions, 'now' | 'freshMs'>,
): boolean {
  if (record.lastOkAt === null) return false;
  if (connection.authenticatedAt !== null && record.lastOkAt < connection.authenticatedAt) return false;
  return msBetween(record.lastOkAt, now) < freshMs;
}

/** The history that a sign-in opens for minutes failed half-way: the part that came doesn't make it fresh. */
function isHistoryCut(connection: SyncConnection, { account, resource }: Step, now: Date): boolean {
  const { authenticatedAt } = connection;
  if (account === null || resource !== 'transactions' || !isSignInRecent(authenticatedAt, now)) return false;
  const isAnswered =
    account.historyAskedAt !== null && authenticatedAt !== null && account.historyAskedAt >= authenticatedAt;
  return !isAnswered && account.resources.get('transactions')?.state === 'failing';
}

/** Identity and regular payments are open for minutes only; asking later would spend a call to hear that. */
function isOpenNow(connection: SyncConnection, resource: Resource, now: Date): boolean {
  if (resource !== 'info' && resource !== 'direct_debits' && resource !== 'standing_orders') return true;
  return isSignInRecent(connection.authenticatedAt, now);
}
