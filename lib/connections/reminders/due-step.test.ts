import { expect, test } from 'vitest';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { decideSteps, dueAt } from './due-step.ts';

const endsAt = new Date('2027-02-20T15:30:00.000Z');
const STEPS = [14, 7, 3, 1, 0];
const at = (daysLeft: number) => addMs(endsAt, -daysLeft * DAY_MS);

test.each([
  [20, null, 14],
  [14, 14, 7],
  [8, 14, 7],
  [7, 7, 3],
  [2, 3, 1],
  [1, 1, 0],
  [0.2, 0, null],
  [-1, 0, null],
  [-3, null, null],
])('with %s days left the reminder of %s days is due, and the next look is for that of %s', (daysLeft, due, next) => {
  const expected = { due, nextAt: next === null ? null : dueAt(endsAt, next) };
  expect(decideSteps(endsAt, STEPS, at(daysLeft))).toEqual(expected);
});

test('the last reminder comes while there is still time to answer', () => {
  expect(dueAt(endsAt, 0)).toEqual(addMs(endsAt, -6 * HOUR_MS));
});
