import 'server-only';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { Context } from '#lib/context/context';
import { openBytes } from '#lib/crypto/seal';
import { fixedClock } from '#lib/time/clock';
import { dayOf } from '#lib/time/day';
import type { AccountKind } from '#lib/truelayer/call';
import {
  parseBalance,
  parseDirectDebits,
  parsePendingTransactions,
  parseStandingOrders,
  parseTransactions,
} from '#lib/truelayer/parse';
import type { SetAside } from '#lib/truelayer/rows';
import { cellOf } from './keep-answer.ts';
import { planReplay } from './plan-replay.ts';
import { storeSetAside } from './set-aside.ts';
import { storeBalance } from './store-balance.ts';
import { storeBooked } from './store-booked.ts';
import { storeDirectDebits, storeStandingOrders } from './store-payments.ts';
import { storePending } from './store-pending.ts';

export type ReplayAccount = { id: string; connectionId: string; kind: AccountKind };

/** One of the kept answers, without its body: that is opened when its turn comes. */
export type AnswerHead = {
  id: string;
  resource: string;
  windowFrom: Date | null;
  windowTo: Date | null;
  isComplete: boolean;
  receivedAt: Date;
};

const unpack = promisify(zstdDecompress);

/**
 * Runs today's rules over an account's kept answers, one after another and one in memory at a time, with the storing that a
 * sync has, and as if it were then. In the caller's transaction. What is replaced as a whole is read from its newest answer only.
 */
export async function replayAnswers(
  ctx: Context,
  account: ReplayAccount,
  heads: readonly AnswerHead[],
): Promise<{ setAside: number }> {
  const tally = { setAside: 0 };
  const aside = async (tx: Context, resource: string, rows: readonly SetAside[]) => {
    tally.setAside += rows.length;
    const { id: accountId, connectionId } = account;
    await storeSetAside(tx, { connectionId, accountId, endpoint: `${account.kind}_${resource}` }, rows);
  };
  await replayBooked(ctx, account, heads, aside);
  const ofKind = (resource: string) => heads.filter((head) => head.resource === resource);
  for (const head of ofKind('balance')) {
    const { items, setAside } = parseBalance(await openBody(ctx, head.id), account.kind);
    const [balance] = items;
    if (balance !== undefined) await storeBalance(ctx, account.id, balance, head.receivedAt);
    await aside(ctx, 'balance', setAside);
  }
  const replace = async (resource: string, store: (tx: Context, body: Uint8Array) => Promise<readonly SetAside[]>) => {
    const newest = ofKind(resource).at(-1);
    if (newest === undefined) return;
    const tx = at(ctx, newest.receivedAt);
    await aside(tx, resource, await store(tx, await openBody(ctx, newest.id)));
  };
  await replace('pending', async (tx, body) => {
    const { items, setAside } = parsePendingTransactions(body, account.kind);
    await storePending(tx, account.id, items);
    return setAside;
  });
  await replace('direct_debits', async (tx, body) => {
    const { items, setAside } = parseDirectDebits(body);
    await storeDirectDebits(tx, account.id, items);
    return setAside;
  });
  await replace('standing_orders', async (tx, body) => {
    const { items, setAside } = parseStandingOrders(body);
    await storeStandingOrders(tx, account.id, items);
    return setAside;
  });
  return tally;
}

type Aside = (tx: Context, resource: string, rows: readonly SetAside[]) => Promise<void>;

async function replayBooked(ctx: Context, account: ReplayAccount, heads: readonly AnswerHead[], aside: Aside) {
  const answers = heads.flatMap(({ id, resource, windowFrom, windowTo, receivedAt, isComplete }) => {
    if (resource !== 'transactions' || windowFrom === null || windowTo === null) return [];
    return [{ id, window: { from: dayOf(windowFrom), to: dayOf(windowTo) }, receivedAt, isComplete }];
  });
  for (const { answerId, receivedAt, window, surely } of planReplay(answers)) {
    const tx = at(ctx, receivedAt);
    const { rows } = parseTransactions(await openBody(ctx, answerId), account.kind);
    const sure = surely !== null && (await hasLaterRows(tx, account.id, surely)) ? null : surely;
    const outcome = await storeBooked(tx, { accountId: account.id, window, batches: rows, surely: sure });
    await aside(tx, 'transactions', outcome.setAside);
  }
}

/** An answer that wasn't kept brought rows after this one did: then what is missing in this one hasn't gone. */
async function hasLaterRows(ctx: Context, accountId: string, { from, to }: { from: string; to: string }) {
  const [row] = await ctx.db.$queryRaw<{ has: boolean }[]>`
    select exists (select from transactions where account_id = ${accountId}::uuid
      and booked_on between ${from}::date and ${to}::date and vanished_at is null
      and first_seen_at > ${ctx.clock.now()}::timestamptz + interval '10 minutes') as has`;
  return row?.has === true;
}

/** When the answer came is when it is stored: rows that it brings were first seen then. */
function at(ctx: Context, instant: Date): Context {
  return { ...ctx, clock: fixedClock(instant) };
}

async function openBody(ctx: Context, id: string): Promise<Uint8Array> {
  const { bodySealed } = await ctx.db.bankAnswer.findUniqueOrThrow({ where: { id }, select: { bodySealed: true } });
  return unpack(openBytes(cellOf(id), bodySealed));
}
