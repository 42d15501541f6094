import { expect, test } from 'vitest';
import catalogue from '../../sandbox/banks/catalogue.json' with { type: 'json' };
import { indexBanks, searchBanks } from './search-banks.ts';

const uk = catalogue.filter(({ country }) => country === 'uk').map(({ name }) => ({ name }));
const index = indexBanks(uk);
const find = (typed: string) => searchBanks(index, typed).map(({ name }) => name);

test.each([
  ['natwst', 'NatWest'],
  ['nat west', 'NatWest'],
  ['national westminster', 'NatWest'],
  ['hsbc uk', 'HSBC'],
  ['HSBC', 'HSBC'],
  ['first direct', 'first direct'],
  ['firstdirect', 'first direct'],
  ['1st direct', 'first direct'],
  ['rbs', 'Royal Bank of Scotland'],
  ['royal bnak', 'Royal Bank of Scotland'],
  ['amex', 'American Express'],
  ['m&s', 'M&S Bank'],
  ['marks and spencer', 'M&S Bank'],
  ['monzi', 'Monzo'],
  ['mozno', 'Monzo'],
  ['barclys', 'Barclays'],
  ['santandr', 'Santander'],
  ['nationwide building society', 'Nationwide'],
  ['transferwise', 'Wise'],
  ['loyds', 'Lloyds'],
  ['ybs', 'Yorkshire Building Society'],
  ['barclays business', 'Barclays Business'],
  ['bos', 'Bank of Scotland'],
])('typing %s finds %s first', (typed, name) => {
  expect(find(typed)[0]).toBe(name);
});

test('what was meant keeps near misses out', () => {
  expect(find('monzo')).toEqual(['Monzo']);
  expect(find('tsb')[0]).toBe('TSB');
});

test('what fits nothing finds nothing, and nothing typed is everything', () => {
  expect(find('qwertyuiop')).toEqual([]);
  expect(find('  ')).toHaveLength(uk.length);
});

test('characters of all kinds are text and no pattern', () => {
  for (const typed of ['.*', '((', '\\', '💷', 'é'.repeat(300)]) expect(() => find(typed)).not.toThrow();
});
