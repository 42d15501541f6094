import { expect, test } from 'vitest';
import { toCalendar } from './calendar.ts';

test('a calendar file folds its lines, escapes its text, and rings a day before', () => {
  const file = toCalendar({
    uid: 'one@linkwell',
    at: new Date('2027-02-20T15:30:00.000Z'),
    writtenAt: new Date('2027-02-13T08:00:00.000Z'),
    title: 'Sharing “Łódź Bank”; with Linkwell, ends',
    text: 'Keep sharing, or stop: https://app.example/connections/0123456789/reconfirm?because=it+is+long',
    url: 'https://app.example/connections/0123456789/reconfirm',
  });
  const lines = file.split('\r\n');
  expect(lines.at(-1)).toBe('');
  for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const unfolded = file.replaceAll('\r\n ', '');
  expect(unfolded).toContain(String.raw`SUMMARY:Sharing “Łódź Bank”\; with Linkwell\, ends`);
  expect(unfolded).toContain('DTSTART:20270220T153000Z');
  expect(unfolded).toContain('TRIGGER:-P1D');
});
