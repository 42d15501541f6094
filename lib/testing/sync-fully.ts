import type { Context } from '#lib/context/context';
import type { Pause } from '#lib/sync/session';
import { settleTask } from '#lib/sync/settle-task';
import type { SyncReport } from '#lib/sync/sync-connection';
import { syncUnattended } from '#lib/sync/sync-unattended';

/** A job's sync with everything that TrueLayer works on meanwhile, to its end. `pause` waits for retries. */
export async function syncFully(system: Context, connectionId: string, pause?: Pause): Promise<SyncReport | null> {
  let report = await syncUnattended(system, { connectionId, pause });
  while (report?.outcome === 'waiting') {
    const task = await system.db.syncTask.findFirst({
      where: { connectionId, finishedAt: null },
      select: { id: true },
    });
    if (task === null) return report;
    report = (await settleTask(system, { taskId: task.id })) ?? report;
  }
  return report;
}
