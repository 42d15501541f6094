import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBoss } from '#lib/queue/boss';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import type { Database } from './client.ts';
import { examineRuntimeRole } from './runtime-role.ts';

const AUDIT_ROW = `insert into audit_entries (id, at, actor_kind, action, subject_kind, subject_id)
  values (gen_random_uuid(), now(), 'system', 'test.done', 'test', gen_random_uuid())`;
const CALL_ROW = `insert into truelayer_calls (id, connection_id, bank_id, endpoint, correlation_id, is_attended, is_counted, started_at)
  values (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'bank', 'balance', gen_random_uuid(), false, true, now())`;

let own: OwnDatabase;
let runtime: pg.Client;
let owner: pg.Client;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  own = await ownDatabase();
  runtime = await connect(own.url);
  owner = await connect(own.ownerUrl);
  await runtime.query(AUDIT_ROW);
  await runtime.query('insert into audit_reasons (entry_id) select id from audit_entries');
});
afterAll(async () => {
  await Promise.all([runtime.end(), owner.end()]);
  await own.drop();
});

/** Runs a statement in a transaction that is rolled back. @returns the SQLSTATE of a refusal, or null. */
async function outcomeOf(client: { query: pg.Client['query'] }, statement: string): Promise<string | null> {
  await client.query('begin');
  try {
    await client.query(statement);
    return null;
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error);
  } finally {
    await client.query('rollback');
  }
}

const PERMISSION_DENIED = '42501';

/** What the owner may do and the runtime role may not. */
test.each([
  ['disable the audit’s trigger', 'alter table audit_entries disable trigger audit_entries_append_only'],
  ['disable every trigger of the call log', 'alter table truelayer_calls disable trigger user'],
  ['drop the audit’s trigger', 'drop trigger audit_entries_append_only on audit_entries'],
  ['drop the quota’s trigger', 'drop trigger truelayer_calls_four_a_day on truelayer_calls'],
  [
    'replace the quota’s function',
    'create or replace function refuse_fifth_unattended_call() returns trigger language plpgsql as $$ begin return new; end $$',
  ],
  ['give the quota’s function another search path', 'alter function refuse_fifth_unattended_call() reset search_path'],
  [
    'create a trigger',
    'create trigger t before insert on settings for each row execute function refuse_audit_change()',
  ],
  ['create a table', 'create table mine (id int)'],
  ['create a table of the queue', 'create table pgboss.mine (id int)'],
  ['create a function', 'create function mine() returns int language sql as $$ select 1 $$'],
  ['alter a table', 'alter table settings add column mine int'],
  ['drop a table', 'drop table settings'],
  ['rename a table', 'alter table audit_entries rename to old_entries'],
  ['drop a constraint', 'alter table truelayer_calls drop constraint truelayer_calls_counted_check'],
  ['record a migration', 'delete from _prisma_migrations'],
  ['change the version of the queue’s tables', 'insert into pgboss.version (version) values (1)'],
  ['choose which migrations of the queue run', 'update pgboss.version set version = 45'],
  ['put a queue into another table', "update pgboss.queue set table_name = 'job_common'"],
  ['make a queue partitioned', 'update pgboss.queue set partition = false'],
  ['change a queue’s policy', "update pgboss.queue set policy = 'standard'"],
  ['rename a queue', "update pgboss.queue set name = name || '2'"],
  ['delete a queue', 'delete from pgboss.queue'],
  ['create a rule', 'create rule quiet as on update to audit_entries do instead nothing'],
])('the runtime role may not %s', async (_, statement) => {
  expect(await outcomeOf(owner, statement)).toBeNull();
  expect(await outcomeOf(runtime, statement)).toBe(PERMISSION_DENIED);
});

/** What even the owner has to switch a trigger off for; an administrator may. */
test.each([
  ['change an audit entry', "update audit_entries set action = 'test.undone'"],
  ['delete audit entries', 'delete from audit_reasons; delete from audit_entries'],
  ['empty the audit', 'truncate audit_entries cascade'],
  ['change a sealed reason', 'update audit_reasons set ciphertext = ciphertext'],
  ['delete sealed reasons', 'delete from audit_reasons'],
])('the runtime role may not %s', async (_, statement) => {
  const disable = ['audit_entries', 'audit_reasons'].map((table) => `alter table ${table} disable trigger user`);
  expect(await outcomeOf(owner, `${disable.join(';')}; ${statement}`)).toBeNull();
  expect(await outcomeOf(owner, statement)).toBe('LW006');
  expect(await outcomeOf(runtime, statement)).toBe(PERMISSION_DENIED);
});

test.each([
  ['switch all triggers off in its session', 'set session_replication_role = replica'],
  ['become the owner', 'set role linkwell_owner'],
  ['create a schema', 'create schema mine'],
  ['create a role', 'create role another'],
  ['read the server’s files', "select pg_read_file('/etc/passwd')"],
  ['run a program on the server', "copy settings from program 'true'"],
  ['read password hashes', 'select rolpassword from pg_authid'],
])('the runtime role may not %s', async (_, statement) => {
  expect(await outcomeOf({ query: own.query }, statement)).toBeNull();
  expect(await outcomeOf(runtime, statement)).toBe(PERMISSION_DENIED);
});

