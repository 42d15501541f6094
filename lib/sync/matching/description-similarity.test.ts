import { expect, test } from 'vitest';
import { similarity, toComparableText } from './description-similarity.ts';

const alike = (one: string, other: string) => similarity(toComparableText(one), toComparableText(other));

test.each([
  ['04.03 EXAMPLE STORE', 'EXAMPLE STORE'],
  ['COFFE', 'COFFEE'],
  ['AMZN MKTP UK*2A4', 'Amazon Marketplace'],
  ['CARD PAYMENT TO TESCO STORES 2041 ON 04 MAR', 'Tesco'],
  ['J SMITH', 'JOHN SMITH'],
  ['Café Nero', 'CAFÉ  NERO LONDON'],
  ['7-11 0042', '7-11 0042 BERLIN'],
])('%j and %j are of one counterparty', (one, other) => {
  expect(alike(one, other)).toBeGreaterThan(0);
  expect(alike(other, one)).toBe(alike(one, other));
});

test.each([
  ['EXAMPLE STORE', 'OTHER SHOP'],
  ['CARD PAYMENT TO TESCO', 'CARD PAYMENT TO SHELL'],
  ['SALARY', 'SHOES'],
  ['AMAZON PRIME', 'AMAZON MARKETPLACE'],
  ['JOHN SMITH', 'JOHN DOE'],
  ['RENT JAN', 'COFFEE JAN'],
])('%j and %j are of different counterparties', (one, other) => {
  expect(alike(one, other)).toBe(0);
});

test('the closer of two descriptions scores higher, and equal words in another spelling score 1', () => {
  expect(alike('TESCO STORES 2041', 'TESCO 2041')).toBeGreaterThan(alike('TESCO STORES 2041', 'TESCO 3055'));
  expect(alike('Tesco  2041', 'TESCO-2041')).toBe(1);
});
