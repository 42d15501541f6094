import 'server-only';
import { trueLayer } from '#lib/context/truelayer';
import { getAccountNumberHashKey } from '#lib/settings/sealed-settings';
import { TrueLayerError } from '#lib/truelayer/error';
import type { AnswerMeta } from '#lib/truelayer/http';
import type { SetAside } from '#lib/truelayer/rows';
import { requireBelievable } from './believe-list.ts';
import type { Fetch } from './fetch.ts';
import { fetchBooked } from './fetch-booked.ts';
import { keepAnswer, packAnswer } from './keep-answer.ts';
import { type ListedAccount, listedAccount, listedCard } from './listed-account.ts';
import type { SyncAccount } from './load-connection.ts';
import { noteFirstData } from './note-first-data.ts';
import { noteAccountResource, noteConnectionResource, okAt } from './note-resource.ts';
import { requireSamePerson } from './recognise.ts';
import type { SyncSession } from './session.ts';
import { storeSetAside } from './set-aside.ts';
import type { Step } from './step.ts';
import { storeAccounts } from './store-accounts.ts';
import { storeBalance } from './store-balance.ts';
import { storeHolders } from './store-holders.ts';
import { storeDirectDebits, storeStandingOrders } from './store-payments.ts';
import { storePending } from './store-pending.ts';

export type StepOutcome = 'stored' | 'asked';

/** Fetches one thing and stores it, with everything that says that it was, in one transaction. */
export function takeStep(session: SyncSession, step: Step, fetch: Fetch): Promise<StepOutcome> {
  switch (step.resource) {
    case 'accounts':
    case 'cards':
      return fetchList(session, step.resource, fetch);
    case 'info':
      return fetchHolders(session);
    case 'balance':
      return fetchBalance(session, step.account, fetch);
    case 'transactions':
      return fetchBooked(session, step.account, fetch);
    case 'pending':
      return fetchPending(session, step.account, fetch);
    case 'direct_debits':
      return fetchDirectDebits(session, step.account, fetch);
    case 'standing_orders':
      return fetchStandingOrders(session, step.account, fetch);
  }
}

type Answer = { meta: AnswerMeta; body: Uint8Array; setAside: SetAside[] };

async function fetchList(session: SyncSession, resource: 'accounts' | 'cards', fetch: Fetch): Promise<StepOutcome> {
  const hashKey = await getAccountNumberHashKey(session.ctx);
  if (resource === 'accounts') {
    const result = await fetch.get({ endpoint: 'accounts' }, (call) => trueLayer().listAccounts(call));
    return result === null ? 'asked' : storeList(session, resource, result.items.map(listedAccount), result, hashKey);
  }
  const result = await fetch.get({ endpoint: 'cards' }, (call) => trueLayer().listCards(call));
  return result === null ? 'asked' : storeList(session, resource, result.items.map(listedCard), result, hashKey);
}

async function storeList(
  session: SyncSession,
  resource: 'accounts' | 'cards',
  listed: readonly ListedAccount[],
  answer: Answer,
  hashKey: Buffer,
): Promise<StepOutcome> {
  const { id: connectionId, userId } = session.connection;
  const kind = resource === 'cards' ? 'card' : 'account';
  await requireSamePerson(session, kind, { listed, hashKey });
  requireBelievable(session, resource, listed.length + answer.setAside.length);
  return storeForConnection(session, resource, answer, (tx) =>
    storeAccounts(tx, { connectionId, userId }, kind, { listed, hashKey, isWhole: answer.setAside.length === 0 }),
  );
}

/** Never asynchronous: only the lists and what hangs on an account can be. */
async function fetchHolders(session: SyncSession): Promise<StepOutcome> {
  const result = await session.call((call) => trueLayer().getInfo(call));
  return storeForConnection(session, 'info', result, (tx) => storeHolders(tx, session.connection.id, result.items));
}

