export type Random = {
  unit(): number;
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
};

/** Turns text into a number to begin from; equal texts always give equal numbers. */
export function seedOf(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join('\u0000')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return mix(hash);
}

export function mix(a: number, b = 0, c = 0, d = 0): number {
  let hash = scramble(a + 0x9e3779b9);
  hash = scramble(hash ^ Math.imul(b, 0x85ebca6b));
  hash = scramble(hash ^ Math.imul(c, 0xc2b2ae35));
  return scramble(hash ^ Math.imul(d, 0x27d4eb2f)) >>> 0;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    return scramble(state) / 0x1_0000_0000;
  };
  return {
    unit,
    int: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    chance: (probability) => unit() < probability,
    pick: (list) => pickAt(list, Math.floor(unit() * list.length)),
  };
}

export function pickAt<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new RangeError('Nothing to pick from');
  return found;
}

/** Hexadecimal digits that depend on all of the numbers, for ids that must come out the same every time. */
export function hexOf(length: number, a: number, b = 0, c = 0): string {
  let text = '';
  for (let word = 1; text.length < length; word += 1) {
    text += mix(a, b, c, word * 0x5bd1e995)
      .toString(16)
      .padStart(8, '0');
  }
  return text.slice(0, length);
}

function scramble(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}
