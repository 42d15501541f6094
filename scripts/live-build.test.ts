import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuild } from './local/build.ts';

/** What only the trial controls say, and the address that only they call. */
const MARKS = ['Trial controls', '/control/clock'];

const PATIENCE_MS = 600_000;

test(
  'the trial controls are in a local build and in no other',
  async () => {
    expect(marksIn(await ensureBuild('local'))).toEqual(MARKS);
    expect(marksIn(await ensureBuild('live'))).toEqual([]);
  },
  PATIENCE_MS,
);

function marksIn(folder: string): string[] {
  const files = readdirSync(path.join(folder, '.next'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const found = new Set<string>();
  for (const file of files) {
    const text = readFileSync(path.join(file.parentPath, file.name), 'latin1');
    for (const mark of MARKS) if (text.includes(mark)) found.add(mark);
  }
  return MARKS.filter((mark) => found.has(mark));
}
