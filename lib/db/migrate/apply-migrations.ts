import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ClientBase } from 'pg';
import { migrationFailed } from './migration-error.ts';

export type Migration = { name: string; sql: string };

/** Any constant of ours: two processes that migrate one database at once take turns. */
const LOCK_ID = 7_205_311;

// The table that Prisma's own tools keep, so that `prisma migrate status` and older releases read it.
const CREATE_HISTORY = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/** The migrations in a folder of Prisma's layout, oldest first. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(path.join(directory, name, 'migration.sql'), 'utf8') }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Applies what is missing. Each migration and its record are one transaction, so one that failed has left nothing and is simply
 * applied again. The lock belongs to the transaction too: a pooler in transaction mode may stand in between.
 * @returns the names of those that this call applied.
 * @throws {MigrationError}
 */
export async function applyMigrations(client: ClientBase, migrations: readonly Migration[]): Promise<string[]> {
  const applied: string[] = [];
  await locked(client, 'Reading the list of migrations', async () => {
    // CREATE … IF NOT EXISTS demands the right to create even where nothing is created.
    const { rows } = await client.query(`select to_regclass('_prisma_migrations') is null as "isNew"`);
    if (rows[0]?.isNew === true) await client.query(CREATE_HISTORY);
    // Releases that recorded a start first left such a row where a migration failed, and refused to go on.
    await client.query(
      'update _prisma_migrations set rolled_back_at = now() where finished_at is null and rolled_back_at is null',
    );
  });
  const { rows } = await client.query<{ name: string }>(
    'select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  const known = new Set(rows.map(({ name }) => name));
  for (const migration of migrations.filter(({ name }) => !known.has(name))) {
    await locked(client, `The migration ${migration.name}`, async () => {
      if (await applyOnce(client, migration)) applied.push(migration.name);
    });
  }
  return applied;
}

async function applyOnce(client: ClientBase, { name, sql }: Migration): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from _prisma_migrations where migration_name = $1 and finished_at is not null and rolled_back_at is null',
    [name],
  );
  if (rowCount !== 0) return false;
  await client.query(await withoutExistingSchemas(client, sql));
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), createHash('sha256').update(sql).digest('hex'), name],
  );
  return true;
}

/** PostgreSQL asks for CREATE on the database before it looks whether the schema exists: a role that was given schemas has none. */
async function withoutExistingSchemas(client: ClientBase, sql: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select nspname as name from pg_namespace');
  const existing = new Set(rows.map(({ name }) => name));
  return sql.replace(/^CREATE SCHEMA IF NOT EXISTS "(\w+)";$/gm, (statement, name) =>
    existing.has(name) ? '' : statement,
  );
}

/** Runs `work` in one transaction, alone among all processes that migrate this database. */
export async function locked(client: ClientBase, step: string, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ role: string }>('select current_user as role');
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK_ID]);
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw migrationFailed(step, error, rows[0]?.role ?? '');
  }
}
