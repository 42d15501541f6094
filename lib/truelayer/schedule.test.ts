import { expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';

test.each([
  ['EvryDay', { every: 'day' }],
  ['EvryWorkgDay', { every: 'working_day' }],
  ['IntrvlDay:15', { every: 'days', count: 15 }],
  ['IntrvlWkDay:01:03', { every: 'weeks', count: 1, weekday: 3 }],
  ['WkInMnthDay:02:04', { every: 'week_of_month', week: 2, weekday: 4 }],
  ['IntrvlMnthDay:01:26', { every: 'months', count: 1, dayOfMonth: 26 }],
  ['IntrvlMnthDay:1:-1', { every: 'months', count: 1, dayOfMonth: -1 }],
  ['QtrDay:ENGLISH', { every: 'quarter' }],
  ['QtrDay', { every: 'quarter' }],
  ['IntrvlWkDay:xx', { every: 'other' }],
  ['Fortnightly', { every: 'other' }],
  ['', { every: 'other' }],
])('reads %j', (frequency, schedule) => {
  expect(parseSchedule(frequency)).toEqual(schedule);
});
