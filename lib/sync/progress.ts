import 'server-only';
import { type AlikeFaults, addFault, isAccountWide, isConnectionWide } from './fault-scope.ts';
import { type Fault, faultOf, kindOfCode } from './faults.ts';
import type { Fetch } from './fetch.ts';
import { loadSyncConnection, type SyncAccount, type SyncConnection } from './load-connection.ts';
import { noteAccountResource, noteConnectionResource } from './note-resource.ts';
import type { ResourceRecord } from './resource.ts';
import type { SyncSession } from './session.ts';
import { isSignInRecent } from './sign-in-window.ts';
import { keyOfStep, type Step } from './step.ts';
import type { StepOutcome } from './take-step.ts';
import { type StepFault, tryStep } from './try-step.ts';

/** What has come of a run so far. */
export type Progress = {
  /** As it was last read. */
  connection: SyncConnection;
  taken: Set<string>;
  /** Lists that were asked for once more, because a bank didn't know an account by the id that it had. */
  relisted: Set<'accounts' | 'cards'>;
  succeeded: Step[];
  /** What went wrong and may matter, by step: not what a bank simply doesn't have. */
  faults: Map<string, Fault>;
  /** The fault that ended the run before all was tried, and until when no background call is made because of it. */
  stoppedBy: (Fault & { heldUntil: Date | null }) | null;
  spentAccounts: Set<string>;
  /** Steps that are repeated in this run, and when. */
  retryAt: Map<string, Date>;
  /** Nothing else is worth asking for before this. */
  pausedUntil: Date | null;
  alike: AlikeFaults | null;
  /** TrueLayer is working on a step, and will tell: the run goes on then. */
  isWaiting: boolean;
  /** A task of this run's was lost: the rest is asked for plainly. */
  isAsyncLost: boolean;
};

/** A run's progress, read from what it has left behind: any process may go on with it. */
export function readProgress(session: SyncSession): Progress {
  const { connection, run, accountIds } = session;
  const progress: Progress = {
    connection,
    taken: new Set(),
    relisted: new Set(LISTS.filter((list) => isWantedSince(connection, list, run.startedAt))),
    succeeded: [],
    faults: new Map(),
    stoppedBy: null,
    spentAccounts: new Set(),
    retryAt: new Map(),
    pausedUntil: null,
    alike: null,
    isWaiting: false,
    isAsyncLost: false,
  };
  knowAccounts(accountIds, connection);
  for (const [step, record] of listTried(connection, run.startedAt)) {
    if (isWanted(record) || isToRepeat(step, record, connection)) continue;
    progress.taken.add(keyOfStep(step));
    if (record.state === 'ok') progress.succeeded.push(step);
    else if (isWorthTelling(record)) progress.faults.set(keyOfStep(step), toPastFault(record));
    if (record.state === 'waiting' && step.account !== null) progress.spentAccounts.add(step.account.id);
  }
  resumeRetries(session, progress);
  return progress;
}

/** Another process was to repeat these within seconds, before the bank closes its history. */
function resumeRetries({ ctx, isAttended }: SyncSession, progress: Progress): void {
  const { connection } = progress;
  if (isAttended) return;
  for (const [step, { state, nextTryAt }] of listTried(connection, connection.authenticatedAt ?? ctx.clock.now())) {
    if (state !== 'failing' || nextTryAt === null || !isSignInRecent(connection.authenticatedAt, nextTryAt)) continue;
    progress.taken.delete(keyOfStep(step));
    progress.retryAt.set(keyOfStep(step), nextTryAt);
  }
}

/** Takes one step and notes what came of it. */
export async function takeOne(
  session: SyncSession,
  progress: Progress,
  step: Step,
  fetch: Fetch,
): Promise<StepOutcome | StepFault> {
  const key = keyOfStep(step);
  progress.taken.add(key);
  progress.retryAt.delete(key);
  progress.pausedUntil = null;
  const result = await tryStep(session, step, fetch);
  if (result === 'asked') {
    progress.isWaiting = true;
    return result;
  }
  if (result === 'stored') {
    progress.succeeded.push(step);
    progress.faults.delete(key);
    progress.alike = null;
  } else await addStepFault(session, progress, step, result);
  if (step.account === null || (result !== 'stored' && result.action === 'relist')) {
    progress.connection = await loadSyncConnection(session.ctx, session.connection.id, session.role);
    knowAccounts(session.accountIds, progress.connection);
  }
  return result;
}

