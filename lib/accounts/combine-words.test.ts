import { expect, test } from 'vitest';
import { combineWords, takeAddedAway, type Words } from './combine-words.ts';

const words = (rest: Partial<Words>): Words => ({
  note: null,
  category: null,
  merchantName: null,
  isTransfer: null,
  ...rest,
});

test.each([
  ['nothing and a note', null, 'b', 'b'],
  ['a note and nothing', 'a', null, 'a'],
  ['two notes', 'a', 'b', 'a\nb'],
  ['the same note twice', 'a', 'a', 'a'],
  ['a note that has the other already', 'a\nb', 'b', 'a\nb'],
  ['a note that the other has already', 'b', 'a\nb', 'a\nb'],
  ['notes of which one is part of a word of the other', 'abc', 'b', 'abc\nb'],
])('%s', (_, kept, extra, note) => {
  const { words: both, added } = combineWords(words({ note: kept }), words({ note: extra }));
  expect(both.note).toBe(note);
  // What was added can be taken away, unless it was part of the whole.
  if (added.note !== undefined) expect(takeAddedAway(both, added).note).toBe(kept);
});

test('a correction that is there is never replaced, and one that isn’t is filled in', () => {
  const kept = words({ category: 'gifts', isTransfer: false });
  const extra = words({ category: 'groceries', merchantName: 'Ann', isTransfer: true });
  const { words: both, added } = combineWords(kept, extra);
  expect(both).toEqual(words({ category: 'gifts', merchantName: 'Ann', isTransfer: false }));
  expect(added).toEqual({ merchantName: 'Ann' });
  expect(takeAddedAway(both, added)).toEqual(kept);
});

test('what was changed since stays', () => {
  const { words: both, added } = combineWords(words({ note: 'a' }), words({ note: 'b', category: 'gifts' }));
  const changed = { ...both, note: 'a\nb, and c', category: 'home' };
  expect(takeAddedAway(changed, added)).toEqual(changed);
});
