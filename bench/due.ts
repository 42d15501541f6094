import { setTimeout as wait } from 'node:timers/promises';
import { type Context, createContext, inTransaction } from '#lib/context/context';
import { database } from '#lib/db/client';
import { claimDue } from '#lib/sync/dispatch-due';
import { atMost, type Bench, figure, median } from './figure.ts';

const FEW = 10_000;
const MANY = 1_000_000;
const BATCH = 500;
const ROUNDS = 25;
/** As many are due at once in both, so that what differs is what isn't due. */
const DUE = BATCH * ROUNDS;

class Undone extends Error {}

/** Choosing what is due among so many connections that nearly nothing is. */
export const measureDue: Bench = async () => {
  const ctx = await createContext({ actor: { kind: 'system', job: 'bench' } });
  await addConnections(ctx, FEW);
  const few = await measure(ctx);
  await addConnections(ctx, MANY - FEW);
  const many = await measure(ctx);
  await withoutTriggers(ctx, (tx) => tx.db.$executeRaw`delete from connections where bank_id = 'ob-due'`);
  await ctx.db.$executeRaw`vacuum connections`;
  const method = `median of ${ROUNDS} times the statement by which a worker claims up to ${BATCH} due connections, ${Math.min(DUE, FEW / 2)} being due, each rolled back; rows made by insert … generate_series, analysed`;
  return [
    figure({ name: 'due work among 1,000,000', value: many, unit: 'ms', method }, atMost(50)),
    figure({ name: 'due work among 10,000', value: few, unit: 'ms', method }),
    figure({ name: 'due work, 1,000,000 ÷ 10,000', value: many / few, unit: '×', method }, atMost(1.5)),
  ];
};

async function measure(ctx: Context): Promise<number> {
  await ctx.db.$executeRaw`vacuum analyze connections`;
  await wait(200);
  const times: number[] = [];
  for (let round = -3; round < ROUNDS; round++) {
    const ms = await claimAndUndo(ctx);
    if (round >= 0) times.push(ms);
  }
  return median(times);
}

async function claimAndUndo(ctx: Context): Promise<number> {
  let ms = 0;
  await inTransaction(ctx, async (tx) => {
    const startedAt = performance.now();
    const ids = await claimDue(tx, BATCH);
    ms = performance.now() - startedAt;
    if (ids.length !== BATCH) throw new Error(`${ids.length} were due`);
    throw new Undone();
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return ms;
}

/** The first half of the first lot is due now; everything else at some time of the next day. */
async function addConnections(ctx: Context, count: number): Promise<void> {
  const due = Math.min(DUE, FEW / 2);
  await ctx.db.$executeRaw`
    insert into users (id, email, created_at) values ('019375f2-0000-7000-8000-000000000001', 'due@example.com', now())
    on conflict do nothing`;
  await ctx.db.$executeRaw`
    insert into banks (id, display_name, country, first_seen_at, last_seen_at, permissions)
    values ('ob-due', 'Due', 'uk', now(), now(), '{}') on conflict do nothing`;
  const isFirst = (await ctx.db.connection.count({ where: { bankId: 'ob-due' } })) === 0;
  await withoutTriggers(
    ctx,
    (tx) => tx.db.$executeRaw`
    insert into connections (id, user_id, bank_id, bank_name, status, status_changed_at, connected_at, first_data_at,
      last_synced_at, consent_expires_at, next_sync_at, next_reminder_at)
    select gen_random_uuid(), '019375f2-0000-7000-8000-000000000001', 'ob-due', 'Due', 'active', now(), now(), now(), now(),
      now() + interval '60 days',
      case when ${isFirst} and n <= ${due} then now() - make_interval(secs => n) else now() + make_interval(secs => 60 + n % 86400) end,
      now() + interval '30 days'
    from generate_series(1, ${count}::int) n`,
  );
}

/** A million rows that nothing hangs on: checking each of their references, one by one, would take minutes. */
async function withoutTriggers(ctx: Context, work: (tx: Context) => Promise<unknown>): Promise<void> {
  await database().$transaction(
    async (db) => {
      await db.$executeRaw`set local session_replication_role = replica`;
      await work({ ...ctx, db, isInTransaction: true });
    },
    { timeout: 300_000 },
  );
}
