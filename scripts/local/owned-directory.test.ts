import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureOwnedDirectory, hasOwnedDirectory } from './owned-directory.ts';

let shared: string;

beforeEach(() => {
  shared = mkdtempSync(path.join(tmpdir(), 'owned-'));
});
afterEach(() => rmSync(shared, { recursive: true, force: true }));

test('creates the directory with exactly the mode that was asked for, and accepts it the next time', () => {
  const dir = path.join(shared, 'new');
  expect(hasOwnedDirectory(dir)).toBe(false);
  for (let time = 0; time < 2; time++) ensureOwnedDirectory(dir, { mode: 0o711 });
  expect(statSync(dir).mode & 0o777).toBe(0o711);
  expect(hasOwnedDirectory(dir)).toBe(true);
});

function makeWorldWritable(dir: string): void {
  mkdirSync(dir);
  chmodSync(dir, 0o777);
}

test.each<[string, (dir: string) => void, number | undefined]>([
  ['a link to a directory of ours', (dir) => symlinkSync(shared, dir), undefined],
  ['a link to nothing', (dir) => symlinkSync(path.join(shared, 'nothing'), dir), undefined],
  ['a file', (dir) => writeFileSync(dir, ''), undefined],
  ['a directory of another user', (dir) => mkdirSync(dir, { mode: 0o755 }), 4711],
  ['a directory that others can write to', makeWorldWritable, undefined],
])('refuses %s and writes nothing', (_, prepare, uid) => {
  const dir = path.join(shared, 'predictable');
  prepare(dir);
  const before = readdirSync(shared);
  expect(() => ensureOwnedDirectory(dir, { mode: 0o700, uid })).toThrow(dir);
  expect(() => hasOwnedDirectory(dir, uid)).toThrow(dir);
  expect(readdirSync(shared)).toEqual(before);
});
