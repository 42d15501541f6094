/** Where "now" comes from. Verbs read it from their context and never from the machine. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

/** The machine's clock, moved by `offsetMs`. */
export function offsetClock(offsetMs: number): Clock {
  return { now: () => new Date(Date.now() + offsetMs) };
}

export function fixedClock(instant: Date): Clock {
  return { now: () => new Date(instant) };
}
