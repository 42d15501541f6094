import 'server-only';
import { handlingByCode, isKnownCode } from '#lib/truelayer/error-codes';
import { type Fault, HANDLING } from './faults.ts';
import type { Fetch } from './fetch.ts';
import { loadSyncConnection, type SyncAccount, type SyncConnection } from './load-connection.ts';
import { noteConnectionResource } from './note-resource.ts';
import type { ResourceRecord } from './resource.ts';
import type { SyncSession } from './session.ts';
import { keyOfStep, type Step } from './step.ts';
import type { StepOutcome } from './take-step.ts';
import { tryStep } from './try-step.ts';

/** What has come of a run so far. */
export type Progress = {
  /** As it was last read. */
  connection: SyncConnection;
  taken: Set<string>;
  /** Lists that were asked for once more, because a bank didn't know an account by the id that it had. */
  relisted: Set<'accounts' | 'cards'>;
  succeeded: Step[];
  /** What went wrong and may matter: not what a bank simply doesn't have. */
  faults: Fault[];
  /** The fault that ended the run before all was tried. */
  stoppedBy: Fault | null;
  spentAccounts: Set<string>;
  /** TrueLayer is working on a step, and will tell: the run goes on then. */
  isWaiting: boolean;
};

/** A run's progress, read from what it has left behind: any process may go on with it. */
export function readProgress({ connection, run, accountIds }: SyncSession): Progress {
  const progress: Progress = {
    connection,
    taken: new Set(),
    relisted: new Set(LISTS.filter((list) => isWantedSince(connection, list, run.startedAt))),
    succeeded: [],
    faults: [],
    stoppedBy: null,
    spentAccounts: new Set(),
    isWaiting: false,
  };
  knowAccounts(accountIds, connection);
  for (const [step, record] of listTried(connection, run.startedAt)) {
    if (isWanted(record) || isToRepeat(step, record, connection)) continue;
    progress.taken.add(keyOfStep(step));
    if (record.state === 'ok') progress.succeeded.push(step);
    else if (isWorthTelling(record)) progress.faults.push(toPastFault(record));
    if (record.state === 'waiting' && step.account !== null) progress.spentAccounts.add(step.account.id);
  }
  return progress;
}

/** Takes one step and notes what came of it. */
export async function takeOne(
  session: SyncSession,
  progress: Progress,
  step: Step,
  fetch: Fetch,
): Promise<StepOutcome | Fault> {
  progress.taken.add(keyOfStep(step));
  const result = await tryStep(session, step, fetch);
  if (result === 'asked') {
    progress.isWaiting = true;
    return result;
  }
  if (result === 'stored') progress.succeeded.push(step);
  else await noteFault(session, progress, step, result);
  if (step.account === null || (result !== 'stored' && result.action === 'relist')) {
    progress.connection = await loadSyncConnection(session.ctx, session.connection.id, session.role);
    knowAccounts(session.accountIds, progress.connection);
  }
  return result;
}

async function noteFault(session: SyncSession, progress: Progress, step: Step, fault: Fault): Promise<void> {
  if (fault.action === 'relist' && step.account !== null && (await wantList(session, step.account, progress))) {
    progress.taken.delete(keyOfStep(step));
    return;
  }
  if (isWorthTelling(fault)) progress.faults.push(fault);
  if (fault.action === 'stop' || fault.action === 'reauthenticate') progress.stoppedBy = fault;
  if (fault.action === 'skip_account' && step.account !== null) progress.spentAccounts.add(step.account.id);
}

/**
 * An account that the bank doesn't know is looked for in a new list, once in a run, and asked again. It is written down, since
 * another process may go on with the run. False when that has been done.
 */
async function wantList(session: SyncSession, { kind }: SyncAccount, progress: Progress): Promise<boolean> {
  const list = listOf(kind);
  if (progress.taken.has(list) || progress.relisted.has(list)) return false;
  progress.relisted.add(list);
  const note = { state: 'failing', code: LIST_WANTED, triedAt: session.ctx.clock.now() } as const;
  await noteConnectionResource(session.ctx, session.connection.id, list, note);
  return true;
}

const LISTS = ['accounts', 'cards'] as const;
const LIST_WANTED = 'list_wanted';

function listOf(kind: SyncAccount['kind']): (typeof LISTS)[number] {
  return kind === 'account' ? 'accounts' : 'cards';
}

function isWanted({ state, code }: ResourceRecord): boolean {
  return state === 'failing' && code === LIST_WANTED;
}

function isWantedSince({ resources }: SyncConnection, list: (typeof LISTS)[number], since: Date): boolean {
  const record = resources.get(list);
  return record !== undefined && isWanted(record) && record.lastTriedAt >= since;
}

/** The bank didn't know the account, and since then its list has come anew, or is still to come. */
function isToRepeat({ account }: Step, record: ResourceRecord, { resources }: SyncConnection): boolean {
  if (account === null || record.state !== 'failing' || !isUnknownAccount(record.code)) return false;
  const list = resources.get(listOf(account.kind));
  return list !== undefined && list.lastTriedAt >= record.lastTriedAt && (list.state === 'ok' || isWanted(list));
}

function isUnknownAccount(code: string | null): boolean {
  return code !== null && isKnownCode(code) && handlingByCode[code].kind === 'not_found';
}

function knowAccounts(accountIds: Map<string, string>, connection: SyncConnection): void {
  for (const { id, trueLayerId } of connection.accounts) accountIds.set(trueLayerId, id);
}

/** In the order in which they were tried, so that the first fault of a run stays its first. */
function listTried(connection: SyncConnection, since: Date): [Step, ResourceRecord][] {
  const ofConnection = [...connection.resources].map(([resource, record]): [Step, ResourceRecord] => [
    { resource, account: null },
    record,
  ]);
  const ofAccounts = connection.accounts.flatMap((account) =>
    [...account.resources].map(([resource, record]): [Step, ResourceRecord] => [{ resource, account }, record]),
  );
  return [...ofConnection, ...ofAccounts]
    .filter(([, record]) => record.lastTriedAt >= since)
    .toSorted(([, one], [, other]) => one.lastTriedAt.getTime() - other.lastTriedAt.getTime());
}

function isWorthTelling(fault: Pick<Fault, 'state'>): boolean {
  return fault.state !== 'unsupported' && fault.state !== 'needs_sign_in';
}

function toPastFault({ state, code }: ResourceRecord): Fault {
  const handling = state === 'refused' ? HANDLING.denied : HANDLING.request;
  return { ...handling, isReported: false, state, code: code ?? 'unknown', retryAfterMs: null };
}
