import { mix } from '#sandbox/ledger/random';

/** An object on its way to the wire, of which the traps may make anything. */
export type Wire = Record<string, unknown>;

export function toWire(value: unknown): Wire {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function shuffle<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((item, index) => ({ item, place: mix(seed, index) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
