import { expect, test } from 'vitest';
import { ownValue } from './own-value.ts';

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', ''])('a table has nothing for %j', (key) => {
  expect(ownValue({ known: 'yes' }, key)).toBeUndefined();
});

test('a table has its own entries', () => {
  expect(ownValue({ known: 'yes', ['__proto__']: 'own' }, 'known')).toBe('yes');
});
