import { expect, test } from 'vitest';
import { type KeptAnswer, planReplay } from './plan-replay.ts';

function answer(id: string, from: string, to: string, received: string, isComplete = true): KeptAnswer {
  return { id, window: { from, to }, receivedAt: new Date(`${received}T12:00:00Z`), isComplete };
}

const spans = (answers: KeptAnswer[]) =>
  planReplay(answers).map(({ answerId, window }) => `${answerId} ${window.from} ${window.to}`);

test('each day is read from the newest answer that covers it, and from no other', () => {
  const deep = answer('deep', '2026-01-01', '2026-11-01', '2026-11-01');
  const second = answer('second', '2026-10-25', '2026-11-02', '2026-11-02');
  const gap = answer('gap', '2026-03-01', '2026-03-10', '2026-11-03');
  expect(spans([second, gap, deep])).toEqual([
    'deep 2026-03-11 2026-10-24',
    'deep 2026-01-01 2026-02-28',
    'second 2026-10-25 2026-11-02',
    'gap 2026-03-01 2026-03-10',
  ]);
});

test('the edges of what was asked aren’t sure, the seams between answers are', () => {
  const deep = answer('deep', '2026-01-01', '2026-11-01', '2026-11-01');
  const second = answer('second', '2026-10-25', '2026-11-02', '2026-11-02');
  expect(planReplay([deep, second]).map(({ surely }) => surely)).toEqual([
    { from: '2026-01-02', to: '2026-10-24' },
    { from: '2026-10-26', to: '2026-11-02' },
  ]);
});

test('an answer that may lack rows takes nothing from an older one, and nothing is gone by it', () => {
  const whole = answer('whole', '2026-10-01', '2026-10-31', '2026-10-31');
  const cut = answer('cut', '2026-10-20', '2026-11-02', '2026-11-02', false);
  expect(planReplay([whole, cut])).toMatchObject([
    { answerId: 'whole', window: { from: '2026-10-01', to: '2026-10-31' } },
    { answerId: 'cut', window: { from: '2026-10-20', to: '2026-11-02' }, surely: null },
  ]);
});
