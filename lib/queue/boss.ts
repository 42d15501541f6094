import 'server-only';
import { PgBoss } from 'pg-boss';
import { UTC_SESSION } from '#lib/db/utc-session';
import { env } from '#lib/env/env';
import { log } from '#lib/log/log';
import { JOB_NAMES, JOBS } from './contract.ts';

const INDEX_BUILD_POLL_MS = 250;

type Role = 'asks' | 'works' | 'migrates';

/**
 * A pg-boss instance. One that `asks` only sends; one that `works` supervises the queues and runs schedules; one that
 * `migrates` makes the tables, which the others refuse to do.
 */
export function createBoss(role: Role, databaseUrl = urlFor(role), createSchema = false): PgBoss {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    ...UTC_SESSION,
    application_name: `linkwell-queue-${role}`,
    max: role === 'works' ? 6 : 2,
    migrate: role === 'migrates',
    createSchema,
    supervise: role === 'works',
    schedule: role === 'works',
    registerInstance: role === 'works',
    useListenNotify: role === 'works',
    instanceName: role,
    instanceHeartbeatSeconds: 10,
    // Often enough that a dead worker's jobs are with another within a minute.
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    // Rebuilding an index needs its owner, who only migrates.
    reindex: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => log().error({ error }, 'queue error'));
  return boss;
}

/** LISTEN needs a session of its own, which a pooler in transaction mode does not give. */
function urlFor(role: Role): string {
  return role === 'works' ? env().databaseDirectUrl : env().databaseUrl;
}

let asking: Promise<PgBoss> | undefined;

/** The instance through which this process asks for work. */
export function askingBoss(): Promise<PgBoss> {
  asking ??= createBoss('asks')
    .start()
    .catch((error: unknown) => {
      asking = undefined;
      throw error;
    });
  return asking;
}

/**
 * Makes the queue's tables and the queues of the contract, as the role that owns them. Nothing is left for a worker to create:
 * the queues have no partitions of their own.
 */
export async function migrateQueue(
  databaseUrl: string,
  { isSchemaMissing }: { isSchemaMissing: boolean },
): Promise<void> {
  const boss = createBoss('migrates', databaseUrl, isSchemaMissing);
  await boss.start();
  try {
    for (const name of JOB_NAMES) {
      const { expireSeconds, retryLimit } = JOBS[name];
      const options = {
        expireInSeconds: expireSeconds,
        retryLimit,
        retryDelay: 5,
        retryBackoff: true,
        retryDelayMax: 900,
        heartbeatSeconds: 30,
        deleteAfterSeconds: 3 * 24 * 3600,
        notify: true,
      };
      if ((await boss.getQueue(name)) === null) await boss.createQueue(name, { ...options, policy: 'short' });
      else await boss.updateQueue(name, options);
    }
    await rebuildIndexes(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** Index builds that an update of pg-boss put off, then indexes that have grown far beyond their contents. */
async function rebuildIndexes(boss: PgBoss): Promise<void> {
  const isBuilding = async () =>
    (await boss.getBamStatus()).some(({ status }) => status === 'pending' || status === 'in_progress');
  while (await isBuilding()) await new Promise((resolve) => setTimeout(resolve, INDEX_BUILD_POLL_MS));
  for (const command of await boss.getReindexCommands()) await boss.getDb().executeSql(command);
}
