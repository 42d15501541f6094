import 'server-only';
import { nameOf } from '#lib/accounts/account-name';
import type { Context } from '#lib/context/context';
import type { Prisma, SyncOutcome } from '#lib/db/generated/client';
import { IS_VISIBLE } from '#lib/db/visible-transaction';
import { addMs, MINUTE_MS } from '#lib/time/span';

export type StepState = 'waiting' | 'running' | 'done' | 'partly' | 'failed' | 'not_asked';

/** No dates and no decimals: it also goes to the landing page as JSON. */
export type Progress = {
  steps: { accounts: StepState; balances: StepState; transactions: StepState };
  counts: { accounts: number; balances: number; transactions: number };
  accounts: LandedAccount[];
};

export type LandedAccount = {
  id: string;
  name: string;
  numberHint: string | null;
  /** As the person has it: what is owed on a card is less than nothing. */
  balance: { amount: string; currency: string } | null;
};

type Resource = { resource: string; state: string; accounts: number };

/** What has arrived through a connection so far. */
export async function readProgress(
  ctx: Context,
  connectionId: string | null,
  permissions: readonly string[],
): Promise<Progress> {
  const none: Progress = {
    steps: { accounts: 'waiting', balances: 'waiting', transactions: 'waiting' },
    counts: { accounts: 0, balances: 0, transactions: 0 },
    accounts: [],
  };
  if (connectionId === null) return none;
  const [run, listed, resources, counted] = await Promise.all([
    ctx.db.syncRun.findFirst({
      where: { connectionId },
      orderBy: { startedAt: 'desc' },
      select: { outcome: true, isAttended: true, finishedAt: true },
    }),
    ctx.db.bankAccount.findMany({
      where: { connectionId, goneAt: null },
      select: LANDED,
      orderBy: [{ position: 'asc' }, { id: 'asc' }],
    }),
    ctx.db.$queryRaw<Resource[]>`
      select r.resource, r.state, count(*)::int as accounts from account_resources r
      join accounts a on a.id = r.account_id where a.connection_id = ${connectionId}::uuid and a.gone_at is null
      group by r.resource, r.state`,
    ctx.db.$queryRaw<[{ rows: number }]>`
      select count(*)::int as rows from transactions t join accounts a on a.id = t.account_id
      where a.connection_id = ${connectionId}::uuid and ${IS_VISIBLE}`,
  ]);
  const accounts = listed.length;
  const outcome = run?.outcome ?? 'running';
  // The run that the user waits for leaves the transactions to a job, which begins at once. A job that doesn't, won't.
  const isJobDue =
    run?.isAttended === true && run.finishedAt !== null && addMs(run.finishedAt, JOB_DUE_MS) > ctx.clock.now();
  const listing = listed.length > 0 ? 'done' : WITHOUT_ACCOUNTS[outcome];
  const step = (resource: string, permission: string): StepState => {
    if (!permissions.includes(permission)) return 'not_asked';
    if (accounts === 0) return listing;
    const of = (isGood: boolean) =>
      resources
        .filter((row) => row.resource === resource && HAS_COME.has(row.state) === isGood)
        .reduce((sum, row) => sum + row.accounts, 0);
    const [good, bad] = [of(true), of(false)];
    if (good === accounts) return 'done';
    if (good + bad >= accounts) return good > 0 ? 'partly' : 'failed';
    if (outcome === 'running') return 'running';
    if (outcome === 'complete' || isJobDue) return 'waiting';
    return good > 0 ? 'partly' : 'failed';
  };
  return {
    steps: {
      accounts: listing,
      balances: step('balance', 'balance'),
      transactions: step('transactions', 'transactions'),
    },
    counts: {
      accounts,
      balances: resources
        .filter((row) => row.resource === 'balance' && row.state === 'ok')
        .reduce((sum, row) => sum + row.accounts, 0),
      transactions: counted[0].rows,
    },
    accounts: listed.map(toLandedAccount),
  };
}

const JOB_DUE_MS = MINUTE_MS;

/** What a bank simply doesn't have is nothing that is missing. */
const HAS_COME: ReadonlySet<string> = new Set(['ok', 'unsupported']);

/** How the list of accounts stands while it is empty. */
const WITHOUT_ACCOUNTS: Record<SyncOutcome, StepState> = {
  running: 'running',
  complete: 'done',
  partial: 'failed',
  failed: 'failed',
};

const LANDED = {
  id: true,
  kind: true,
  displayName: true,
  ownName: true,
  numberHint: true,
  currentBalance: true,
  balanceCurrency: true,
  currency: true,
} satisfies Prisma.BankAccountSelect;

function toLandedAccount(row: Prisma.BankAccountGetPayload<{ select: typeof LANDED }>): LandedAccount {
  const { kind, balanceCurrency, currency } = row;
  const balance = kind === 'card' ? row.currentBalance?.negated() : row.currentBalance;
  return {
    id: row.id,
    name: nameOf(row),
    numberHint: row.numberHint,
    balance: balance ? { amount: balance.toFixed(), currency: balanceCurrency ?? currency } : null,
  };
}
