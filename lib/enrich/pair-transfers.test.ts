import { expect, test } from 'vitest';
import { pairTransfers, type TransferCandidate, type TransferSide } from './pair-transfers.ts';

function side(id: string, accountId: string, rest: Partial<TransferSide> = {}): TransferSide {
  return { id, accountId, day: '2026-11-10', isLike: true, isNever: false, said: null, ...rest };
}

const between = (out: TransferSide, into: TransferSide): TransferCandidate => ({ out, in: into });

test('money that left one account and came to another is paired, and the reason says who said so', () => {
  expect(pairTransfers([between(side('o', 'A'), side('i', 'B'))])).toEqual([
    { outId: 'o', inId: 'i', reason: 'both_say_so' },
  ]);
  const quiet = side('i', 'B', { isLike: false });
  expect(pairTransfers([between(side('o', 'A'), quiet)])).toMatchObject([{ reason: 'one_says_so' }]);
});

test('two rows of which neither speaks of a transfer are chance, and a shop is never a side', () => {
  const quiet = { isLike: false };
  expect(pairTransfers([between(side('o', 'A', quiet), side('i', 'B', quiet))])).toEqual([]);
  expect(pairTransfers([between(side('o', 'A', { isNever: true }), side('i', 'B'))])).toEqual([]);
});

test('a person’s yes makes a pair of what nothing speaks for, and their no breaks the best one', () => {
  const quiet = { isLike: false, isNever: true };
  expect(pairTransfers([between(side('o', 'A', { ...quiet, said: true }), side('i', 'B', quiet))])).toMatchObject([
    { reason: 'said' },
  ]);
  expect(pairTransfers([between(side('o', 'A', { said: false }), side('i', 'B'))])).toEqual([]);
});

test('where two accounts could be meant, neither is', () => {
  const out = side('o', 'A');
  expect(pairTransfers([between(out, side('i', 'B')), between(out, side('j', 'C'))])).toEqual([]);
  // Unless one of them fits better.
  const later = side('j', 'C', { day: '2026-11-12' });
  expect(pairTransfers([between(out, side('i', 'B')), between(out, later)])).toMatchObject([{ inId: 'i' }]);
});

test('equal transfers between the same two accounts pair off, each row once', () => {
  const outs = [side('o1', 'A'), side('o2', 'A')];
  const ins = [side('i1', 'B'), side('i2', 'B')];
  const pairs = pairTransfers(outs.flatMap((out) => ins.map((into) => between(out, into))));
  expect(pairs).toHaveLength(2);
  expect(new Set(pairs.flatMap(({ outId, inId }) => [outId, inId])).size).toBe(4);
});

test('money isn’t on its way for longer than a long weekend', () => {
  expect(pairTransfers([between(side('o', 'A'), side('i', 'B', { day: '2026-11-15' }))])).toEqual([]);
  expect(pairTransfers([between(side('o', 'A'), side('i', 'B', { day: '2026-11-14' }))])).toHaveLength(1);
});
