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
  const { ownerUrl, runtimeUrl, migrations } = options;
  const runtime = await roleOf(runtimeUrl, 'DATABASE_URL');
  const client = await connect(
    ownerUrl,
    'the role that migrates (DATABASE_OWNER_URL, or else DATABASE_DIRECT_URL or DATABASE_URL)',
  );
  try {
    const owner = await currentRole(client);
    const applied = await applyMigrations(client, migrations);
    await locked(client, 'Creating the queue', async () => {
      await client.query('set local idle_in_transaction_session_timeout = 0');
      await options.migrateQueue(ownerUrl, { isSchemaMissing: await isQueueSchemaMissing(client, owner) });
    });
    if (owner !== runtime) await locked(client, `Granting to ${runtime}`, () => grantRuntimeRole(client, runtime));
    return { applied, owner, runtime };
  } finally {
    await client.end();
  }
}

async function roleOf(url: string, name: string): Promise<string> {
  const client = await connect(url, name);
  try {
    return await currentRole(client);
  } finally {
    await client.end();
  }
}

async function currentRole(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ role: string }>('select current_user as role');
  return rows[0]?.role ?? '';
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
