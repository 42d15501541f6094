import { expect, test } from 'vitest';
import { offersBank } from './provider-filter.ts';

const monzo = { id: 'ob-monzo', country: 'uk' };

test.each([
  ['its group', ['uk-ob-all'], monzo, true],
  ['its own id', ['ob-monzo'], monzo, true],
  ['its own id with the country in front', ['uk-ob-monzo'], monzo, true],
  ['the group of another type', ['uk-oauth-all'], monzo, false],
  ['the group of another country', ['ie-ob-all'], monzo, false],
  ['the mock filter', ['uk-cs-mock'], { id: 'mock', country: 'uk' }, true],
  ['any group, for the mock bank', ['uk-ob-all'], { id: 'mock', country: 'uk' }, false],
])('a bank is let in or kept out by %s', (_, filter, bank, isOffered) => {
  expect(offersBank(filter, bank)).toBe(isOffered);
});
