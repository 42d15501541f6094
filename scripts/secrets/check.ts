import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { createSearch, type KnownSecret, type Leak, overlapBytes } from './search.ts';

export type SecretReport = { secrets: number; kinds: string[]; bytes: number; lines: number; leaks: Leak[] };

const CHUNK_BYTES = 8 << 20;
const NEWLINE = 10;

/** Looks for every secret in every file. */
export function searchFiles(secrets: readonly KnownSecret[], files: readonly string[]): SecretReport {
  const search = createSearch(secrets);
  const read = { bytes: 0, lines: 0 };
  for (const file of files) {
    for (const { chunk, startsAt, fresh } of chunksOf(file)) {
      search.scan(path.basename(file), chunk, startsAt);
      read.bytes += fresh.length;
      for (const byte of fresh) if (byte === NEWLINE) read.lines++;
    }
  }
  const kinds = [...new Set(secrets.map(({ kind }) => kind))].sort();
  return { secrets: new Set(secrets.map(({ value }) => value)).size, kinds, ...read, leaks: search.leaks };
}

/** Pieces that overlap, so that nothing is missed at a seam. */
function* chunksOf(file: string): Generator<{ chunk: Buffer; startsAt: number; fresh: Buffer }> {
  const handle = openSync(file, 'r');
  try {
    let rest = Buffer.alloc(0);
    for (let at = 0; ; ) {
      const piece = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(handle, piece, 0, CHUNK_BYTES, at);
      if (length === 0) return;
      const fresh = piece.subarray(0, length);
      const chunk = Buffer.concat([rest, fresh]);
      yield { chunk, startsAt: at - rest.length, fresh };
      rest = Buffer.from(chunk.subarray(-overlapBytes));
      at += length;
    }
  } finally {
    closeSync(handle);
  }
}

/** One line for each kind and place: which secret leaked where, and never the secret. */
export function sayLeaks(leaks: readonly Leak[]): string[] {
  const places = new Map<string, { times: number; first: number }>();
  for (const { kind, source, offset } of leaks) {
    const place = `${kind} in ${source}`;
    const known = places.get(place);
    places.set(place, { times: (known?.times ?? 0) + 1, first: known?.first ?? offset });
  }
  return [...places].map(([place, { times, first }]) => `${place}: ${times} times, first at byte ${first}`);
}
