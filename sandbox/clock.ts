import type { Store } from '#sandbox/store/store';

export type Clock = {
  nowMs(): number;
  offsetMs(): number;
  setOffset(offsetMs: number): void;
};

export function openClock(store: Store): Clock {
  let offsetMs = Number(store.settings.find('clock_offset_ms') ?? '0');
  return {
    nowMs: () => Date.now() + offsetMs,
    offsetMs: () => offsetMs,
    setOffset(next) {
      offsetMs = Math.trunc(next);
      store.settings.put('clock_offset_ms', String(offsetMs));
    },
  };
}
