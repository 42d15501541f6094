import { expect, test } from 'vitest';
import { toFileSize } from './file-size.ts';

test('a size is short and never rounded up', () => {
  expect(toFileSize(0)).toBe('0 bytes');
  expect(toFileSize(1)).toBe('1 byte');
  expect(toFileSize(999)).toBe('999 bytes');
  expect(toFileSize(1000)).toBe('1 kB');
  expect(toFileSize(12_900)).toBe('12 kB');
  expect(toFileSize(1_290_000)).toBe('1.2 MB');
  expect(toFileSize(3_000_000_000)).toBe('3 GB');
  expect(toFileSize(2e15)).toBe('2000 TB');
});
