import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordAudit } from '#lib/audit/record';
import { type Context, createContext, inTransaction } from '#lib/context/context';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { letGo } from './let-go.ts';
import { RETENTION_RULES } from './rules.ts';

let own: OwnDatabase;
let ctx: Context;
let connectionId: string;
let userId: string;
beforeAll(async () => {
  own = await ownDatabase();
  ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  userId = await addUser(ctx);
  connectionId = await addBareConnection(ctx, { userId });
});
afterAll(() => own.drop());

const ago = (days: number) => addMs(ctx.clock.now(), -days * DAY_MS);
const sealed = Buffer.concat([Buffer.from([1]), Buffer.alloc(40)]);

const count = async (table: string) =>
  Number((await own.query<{ count: string }>(`select count(*) from ${table}`)).rows[0]?.count);

async function addCalls(at: Date, times: number): Promise<void> {
  const call = { connectionId, endpoint: 'accounts', isAttended: true, isCounted: false, startedAt: at };
  const data = Array.from({ length: times }, () => ({ ...call, correlationId: randomUUID() }));
  await ctx.db.truelayerCall.createMany({ data });
}

async function addAnswer(receivedAt: Date): Promise<void> {
  const answer = {
    connectionId,
    resource: 'accounts',
    isComplete: true,
    receivedAt,
    byteCount: 40,
    bodySealed: sealed,
  };
  await ctx.db.bankAnswer.create({ data: answer, select: { id: true } });
}

test('what has been kept long enough goes, in batches, and the rest stays', async () => {
  await addCalls(ago(200), 7);
  await addCalls(ago(20), 3);
  await addAnswer(ago(31));
  await addAnswer(ago(29));
  await ctx.db.session.createMany({
    data: [-HOUR_MS, HOUR_MS].map((ms) => ({
      userId,
      tokenHash: Buffer.from(randomUUID()),
      expiresAt: addMs(new Date(), ms),
      createdAt: new Date(),
    })),
  });
  const run = { connectionId, trigger: 'scheduled', isAttended: false, startedAt: ago(300) } as const;
  await ctx.db.syncRun.createMany({ data: [run, { ...run, outcome: 'complete', finishedAt: ago(300) }] });

  const gone = await letGo(ctx, { batchSize: 2 });
  expect(Object.fromEntries(gone.map(({ table, rows }) => [table, rows]))).toMatchObject({
    truelayer_calls: 7,
    bank_answers: 1,
    sessions: 1,
    sync_runs: 1,
  });
  expect(await count('truelayer_calls')).toBe(3);
  expect(await count('bank_answers')).toBe(1);
  expect(await count('sessions')).toBe(1);
  expect(await count('connections')).toBe(1);
  expect(await letGo(ctx)).toEqual([]);
});

test('periods are the settings’, at once; the calls of a week stay whatever they say', async () => {
  const save = (value: Record<string, number>) =>
    ctx.db.setting.upsert({
      where: { key: 'settings' },
      create: { key: 'settings', value, updatedAt: new Date() },
      update: { value },
      select: { key: true },
    });
  await own.query('truncate truelayer_calls');
  await addCalls(ago(8), 1);
  await addCalls(addMs(ctx.clock.now(), -23 * HOUR_MS), 4);
  await save({ callRetentionDays: 7, answerRetentionDays: 10 });
  expect(await letGo(ctx)).toEqual([
    { table: 'bank_answers', rows: 1 },
    { table: 'truelayer_calls', rows: 1 },
  ]);
  await save({ callRetentionDays: 0 });
  expect(await letGo(ctx)).toEqual([]);
  expect(await count('truelayer_calls')).toBe(4);
});

test('the audit is in no rule, and every rule’s condition is one that the database can find rows by', async () => {
  await inTransaction(ctx, (tx) => recordAudit(tx, { action: 'test', subject: { kind: 'test', id: 'old' } }));
  expect(RETENTION_RULES.map(({ table }) => table)).not.toContain('audit_entries');
  await expect(own.query("delete from audit_entries where action = 'test'")).rejects.toThrow();
  await own.query('set enable_seqscan = off');
  for (const { table, isOver } of RETENTION_RULES) {
    const { rows } = await own.query<{ 'QUERY PLAN': string }>(
      `explain select ctid from ${table} where ${isOver.replace('$1', "timestamptz '2020-01-01'")} limit 5000`,
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n'), table).toMatch(/Index (Only )?Scan|Bitmap Index Scan/);
  }
});

test('stops between batches when the worker does, and is nobody’s but a job’s', async () => {
  await addCalls(ago(300), 10);
  const stopped = AbortSignal.abort();
  expect(await letGo(ctx, { batchSize: 1, signal: stopped })).toEqual([]);
  const person = { ...ctx, actor: { kind: 'admin', userId } as const };
  await expect(letGo(person)).rejects.toMatchObject({ kind: 'forbidden' });
});
