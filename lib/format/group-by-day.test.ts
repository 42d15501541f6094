import { expect, test } from 'vitest';
import { groupByDay } from './group-by-day.ts';

test('keeps the order it was given and loses nothing', () => {
  const items = ['b1', 'b2', 'a1', 'b3'];
  const groups = groupByDay(items, (item) => item.slice(0, 1));
  expect(groups.map((group) => group.day)).toEqual(['b', 'a', 'b']);
  expect(groups.flatMap((group) => group.items)).toEqual(items);
});

test('nothing makes no groups', () => {
  expect(groupByDay([], String)).toEqual([]);
});
