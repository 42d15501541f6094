import { expect, test } from 'vitest';
import { trimEndOf } from './trim-end-of.ts';

test.each([
  ['https://traces.example//', '/', 'https://traces.example'],
  ['12.500', '0', '12.5'],
  ['NAME -., *', ' *,.-', 'NAME'],
  ['0 0', '0', '0 '],
  ['///', '/', ''],
  ['', '/', ''],
  ['name', '', 'name'],
])('takes off the end of %j each of %j', (text, characters, rest) => {
  expect(trimEndOf(text, characters)).toBe(rest);
});
