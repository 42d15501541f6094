// Brings a database up to date: our migrations by Prisma's schema engine (as WebAssembly, so that nothing is downloaded),
// then the queue's own tables. Safe to run from several processes at once. `npm run migrate -- draft NAME` writes the next one.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { UTC_SESSION } from '#lib/db/utc-session';
import { readSecretFiles } from '#lib/env/secret-files';
import { migrateQueue } from '#lib/queue/boss';
import { root } from './local/paths.ts';
import { runAndExit, StartProblem, say } from './local/say.ts';

const baseDir = path.join(root, 'prisma/migrations');
const schemaFile = path.join(root, 'prisma/schema.prisma');
const filters = { externalTables: [], externalEnums: [] };
// Any constant of ours: two deployments that migrate at once take turns.
const LOCK_ID = 7_205_311;

async function apply(url: string): Promise<void> {
  const engine = await openEngine(url);
  const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: readMigrations(), filters });
  await migrateQueue(url);
  say(
    appliedMigrationNames.length === 0
      ? 'The database is up to date.'
      : `Applied: ${appliedMigrationNames.join(', ')}.`,
  );
}

async function draft(url: string, name: string | undefined): Promise<number> {
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) throw new StartProblem('A migration needs a name like add_reminders.');
  const sql = await differenceToSchema(url);
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join(baseDir, `${stamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'migration.sql'), sql);
  say(`Wrote ${path.relative(root, folder)}/migration.sql. Read it, and add by hand what a schema can't say.`);
  return 0;
}

/** From the schema as it was when the newest migration was committed to the schema as it is, as SQL. */
async function differenceToSchema(url: string): Promise<string> {
  const engine = await openEngine(url);
  const before = committedSchema();
  const { stdout } = await engine.diff({
    from: before === '' ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: before }] },
    to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }] },
    script: true,
    exitCode: null,
    filters,
  });
  return stdout ?? '';
}

function committedSchema(): string {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim();
  const commit = git('log', '-1', '--format=%H', '--', 'prisma/migrations/*/migration.sql');
  return commit === '' ? '' : git('show', `${commit}:prisma/schema.prisma`);
}

function openEngine(url: string): Promise<SchemaEngine> {
  const pool = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true, ...UTC_SESSION });
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool, { disposeExternalPool: true }));
  return SchemaEngine.new({ datamodels: [[schemaFile, readFileSync(schemaFile, 'utf8')]] }, () => undefined, adapter);
}

/** Sends a migration as one script, which PostgreSQL runs as one transaction; the library would cut functions at their semicolons. */
class WholeScripts extends PrismaPg {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool, options: { disposeExternalPool: boolean }) {
    super(pool, options);
    this.#pool = pool;
  }

  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await this.#pool.query(script);
    };
    return adapter;
  }
}

function readMigrations() {
  const migrationDirectories = readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: readFileSync(path.join(baseDir, name, 'migration.sql'), 'utf8') },
      },
    }));
  const lockfile = {
    path: 'migration_lock.toml',
    content: readFileSync(path.join(baseDir, 'migration_lock.toml'), 'utf8'),
  };
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories };
}

async function underLock(url: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (cause) {
    throw new StartProblem(
      `The database of DATABASE_URL can't be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_ID]);
    await work();
  } finally {
    await client.end();
  }
}

await runAndExit(async () => {
  const { values, problems } = readSecretFiles(process.env);
  if (problems.length > 0) throw new StartProblem(problems.join('\n'));
  const url = values.DATABASE_DIRECT_URL || values.DATABASE_URL;
  if (!url) throw new StartProblem('DATABASE_URL is not set: which database should be migrated?');
  const [command, name] = process.argv.slice(2);
  if (command === 'draft') return draft(url, name);
  if (command !== undefined) throw new StartProblem('usage: npm run migrate [-- draft NAME]');
  await underLock(url, () => apply(url));
  return 0;
});
