import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { requireRoom } from './room.ts';
import { StartProblem } from './say.ts';

test('a disk with too little room is said in a sentence, before anything is written', () => {
  const more = Number.MAX_SAFE_INTEGER;
  expect(() => requireRoom(tmpdir(), more)).toThrow(StartProblem);
  expect(() => requireRoom(tmpdir(), more)).toThrow(/too little room on the disk of .* MB are free/);
});

test('a disk with room is no obstacle', () => {
  expect(() => requireRoom(tmpdir(), 1)).not.toThrow();
});