async function fetchBalance(session: SyncSession, account: SyncAccount, fetch: Fetch): Promise<StepOutcome> {
  const { kind, trueLayerId: id } = account;
  const result = await fetch.get({ endpoint: `${kind}_balance` }, (call) => trueLayer().getBalance(call, { kind, id }));
  if (result === null) return 'asked';
  const [balance] = result.items;
  if (balance === undefined) {
    const origin = { connectionId: session.connection.id, accountId: account.id, endpoint: result.meta.endpoint };
    await session.store((tx) => storeSetAside(tx, origin, result.setAside));
    throw new TrueLayerError({ code: 'unexpected_shape', kind: 'request' });
  }
  return storeForAccount(session, account, 'balance', result, async (tx) => {
    await storeBalance(tx, account.id, balance, result.meta.receivedAt);
    await noteFirstData(tx, session);
  });
}

async function fetchPending(session: SyncSession, account: SyncAccount, fetch: Fetch): Promise<StepOutcome> {
  const { kind, trueLayerId: id } = account;
  const endpoint = `${kind}_pending_transactions` as const;
  const result = await fetch.get({ endpoint }, (call) => trueLayer().getPendingTransactions(call, { kind, id }));
  if (result === null) return 'asked';
  return storeForAccount(session, account, 'pending', result, (tx) => storePending(tx, account.id, result.items));
}

async function fetchDirectDebits(session: SyncSession, account: SyncAccount, fetch: Fetch): Promise<StepOutcome> {
  const { trueLayerId: id } = account;
  const result = await fetch.get({ endpoint: 'account_direct_debits' }, (call) =>
    trueLayer().getDirectDebits(call, { id }),
  );
  if (result === null) return 'asked';
  return storeForAccount(session, account, 'direct_debits', result, (tx) =>
    storeDirectDebits(tx, account.id, result.items),
  );
}

async function fetchStandingOrders(session: SyncSession, account: SyncAccount, fetch: Fetch): Promise<StepOutcome> {
  const { trueLayerId: id } = account;
  const request = { endpoint: 'account_standing_orders' } as const;
  const result = await fetch.get(request, (call) => trueLayer().getStandingOrders(call, { id }));
  if (result === null) return 'asked';
  return storeForAccount(session, account, 'standing_orders', result, (tx) =>
    storeStandingOrders(tx, account.id, result.items),
  );
}

type Store = (tx: SyncSession['ctx']) => Promise<void>;

async function storeForConnection(
  session: SyncSession,
  resource: 'accounts' | 'cards' | 'info',
  answer: Answer,
  store: Store,
): Promise<StepOutcome> {
  const { id: connectionId } = session.connection;
  const packed = await packAnswer(session, answer.body);
  const { receivedAt, endpoint } = answer.meta;
  await session.store(async (tx) => {
    await store(tx);
    await storeSetAside(tx, { connectionId, accountId: null, endpoint }, answer.setAside);
    await keepAnswer(tx, connectionId, packed, { accountId: null, resource, isComplete: true, receivedAt });
    await noteConnectionResource(tx, connectionId, resource, okAt(tx.clock.now()));
  });
  session.tally.rowsSetAside += answer.setAside.length;
  return 'stored';
}

async function storeForAccount(
  session: SyncSession,
  { id: accountId }: SyncAccount,
  resource: 'balance' | 'pending' | 'direct_debits' | 'standing_orders',
  answer: Answer,
  store: Store,
): Promise<StepOutcome> {
  const { id: connectionId } = session.connection;
  const packed = await packAnswer(session, answer.body);
  const { receivedAt, endpoint } = answer.meta;
  await session.store(async (tx) => {
    await store(tx);
    await storeSetAside(tx, { connectionId, accountId, endpoint }, answer.setAside);
    await keepAnswer(tx, connectionId, packed, { accountId, resource, isComplete: true, receivedAt });
    await noteAccountResource(tx, accountId, resource, okAt(tx.clock.now()));
  });
  session.tally.rowsSetAside += answer.setAside.length;
  return 'stored';
}
