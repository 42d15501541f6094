import 'server-only';
import { database } from '#lib/db/client';
import { askingBoss } from '#lib/queue/boss';
import { findPendingMigrations } from './migrations.ts';

export type Readiness = { isReady: boolean; checks: Record<'database' | 'migrations' | 'queue', 'ok' | 'failing'> };

/** Whoever asks wants to know whether to send people here, and not in half a minute. */
const PATIENCE_MS = 3000;

/** Whether this process can do its work: the database answers, has every migration, and the queue takes jobs. */
export async function checkReadiness(): Promise<Readiness> {
  const [databaseCheck, migrations, queue] = await Promise.all([
    passes(async () => (await database().$queryRaw`select 1`) !== null),
    passes(async () => (await findPendingMigrations()).length === 0),
    passes(hasQueue),
  ]);
  const checks = { database: databaseCheck, migrations, queue };
  return { isReady: Object.values(checks).every((check) => check === 'ok'), checks };
}

/** Asked of the tables themselves: an instance that has started once believes in them for ever. */
async function hasQueue(): Promise<boolean> {
  await database().$queryRaw`select 1 from pgboss.queue limit 1`;
  return (await askingBoss()).isInstalled();
}

async function passes(check: () => Promise<boolean>): Promise<'ok' | 'failing'> {
  const patience = Promise.withResolvers<false>();
  const timer = setTimeout(() => patience.resolve(false), PATIENCE_MS);
  try {
    return (await Promise.race([check(), patience.promise])) ? 'ok' : 'failing';
  } catch {
    // Any reason not to answer is the answer; the logs of whatever failed say why.
    return 'failing';
  } finally {
    clearTimeout(timer);
  }
}
