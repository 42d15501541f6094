import { randomUUID } from 'node:crypto';
import { noteIssued } from '#sandbox/control/issued';
import type { Task } from '#sandbox/store/records';
import type { World } from '#sandbox/world';

export type TaskRunner = {
  queue(world: World, task: Omit<Task, 'id' | 'queuedAtMs' | 'readyAtMs' | 'deliveriesLeft'>): Task;
  stateOf(task: Task): 'Queued' | 'Running' | 'Succeeded' | 'Failed';
  resume(world: World): void;
  stop(): void;
};

const STUCK_MS = 365 * 86_400_000;

/** Works through asynchronous calls and tells their webhooks. */
export function openTaskRunner(): TaskRunner {
  const timers = new Set<NodeJS.Timeout>();
  const stopping = new AbortController();
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };

  const deliver = async (world: World, id: string, isRetry: boolean): Promise<void> => {
    const task = world.store.tasks.find(id);
    if (task === null || task.webhookUri === null || task.deliveriesLeft < 1) return;
    const isTaken = await post(task.webhookUri, toNotice(world, task), stopping.signal);
    if (stopping.signal.aborted) return;
    if (!isTaken && !isRetry) {
      later(world.switches.current().webhook_retry_ms, () => void deliver(world, id, true));
      return;
    }
    const deliveriesLeft = task.deliveriesLeft - 1;
    world.store.tasks.put(id, { ...task, deliveriesLeft });
    if (deliveriesLeft > 0) later(20, () => void deliver(world, id, false));
  };

  const schedule = (world: World, task: Task): void => {
    if (task.deliveriesLeft < 1 || task.readyAtMs - task.queuedAtMs >= STUCK_MS) return;
    const { webhook, webhook_late_ms } = world.switches.current();
    const lateMs = webhook === 'late' ? webhook_late_ms : 0;
    later(Math.max(0, task.readyAtMs + lateMs - Date.now()), () => void deliver(world, task.id, false));
  };

  return {
    queue(world, asked) {
      const { webhook, async_delay_ms, async_outcome } = world.switches.current();
      const queuedAtMs = Date.now();
      const task: Task = {
        ...asked,
        id: randomUUID(),
        queuedAtMs,
        readyAtMs: queuedAtMs + (async_outcome === 'stuck' ? STUCK_MS : async_delay_ms),
        failure: async_outcome === 'failed' ? outage : asked.failure,
        deliveriesLeft: asked.webhookUri === null || webhook === 'never' ? 0 : webhook === 'twice' ? 2 : 1,
      };
      world.store.tasks.put(task.id, task);
      noteIssued(world, 'webhook_uri', task.webhookUri);
      schedule(world, task);
      return task;
    },
    stateOf({ queuedAtMs, readyAtMs, failure }) {
      const waitedMs = Date.now() - queuedAtMs;
      if (Date.now() >= readyAtMs) return failure === null ? 'Succeeded' : 'Failed';
      return waitedMs < Math.min(readyAtMs - queuedAtMs, 60_000) / 2 ? 'Queued' : 'Running';
    },
    resume(world) {
      for (const task of world.store.tasks.list()) schedule(world, task);
    },
    stop() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

export const resultsUriOf = (world: World, taskId: string) => `${world.origin()}/data/v1/results/${taskId}`;

const outage = { error: 'provider_error', description: 'The provider service is unavailable.' };

function toNotice(world: World, task: Task) {
  return {
    request_timestamp: new Date(task.requestedAt).toISOString(),
    request_uri: `${world.origin()}/data/v1${task.uri}`,
    credentials_id: task.credentialsId,
    task_id: task.id,
    status: task.failure === null ? 'Succeeded' : 'Failed',
    results_uri: resultsUriOf(world, task.id),
    ...(task.failure === null ? {} : { error: task.failure.error, error_description: task.failure.description }),
  };
}

async function post(uri: string, notice: unknown, stopping: AbortSignal): Promise<boolean> {
  const sent = fetch(uri, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(notice),
    redirect: 'manual',
    signal: AbortSignal.any([stopping, AbortSignal.timeout(10_000)]),
  });
  return sent.then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}
