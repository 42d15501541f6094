/** A secret and what to call it when it is found; its value is never printed. */
export type KnownSecret = { kind: string; value: string };

export type Leak = { kind: string; source: string; offset: number };

/** Enough of a secret to be sure, and little enough that one cut short is found too. */
const NEEDLE_BYTES = 16;
const BASE = 257;
const BITS = 1 << 22;

/**
 * Looks for thousands of secrets in any number of bytes at once, each as it is, in hex (as a database prints bytes), in
 * base64 and as part of an address. One pass with a rolling hash, so that a whole run's output takes a second.
 */
export function createSearch(secrets: readonly KnownSecret[]) {
  const needles = new Map<string, string>();
  for (const { kind, value } of secrets) for (const needle of needlesOf(kind, value)) needles.set(needle, kind);
  const filter = new Uint8Array(BITS);
  for (const needle of needles.keys()) filter[hashOf(Buffer.from(needle, 'latin1')) & (BITS - 1)] = 1;
  const leaks: Leak[] = [];
  return {
    needles: needles.size,
    leaks,
    /** One source at a time; whoever reads in pieces lets them overlap by `overlapBytes`. */
    scan(source: string, bytes: Uint8Array, startsAt = 0): void {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let hash = 0;
      for (let end = 0; end < text.length; end++) {
        hash = (Math.imul(hash, BASE) + (text[end] ?? 0)) | 0;
        if (end >= NEEDLE_BYTES) hash = (hash - Math.imul(text[end - NEEDLE_BYTES] ?? 0, LEADING)) | 0;
        if (end < NEEDLE_BYTES - 1 || filter[hash & (BITS - 1)] !== 1) continue;
        const from = end - NEEDLE_BYTES + 1;
        const kind = needles.get(text.toString('latin1', from, end + 1));
        if (kind !== undefined) leaks.push({ kind, source, offset: startsAt + from });
      }
    },
  };
}

export const overlapBytes = NEEDLE_BYTES - 1;

/** What falls out of the window weighs this much. */
const LEADING = powerOf(BASE, NEEDLE_BYTES);

function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let step = 0; step < exponent; step++) power = Math.imul(power, base);
  return power;
}

function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) hash = (Math.imul(hash, BASE) + byte) | 0;
  return hash;
}

/** The beginning and the end of every spelling: whoever cuts a secret short leaves one of them. */
function needlesOf(kind: string, value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const spellings = [
    value,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/={1,2}$/, ''),
    encodeURIComponent(value),
  ];
  if (kind === 'sealing_key') {
    const key = Buffer.from(value, 'base64');
    spellings.push(key.toString('hex'), key.toString('base64url'), key.toString('latin1'));
  }
  return spellings
    .filter((spelling) => spelling.length >= NEEDLE_BYTES)
    .flatMap((spelling) => [spelling.slice(0, NEEDLE_BYTES), spelling.slice(-NEEDLE_BYTES)]);
}
