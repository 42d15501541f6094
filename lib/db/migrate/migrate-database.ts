import 'server-only';
import pg from 'pg';
import { UTC_SESSION } from '#lib/db/utc-session';
import { applyMigrations, locked, type Migration } from './apply-migrations.ts';
import { grantRuntimeRole } from './grant-runtime.ts';
import { MigrationError } from './migration-error.ts';

type Options = {
  /** Whose role owns the tables. */
  ownerUrl: string;
  /** What web and worker connect with: its role gets the grants. */
  runtimeUrl: string;
  /** What the worker's queue connects with when a pooler stands before `runtimeUrl`. It must lead to the same place. */
  directUrl?: string;
  migrations: readonly Migration[];
  /** Creates or updates the queue's tables as the owner. */
  migrateQueue(ownerUrl: string, options: { isSchemaMissing: boolean }): Promise<void>;
};

type Migrated = { applied: string[]; owner: string; runtime: string };

/**
 * Brings a database up to date: our migrations, the queue's tables, then the grants of the runtime role. Several processes may
 * do it at once. With one role for both there is nothing to grant.
 * @throws {MigrationError}
 */
export async function migrateDatabase(options: Options): Promise<Migrated> {
  const { ownerUrl, runtimeUrl, directUrl, migrations } = options;
  const serving = await identityOf(runtimeUrl, 'DATABASE_URL');
  if (directUrl !== undefined) refuseOther(serving, await identityOf(directUrl, 'DATABASE_DIRECT_URL'));
  const runtime = serving.role;
  const client = await connect(
    ownerUrl,
    'the role that migrates (DATABASE_OWNER_URL, or else DATABASE_DIRECT_URL or DATABASE_URL)',
  );
  try {
    const { role: owner, database } = await currentIdentity(client);
    refuseOther(serving, { name: 'DATABASE_OWNER_URL', role: runtime, database });
    const applied = await applyMigrations(client, migrations);
    await locked(client, 'Creating the queue', async () => {
      await client.query('set local idle_in_transaction_session_timeout = 0');
      await refuseForeignJobTables(client);
      await options.migrateQueue(ownerUrl, { isSchemaMissing: await isQueueSchemaMissing(client, owner) });
    });
    if (owner !== runtime) await locked(client, `Granting to ${runtime}`, () => grantRuntimeRole(client, runtime));
    return { applied, owner, runtime };
  } finally {
    await client.end();
  }
}

type Identity = { role: string; database: string };

async function identityOf(url: string, name: string): Promise<Identity & { name: string }> {
  const client = await connect(url, name);
  try {
    return { name, ...(await currentIdentity(client)) };
  } finally {
    await client.end();
  }
}

async function currentIdentity(client: pg.Client): Promise<Identity> {
  const { rows } = await client.query<Identity>('select current_user as role, current_database() as database');
  const [identity] = rows;
  if (identity === undefined) throw new Error('select without a row');
  return identity;
}

/** Grants to one role or in one database are of no use to processes that connect as another, or elsewhere. */
function refuseOther(serving: Identity, other: Identity & { name: string }): void {
  if (other.database !== serving.database) {
    throw new MigrationError(
      `DATABASE_URL leads to the database ${serving.database}, but ${other.name} to ${other.database}: both have to name the same database.`,
    );
  }
  if (other.role !== serving.role) {
    throw new MigrationError(
      `DATABASE_URL connects as ${serving.role}, but ${other.name} as ${other.role}: both have to name the same role.`,
    );
  }
}

async function connect(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that breaks while idle fails the next statement.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await UTC_SESSION.onConnect(client);
    return client;
  } catch (cause) {
    await client.end().catch(() => undefined);
    const reason =
      cause instanceof Error && cause.message !== ''
        ? cause.message
        : String((cause as { code?: unknown }).code ?? cause);
    throw new MigrationError(`The database of ${name} can't be reached: ${reason}`, { cause });
  }
}

async function isQueueSchemaMissing(client: pg.Client, owner: string): Promise<boolean> {
  const { rows } = await client.query<{ isMissing: boolean; mayCreate: boolean }>(
    `select to_regnamespace('pgboss') is null as "isMissing",
       has_database_privilege(current_database(), 'create') as "mayCreate"`,
  );
  const isMissing = rows[0]?.isMissing ?? true;
  if (isMissing && rows[0]?.mayCreate !== true) {
    const command = `create schema pgboss authorization ${pg.escapeIdentifier(owner)};`;
    throw new MigrationError(
      `The schema pgboss is missing and ${owner} may not create it: as an administrator, run ${command}`,
    );
  }
  return isMissing;
}

/**
 * pg-boss puts the names of job tables into statements that its migrations run as the owner. Our queues share one table
 * (`migrateQueue`), so any other name was written by somebody who could write to the queue's tables before the grants were narrow.
 */
async function refuseForeignJobTables(client: pg.Client): Promise<void> {
  const { rows: found } = await client.query<{ hasQueues: boolean }>(
    `select to_regclass('pgboss.queue') is not null as "hasQueues"`,
  );
  if (found[0]?.hasQueues !== true) return;
  const { rows } = await client.query<{ name: string }>(
    `select name from pgboss.queue where partition or table_name <> 'job_common' order by name`,
  );
  if (rows.length === 0) return;
  throw new MigrationError(
    `pgboss.queue has rows that Linkwell does not write, with a job table of their own: ${rows.map(({ name }) => name).join(', ')}. Find out who wrote them and delete them; no migration of the queue runs before that.`,
  );
}
