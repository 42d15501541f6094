import { DAY_MS } from '#sandbox/ledger/days';
import type { Store } from './store.ts';

/** Lets go of what nobody can ask about any more, so that a demo of months starts as fast as a new one. */
export function pruneStore(store: Store, nowMs: number): void {
  const isOlderThan = (days: number, at: number) => at < nowMs - days * DAY_MS;
  for (const journey of store.journeys.list()) {
    if (isOlderThan(7, journey.createdAt)) store.journeys.remove(journey.id);
  }
  for (const [id, code] of store.codes.entries()) {
    if (isOlderThan(1, code.issuedAt)) store.codes.remove(id);
  }
  for (const [id, meter] of store.meters.entries()) {
    if (isOlderThan(1, Math.max(0, ...meter.calledAt))) store.meters.remove(id);
  }
  for (const task of store.tasks.list()) {
    if (isOlderThan(7, task.requestedAt)) store.tasks.remove(task.id);
  }
  for (const [id, event] of store.events.entries()) {
    if (isOlderThan(60, event.at)) store.events.remove(id);
  }
}