/** Takes a fault into account: for this resource, its account or the whole connection. */
export async function addStepFault(
  session: SyncSession,
  progress: Progress,
  step: Step,
  fault: StepFault,
): Promise<void> {
  const { account } = step;
  if (fault.action === 'relist' && account !== null && (await wantList(session, account, progress))) {
    progress.taken.delete(keyOfStep(step));
    const { state, code, tries } = fault;
    const note = { state, code, triedAt: session.ctx.clock.now(), nextTryAt: null, tries };
    await noteAccountResource(session.ctx, account.id, step.resource, note);
    return;
  }
  if (isWorthTelling(fault)) progress.faults.set(keyOfStep(step), fault);
  if (fault.action === 'stop' || fault.action === 'reauthenticate') stop(progress, fault);
  else if (fault.action === 'skip_account') leaveAccount(session, progress, account);
  else if (fault.isInWindow && fault.nextTryAt !== null) repeat(session, progress, step, fault.nextTryAt);
  else if (fault.action === 'contain') contain(session, progress, step, fault);
  else if (isListNeeded(session, progress, step) && fault.state === 'failing') stop(progress, fault);
}

function stop(progress: Progress, fault: StepFault): void {
  progress.stoppedBy = { ...fault, heldUntil: fault.nextTryAt };
}

/** Where each endpoint has calls of its own, those of one say nothing about another's. */
function leaveAccount({ bank }: SyncSession, progress: Progress, account: SyncAccount | null): void {
  if (account !== null && !bank.limitsPerEndpoint) progress.spentAccounts.add(account.id);
}

/** While the bank opens its history: the others go on at once, and this is tried again in seconds. */
function repeat(session: SyncSession, progress: Progress, step: Step, at: Date): void {
  progress.taken.delete(keyOfStep(step));
  progress.retryAt.set(keyOfStep(step), at);
  if (isListNeeded(session, progress, step)) progress.pausedUntil = at;
}

function contain(session: SyncSession, progress: Progress, step: Step, fault: StepFault): void {
  progress.alike = addFault(progress.alike, fault.kind, step);
  if (isConnectionWide(progress.alike) || isListNeeded(session, progress, step)) stop(progress, fault);
  else if (step.account !== null && isAccountWide(progress.alike, step.account.id)) {
    progress.spentAccounts.add(step.account.id);
  }
}

/** Without a list nothing is known that could be asked for, or a renewal is not known to be the same login's. */
function isListNeeded({ role }: SyncSession, { connection }: Progress, { resource }: Step): boolean {
  const isList = resource === 'accounts' || resource === 'cards';
  return isList && (role === 'incoming' || connection.accounts.length === 0);
}

/**
 * An account that the bank doesn't know is looked for in a new list, once in a run, and asked again. It is written down, since
 * another process may go on with the run. False when that has been done.
 */
async function wantList(session: SyncSession, { kind }: SyncAccount, progress: Progress): Promise<boolean> {
  const list = listOf(kind);
  if (progress.taken.has(list) || progress.relisted.has(list)) return false;
  progress.relisted.add(list);
  const triedAt = session.ctx.clock.now();
  const note = { state: 'failing', code: LIST_WANTED, triedAt, nextTryAt: null, tries: 0 } as const;
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
  if (account === null || record.state !== 'failing' || kindOfCode(record.code) !== 'not_found') return false;
  const list = resources.get(listOf(account.kind));
  return list !== undefined && list.lastTriedAt >= record.lastTriedAt && (list.state === 'ok' || isWanted(list));
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
  const kind = state === 'refused' ? 'denied' : kindOfCode(code);
  return faultOf(kind, code ?? 'unknown', { isReported: false, state });
}