test('the runtime role may do what the application does', async () => {
  for (const statement of [
    AUDIT_ROW,
    "insert into settings (key, value, updated_at) values ('test', '1', now())",
    'delete from sessions',
    'delete from truelayer_calls',
    'update pgboss.queue set updated_on = now(), monitor_on = now(), queued_count = 1, ready_history = array[1]',
    'select name from pgboss.queue order by name for no key update',
    'update pgboss.version set cron_on = now(), bam_on = now(), flow_on = now(), reindex_on = now(), monitor_backoff_on = now()',
    'delete from pgboss.job',
    'create temporary table scratch (id int) on commit drop',
    'select count(*) from _prisma_migrations',
    'notify something',
  ]) {
    expect(await outcomeOf(runtime, statement), statement).toBeNull();
  }
});

test('a queue that the runtime role adds has the shared job table', async () => {
  const queueIn = (
    partition: boolean,
    table: string,
  ) => `insert into pgboss.queue (name, policy, retry_limit, retry_delay,
      retry_backoff, expire_seconds, retention_seconds, deletion_seconds, partition, table_name)
    values ('own', 'standard', 0, 0, false, 1, 1, 1, ${partition}, '${table}')`;
  expect(await outcomeOf(runtime, queueIn(false, 'job_common'))).toBeNull();
  expect(await outcomeOf(runtime, queueIn(true, 'job_common'))).toBe('23514');
  expect(await outcomeOf(runtime, queueIn(false, 'u1 ON public.audit_entries ((1)) --'))).toBe('23514');
});

test('a worker’s queue starts, works and supervises as the runtime role', async () => {
  const boss = createBoss('works', own.url);
  const errors: unknown[] = [];
  boss.on('error', (error) => errors.push(error));
  await boss.start();
  try {
    await boss.work('retention.sweep', async () => undefined);
    const id = await boss.send('retention.sweep', {});
    const stateOf = async () =>
      (await own.query('select state from pgboss.job where id = $1', [id])).rows[0]?.state as unknown;
    await expect.poll(stateOf).toBe('completed');
    await boss.supervise();
  } finally {
    await boss.stop({ graceful: false });
  }
  expect(errors).toEqual([]);
});

test('a temporary table of the same name does not hide the call log from the quota', async () => {
  const fill = Array.from({ length: 4 }, () => CALL_ROW).join(';');
  const shadowed = `${fill}; create temporary table truelayer_calls (like public.truelayer_calls) on commit drop;
    ${CALL_ROW.replace('into truelayer_calls', 'into public.truelayer_calls')}`;
  expect(await outcomeOf(runtime, fill)).toBeNull();
  expect(await outcomeOf(runtime, `${fill}; ${CALL_ROW}`)).toBe('LW004');
  expect(await outcomeOf(runtime, shadowed)).toBe('LW004');
});

test('a table that the owner creates later can be used by the runtime role', async () => {
  await owner.query('create table later (id int)');
  for (const statement of ['insert into later values (1)', 'update later set id = 2', 'delete from later']) {
    expect(await outcomeOf(runtime, statement)).toBeNull();
  }
  expect(await outcomeOf(runtime, 'truncate later')).toBe(PERMISSION_DENIED);
  await owner.query('drop table later');
});

test('reports a role that may do more than serve, and no other', async () => {
  const asking = (client: { query: pg.Client['query'] }) =>
    examineRuntimeRole({
      $queryRaw: (async (parts: TemplateStringsArray) =>
        (await client.query(parts.join(''))).rows) as Database['$queryRaw'],
    });
  expect(await asking(runtime)).toEqual({ role: 'linkwell_runtime', excess: [] });
  expect((await asking(owner)).excess.join()).toContain('owns the tables');
  expect((await asking({ query: own.query })).excess).toEqual(['is a superuser']);
  await owner.query('grant update on audit_entries to linkwell_runtime');
  expect((await asking(runtime)).excess).toEqual(['may change the audit']);
  await owner.query(
    'revoke update on audit_entries from linkwell_runtime; grant delete on audit_reasons to linkwell_runtime',
  );
  expect((await asking(runtime)).excess).toEqual(['may change the audit']);
  await owner.query(
    'revoke delete on audit_reasons from linkwell_runtime; grant create on schema public to linkwell_runtime',
  );
  expect((await asking(runtime)).excess).toEqual(['may create tables or schemas']);
  await owner.query('revoke create on schema public from linkwell_runtime');
  // Roles belong to the server, which other test files use: this one is never committed.
  const name = `creator_${randomBytes(6).toString('hex')}`;
  await own.query(`begin; create role ${name} createrole; set local role ${name}`);
  try {
    expect((await asking({ query: own.query })).excess).toEqual(['may create roles, and so become the owner']);
  } finally {
    await own.query('rollback');
  }
});
