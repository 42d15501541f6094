import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { migrateQueue } from '#lib/queue/boss';
import { runOnce, urlOfDatabase } from '#lib/testing/databases';
import { runToEnd } from '#scripts/local/children';
import { root, temporaryDir } from '#scripts/local/paths';
import { provideRoles } from '#scripts/local/roles';
import { applyMigrations, type Migration, readMigrations } from './apply-migrations.ts';
import { migrateDatabase } from './migrate-database.ts';
import { MigrationError } from './migration-error.ts';

const admin = process.env.LINKWELL_TEST_ADMIN_URL ?? '';
const migrations = readMigrations(path.join(root, 'prisma/migrations'));

type Empty = { url: string; role: string; name: string; query: pg.Client['query']; drop(): Promise<void> };

let empty: Empty | undefined;
afterEach(async () => {
  await empty?.drop();
  empty = undefined;
});

/** A new database with a role of its own, which may connect to it and nothing else. `query` is the administrator's. */
async function emptyDatabase(): Promise<Empty> {
  const name = `empty_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await runOnce(admin, `create role ${name} login password '${password}'`);
  await runOnce(admin, `create database ${name}`);
  const url = new URL(urlOfDatabase(admin, name));
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  url.username = name;
  url.password = password;
  empty = {
    url: url.href,
    role: name,
    name,
    query: client.query.bind(client) as pg.Client['query'],
    async drop() {
      await client.end();
      await runOnce(admin, `drop database ${name} with (force)`);
      await runOnce(admin, `drop role ${name}`);
    },
  };
  return empty;
}

const migrate = (url: string) => migrateDatabase({ ownerUrl: url, runtimeUrl: url, migrations, migrateQueue });

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return String((error as Error).message);
}

test('a role that may create in the schemas but not in the database migrates everything', async () => {
  const { url, role, query } = await emptyDatabase();
  await query(`create schema pgboss authorization ${role}; grant usage, create on schema public to ${role}`);
  expect((await migrate(url)).applied).toEqual(migrations.map(({ name }) => name));
  expect((await migrate(url)).applied).toEqual([]);
  expect((await query('select count(*)::int as queues from pgboss.queue')).rows[0].queues).toBeGreaterThan(10);
});

test('a schema that is missing and may not be created is named, and the migration goes on once it is there', async () => {
  const { url, role, query } = await emptyDatabase();
  await query(`grant usage, create on schema public to ${role}`);
  const message = await refusalOf(migrate(url));
  expect(message).toContain(`The schema pgboss is missing and ${role} may not create it`);
  await query(/run (create schema .+;)$/.exec(message)?.[1] ?? '');
  await expect(migrate(url)).resolves.toMatchObject({ applied: [], owner: role });
});

test('a role that may create nothing is told so in words, and migrates as soon as it may', async () => {
  const { url, role, query } = await emptyDatabase();
  const message = await refusalOf(migrate(url));
  expect(message).toMatch(
    /permission denied for schema public \(42501\)\. None of it was kept\. The role empty_\w+ has to own/,
  );
  await query(`grant create on database ${role} to ${role}; grant usage, create on schema public to ${role}`);
  expect((await migrate(url)).applied).toHaveLength(migrations.length);
});

const FIRST: Migration = { name: '1_first', sql: 'create table first_table (amount numeric)' };
const SECOND: Migration = {
  name: '2_second',
  sql: 'create table second_table (id int); alter table first_table add check (amount > 0)',
};

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('a migration that failed left nothing, and is applied once its cause is gone', async () => {
  const { url, role, query } = await emptyDatabase();
  await query(`grant usage, create on schema public to ${role}`);
  await connected(url, (client) => applyMigrations(client, [FIRST]));
  await query('insert into first_table values (-1)');
  const message = await refusalOf(connected(url, (client) => applyMigrations(client, [FIRST, SECOND])));
  expect(message).toContain('The migration 2_second failed: check constraint');
  expect((await query(`select to_regclass('second_table') as found`)).rows).toEqual([{ found: null }]);
  await query('delete from first_table');
  expect(await connected(url, (client) => applyMigrations(client, [FIRST, SECOND]))).toEqual(['2_second']);
});

test('a failure that an earlier release recorded does not stand in the way', async () => {
  const { url, role, query } = await emptyDatabase();
  await query(`grant usage, create on schema public to ${role}`);
  await connected(url, (client) => applyMigrations(client, [FIRST]));
  await query(
    `insert into _prisma_migrations (id, checksum, migration_name, logs) values ('old', '', '2_second', 'error')`,
  );
  expect(await connected(url, (client) => applyMigrations(client, [FIRST, SECOND]))).toEqual(['2_second']);
});

test('two processes that migrate at once apply each migration once', async () => {
  const { url, role, query } = await emptyDatabase();
  await query(`create schema pgboss authorization ${role}; grant usage, create on schema public to ${role}`);
  const both = await Promise.all([migrate(url), migrate(url)]);
  expect(both.flatMap(({ applied }) => applied).toSorted()).toEqual(migrations.map(({ name }) => name));
});

test('a job table that Linkwell did not name is refused before the queue’s migrations run', async () => {
  const { url, role, query } = await emptyDatabase();
  await query(`create schema pgboss authorization ${role}; grant usage, create on schema public to ${role}`);
  await migrate(url);
  await query(`insert into pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, retention_seconds,
      deletion_seconds, partition, table_name)
    values ('foreign', 'standard', 0, 0, false, 1, 1, 1, true, 'u1 ON public.audit_entries ((1)) --');
    update pgboss.version set version = 45`);
  expect(await refusalOf(migrate(url))).toContain('with a job table of their own: foreign.');
  expect((await query(`select version from pgboss.version`)).rows).toEqual([{ version: 45 }]);
  await query(`update pgboss.queue set partition = false where name = 'foreign'`);
  expect(await refusalOf(migrate(url))).toContain('with a job table of their own: foreign.');
});

test('addresses of different roles or databases are refused before anything changes', async () => {
  const { url, role, name, query } = await emptyDatabase();
  const elsewhere = urlOfDatabase(url, 'postgres');
  const asAdmin = urlOfDatabase(admin, name);
  const urls = { ownerUrl: url, runtimeUrl: url, migrations, migrateQueue };
  expect(await refusalOf(migrateDatabase({ ...urls, ownerUrl: elsewhere }))).toBe(
    `DATABASE_URL leads to the database ${name}, but DATABASE_OWNER_URL to postgres: both have to name the same database.`,
  );
  expect(await refusalOf(migrateDatabase({ ...urls, directUrl: elsewhere }))).toBe(
    `DATABASE_URL leads to the database ${name}, but DATABASE_DIRECT_URL to postgres: both have to name the same database.`,
  );
  expect(await refusalOf(migrateDatabase({ ...urls, directUrl: asAdmin }))).toContain(
    `DATABASE_URL connects as ${role}, but DATABASE_DIRECT_URL as `,
  );
  expect((await query(`select to_regclass('_prisma_migrations') as found`)).rows).toEqual([{ found: null }]);
  await query(`create schema pgboss authorization ${role}; grant usage, create on schema public to ${role}`);
  await expect(migrateDatabase({ ...urls, directUrl: url })).resolves.toMatchObject({ owner: role, runtime: role });
});

test('the command compares the addresses that it is given', async () => {
  const { url, role } = await emptyDatabase();
  const run = runToEnd({
    name: 'migrate',
    args: ['scripts/migrate.ts'],
    env: { DATABASE_URL: url, DATABASE_DIRECT_URL: urlOfDatabase(url, 'postgres'), DATABASE_OWNER_URL: '' },
    logDir: temporaryDir('migrate'),
  });
  expect(await run.then(String, (error: Error) => error.message)).toContain(
    `DATABASE_URL leads to the database ${role}, but DATABASE_DIRECT_URL to postgres`,
  );
});

test('the command says what failed without a stack trace', async () => {
  const { url } = await emptyDatabase();
  const run = runToEnd({
    name: 'migrate',
    args: ['scripts/migrate.ts'],
    env: { DATABASE_URL: url, DATABASE_DIRECT_URL: '', DATABASE_OWNER_URL: '' },
    logDir: temporaryDir('migrate'),
  });
  const words = await run.then(String, (error: Error) => error.message);
  expect(words).toContain('permission denied for schema public (42501)');
  expect(words).not.toMatch(/^\s+at /m);
});

test('a database that one superuser owned is handed to the owner with its rows', async () => {
  const { query, name } = await emptyDatabase();
  const asAdmin = urlOfDatabase(admin, name);
  await migrate(asAdmin);
  await query(`insert into settings (key, value, updated_at) values ('kept', '1', now())`);
  await provideRoles(asAdmin, null);
  await provideRoles(asAdmin, null);
  const { DATABASE_URL = '', LINKWELL_TEST_OWNER_URL = '' } = process.env;
  const urls = {
    ownerUrl: urlOfDatabase(LINKWELL_TEST_OWNER_URL, name),
    runtimeUrl: urlOfDatabase(DATABASE_URL, name),
  };
  expect(await migrateDatabase({ ...urls, migrations, migrateQueue })).toEqual({
    applied: [],
    owner: 'linkwell_owner',
    runtime: 'linkwell_runtime',
  });
  const kept = await connected(urls.runtimeUrl, (client) =>
    client.query(`select key from settings where key = 'kept'`),
  );
  expect(kept.rows).toEqual([{ key: 'kept' }]);
  const { rows } =
    await query(`select relname from pg_class where relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace)
    and relowner <> 'linkwell_owner'::regrole`);
  expect(rows).toEqual([]);
});

test('the single role that served goes on serving as a member of the owner, until that is revoked', async () => {
  const { url, role, query, name } = await emptyDatabase();
  await query(`create schema pgboss authorization ${role}; grant usage, create on schema public to ${role}`);
  await migrate(url);
  await provideRoles(urlOfDatabase(admin, name), null);
  const serve = () =>
    connected(url, async (client) => {
      await client.query(
        `insert into settings (key, value, updated_at) values ('kept', '1', now()) on conflict do nothing`,
      );
      await client.query('update pgboss.queue set monitor_on = now()');
      return client.query('select count(*)::int as rows from settings');
    });
  expect((await serve()).rows).toEqual([{ rows: 1 }]);
  await query(`revoke linkwell_owner from ${role}`);
  await provideRoles(urlOfDatabase(admin, name), null);
  await expect(serve()).rejects.toThrow('permission denied');
});
