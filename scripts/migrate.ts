// Brings a database up to date: migrations, the queue's tables and the runtime role's grants. Safe to run from several processes
// at once. `npm run migrate -- draft NAME` writes the next migration.
import path from 'node:path';
import { readMigrations } from '#lib/db/migrate/apply-migrations';
import { migrateDatabase } from '#lib/db/migrate/migrate-database';
import { MigrationError } from '#lib/db/migrate/migration-error';
import { readSecretFiles } from '#lib/env/secret-files';
import { migrateQueue } from '#lib/queue/boss';
import { root } from './local/paths.ts';
import { runAndExit, StartProblem, say } from './local/say.ts';

type Urls = { ownerUrl: string; runtimeUrl: string; directUrl?: string };

async function migrate(urls: Urls): Promise<void> {
  const migrations = readMigrations(path.join(root, 'prisma/migrations'));
  const { applied, owner, runtime } = await migrateDatabase({ ...urls, migrations, migrateQueue });
  say(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}.`);
  if (owner === runtime) {
    say(`One role, ${owner}, owns the tables and serves: see "Database roles" in docs/operations.md.`);
  } else {
    say(`${owner} owns the tables; ${runtime} has what web and worker need.`);
  }
}

await runAndExit(async () => {
  const { values, problems } = readSecretFiles(process.env);
  if (problems.length > 0) throw new StartProblem(problems.join('\n'));
  const directUrl = values.DATABASE_DIRECT_URL || values.DATABASE_URL;
  const runtimeUrl = values.DATABASE_URL || directUrl;
  const ownerUrl = values.DATABASE_OWNER_URL || directUrl;
  if (!ownerUrl || !runtimeUrl) throw new StartProblem('DATABASE_URL is not set: which database should be migrated?');
  const [command, name] = process.argv.slice(2);
  if (command === 'draft') {
    // What only developers have stays out of a deployment's image.
    const { draftMigration } = await import('./local/draft-migration.ts');
    await draftMigration(ownerUrl, name);
    return 0;
  }
  if (command !== undefined) throw new StartProblem('usage: npm run migrate [-- draft NAME]');
  try {
    await migrate({ ownerUrl, runtimeUrl, ...(directUrl && directUrl !== runtimeUrl ? { directUrl } : {}) });
  } catch (error) {
    if (error instanceof MigrationError) throw new StartProblem(error.message);
    throw error;
  }
  return 0;
});
