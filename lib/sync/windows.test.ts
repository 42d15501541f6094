import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, type Day } from '#lib/time/day';
import {
  isSuspicious,
  type KeptEnd,
  keptEnd,
  planFirstDays,
  settleCapped,
  sureDays,
  type Window,
  type WindowFacts,
} from './windows.ts';

const today = '2026-06-01';
const known: WindowFacts = {
  today,
  coveredFrom: '2024-06-01',
  coveredTo: '2026-05-31',
  gaps: [],
  isSignInRecent: false,
  widths: [730, 365, 180, 89],
  isDeepDone: false,
  isCutShort: false,
};

test.each<[string, Partial<WindowFacts>, string[]]>([
  ['a routine day reaches a week back over what is there', {}, ['2026-05-24']],
  ['after an outage the window begins before it', { coveredTo: '2026-04-20' }, ['2026-04-13']],
  ['no day older than the bank opens is asked in vain', { coveredTo: '2025-01-01' }, ['2026-03-04']],
  ['a gap is filled by the same request', { gaps: [{ from: '2026-04-11', to: '2026-04-12' }] }, ['2026-04-10']],
  [
    'a gap that the bank no longer opens is not asked for',
    { gaps: [{ from: '2025-02-01', to: '2025-02-09' }] },
    ['2026-03-04'],
  ],
  [
    'the deep past first, then narrower',
    { coveredFrom: null, coveredTo: null, isSignInRecent: true },
    ['2024-06-01', '2025-06-01', '2025-12-03', '2026-03-04'],
  ],
  ['too late after the sign-in only what is open to everybody', { coveredFrom: null, coveredTo: null }, ['2026-03-04']],
  ['a second sign-in doesn’t fetch the past twice', { isSignInRecent: true }, ['2026-05-24']],
  [
    'a second sign-in fetches the past that the first one missed',
    { isSignInRecent: true, coveredFrom: '2026-03-04' },
    ['2024-06-01', '2025-06-01', '2025-12-03', '2026-03-04'],
  ],
  [
    'one sign-in, one deep request',
    { isSignInRecent: true, isDeepDone: true, coveredFrom: '2026-03-04' },
    ['2026-05-24'],
  ],
  [
    'who comes back after a long time is asked for all of it while the bank opens it',
    { isSignInRecent: true, coveredTo: '2025-11-01' },
    ['2025-10-25', '2025-12-03', '2026-03-04'],
  ],
  [
    'a second sign-in fetches a gap that only a sign-in opens, and no more than that',
    { isSignInRecent: true, gaps: [{ from: '2025-02-01', to: '2025-02-09' }] },
    ['2025-01-31', '2025-06-01', '2025-12-03', '2026-03-04'],
  ],
  ['what was left for later is asked for', { isCutShort: true, coveredFrom: '2026-05-01' }, ['2026-03-04']],
])('%s', (_, facts, days) => {
  expect(planFirstDays({ ...known, ...facts })).toEqual(days);
});

test('a round number of rows is suspicious until a bank is known to return more or fewer', () => {
  const cut = (rowsPerAnswer: number | null, largestAnswerRows: number, counts: number[]) =>
    counts.map((count) => isSuspicious(count, { rowsPerAnswer, largestAnswerRows }));
  expect(cut(null, 0, [0, 49, 50, 99, 100, 101, 500])).toEqual([false, false, true, false, true, false, true]);
  expect(cut(null, 347, [100, 300, 347, 500])).toEqual([true, false, false, true]);
  expect(cut(50, 0, [0, 49, 50, 100])).toEqual([false, false, true, true]);
});

test('a bank that leaves rows out is asked until every day is had, or known to be too full to be had', () => {
  const rowsOfDays = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rowsOfDays, fc.integer({ min: 3, max: 6 }), fc.boolean(), (counts, limit, keepsNewest) => {
      const rows = counts.flatMap((count, index) => Array.from({ length: count }, () => addDays('2026-01-01', index)));
      const whole = { from: '2026-01-01', to: addDays('2026-01-01', counts.length - 1) };
      const covered = new Set<Day>();
      const overfull = new Set<Day>();
      const seen = new Map<Day, number>();
      let open: Window[] = [whole];
      let kept: KeptEnd = null;
      let requests = 0;
      for (let window = open[0]; window !== undefined; window = open[0]) {
        requests++;
        const isNewEnd: boolean = requests > 1 && kept === null && window.to === whole.to;
        const before: number = sum(seen);
        const { from, to } = window;
        const matching = rows.filter((day) => day >= from && day <= to);
        const answer = keepsNewest ? matching.slice(-limit) : matching.slice(0, limit);
        for (const day of new Set(answer))
          seen.set(day, Math.max(seen.get(day) ?? 0, answer.filter((each) => each === day).length));
        const facts = { oldest: answer[0] ?? null, newest: answer.at(-1) ?? null };
        const settled = isSuspicious(answer.length, { rowsPerAnswer: limit, largestAnswerRows: 0 })
          ? settleCapped(window, facts, kept)
          : { covered: window, rest: [], overfull: null };
        if (settled.covered !== null)
          for (let day = settled.covered.from; day <= settled.covered.to; day = addDays(day, 1)) covered.add(day);
        if (settled.overfull !== null) overfull.add(settled.overfull);
        if (isNewEnd) kept = sum(seen) > before ? 'oldest' : 'newest';
        open = [...settled.rest, ...open.slice(1)];
        expect(requests).toBeLessThan(200);
      }
      for (const [index, count] of counts.entries()) {
        const day = addDays('2026-01-01', index);
        if (overfull.has(day)) expect(count).toBeGreaterThanOrEqual(limit);
        else if (covered.has(day)) expect(seen.get(day) ?? 0).toBe(count);
        else expect.fail(`${day} was forgotten`);
      }
    }),
  );
});

const sum = (seen: ReadonlyMap<Day, number>) => [...seen.values()].reduce((total, count) => total + count, 0);

test('only the inside of a window proves that a row has gone', () => {
  expect(sureDays({ from: '2026-05-01', to: today }, today)).toEqual({ from: '2026-05-02', to: today });
  expect(sureDays({ from: '2026-05-01', to: '2026-05-10' }, today)).toEqual({ from: '2026-05-02', to: '2026-05-09' });
});

test.each<[string, Parameters<typeof keptEnd>[0], KeptEnd]>([
  ['nothing that wasn’t seen: it keeps the newest', { seen: 3, rowCount: 3, isCapped: false }, 'newest'],
  ['a new end without rows: it keeps the newest', { seen: 0, rowCount: 0, isCapped: false }, 'newest'],
  ['one booking more proves nothing', { seen: 3, rowCount: 4, isCapped: false }, null],
  ['nor does one that fills the answer', { seen: 99, rowCount: 100, isCapped: true }, null],
  ['the few that were left out at the last prove nothing either', { seen: 2, rowCount: 50, isCapped: false }, null],
  [
    'a full answer of rows that weren’t there: it keeps the oldest',
    { seen: 3, rowCount: 100, isCapped: true },
    'oldest',
  ],
])('%s', (_, facts, kept) => {
  expect(keptEnd(facts)).toBe(kept);
});
