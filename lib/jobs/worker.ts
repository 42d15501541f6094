import 'server-only';
import type { PgBoss } from 'pg-boss';
import { createContext } from '#lib/context/context';
import { reportRuntimeRole } from '#lib/context/report-runtime-role';
import { database } from '#lib/db/client';
import { findDirectUrlProblem } from '#lib/db/direct-url';
import { EnvError, env } from '#lib/env/env';
import { log } from '#lib/log/log';
import { ask } from '#lib/queue/ask';
import { askingBoss, createBoss } from '#lib/queue/boss';
import { JOB_NAMES, type JobName } from '#lib/queue/contract';
import { ensureSealedSettings } from '#lib/settings/sealed-settings';
import { flushTraces } from '#lib/tracing/send';
import { HANDLERS } from './handlers.ts';
import { runJob } from './run-job.ts';
import { SCHEDULES } from './schedules.ts';

/** How long running jobs get to come to a good end; whatever isn't done by then is given back. */
const STOP_PATIENCE_MS = 20_000;

/** One worker process, until it is told to stop. Any number may run. */
export async function runWorker(): Promise<void> {
  process.title = 'linkwell-worker';
  readEnvOrExit();
  await reachDirectUrlOrExit();
  const ctx = await createContext({ actor: { kind: 'system', job: 'worker.boot' } });
  await ensureSealedSettings(ctx);
  await reportRuntimeRole(ctx);
  const boss = createBoss('works');
  const stopping = new AbortController();
  await boss.start();
  for (const name of JOB_NAMES) await listenFor(boss, name, stopping.signal);
  for (const { name, cron } of SCHEDULES) await boss.schedule(name, cron, {}, { singletonKey: 'scheduled' });
  // The list of banks is there within seconds of a first start, and not at the next full hour.
  await ask(ctx, 'banks.refresh', {}, { key: 'boot' });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop(boss, stopping));
  }
  log().info({ event: 'worker.started', concurrency: env().workerConcurrency }, 'worker is up');
}

function readEnvOrExit(): void {
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function reachDirectUrlOrExit(): Promise<void> {
  const problem = await findDirectUrlProblem();
  if (problem === null) return;
  process.stderr.write(`Linkwell can't start: ${problem}\n`);
  process.exit(1);
}

/** Syncs are what a worker is for; of everything else it does one at a time. */
async function listenFor<Name extends JobName>(boss: PgBoss, name: Name, signal: AbortSignal): Promise<void> {
  const options = {
    includeMetadata: true,
    perJobResults: true,
    localConcurrency: name === 'connection.sync' || name === 'task.settle' ? env().workerConcurrency : 1,
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 5,
  } as const;
  await boss.work<object, unknown, typeof options>(name, options, (jobs) =>
    Promise.all(jobs.map((job) => runJob(name, HANDLERS[name], job, AbortSignal.any([signal, job.signal])))),
  );
}

async function stop(boss: PgBoss, stopping: AbortController): Promise<void> {
  log().info({ event: 'worker.stopping' }, 'worker is stopping');
  stopping.abort();
  await boss.stop({ graceful: true, timeout: STOP_PATIENCE_MS });
  await (await askingBoss()).stop({ graceful: false });
  await database().$disconnect();
  await flushTraces();
  log().info({ event: 'worker.stopped' }, 'worker has stopped');
  process.exit(0);
}
