import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContext } from '#lib/context/context';
import { plainArray, textArray } from './array-literal.ts';

test('whatever text goes in comes out of the database as it was', async () => {
  const { db } = await createContext({ actor: { kind: 'system', job: 'test' } });
  const hard = fc.constantFrom(
    '',
    'NULL',
    '{}',
    '"',
    '\\',
    '\\"',
    'a,b',
    ' {x} ',
    '\n\t',
    '£ ü 🏦',
    "'; drop table x;--",
  );
  const text = fc.oneof(
    hard,
    fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { maxLength: 12 }), async (values) => {
      const sent = values.map((value) => value?.toWellFormed() ?? null);
      const [row] = await db.$queryRaw<[{ values: (string | null)[] }]>`select ${textArray(sent)}::text[] as values`;
      expect(row.values).toEqual(sent);
    }),
    { numRuns: 150 },
  );
});

test('numbers, days and truth values too', async () => {
  const { db } = await createContext({ actor: { kind: 'system', job: 'test' } });
  const [row] = await db.$queryRaw<[Record<string, unknown>]>`
    select ${plainArray(['-12345678901234567.89', null, '0'])}::numeric[]::text as amounts,
      ${plainArray(['2026-03-01', null])}::date[]::text as days, ${plainArray([true, null, false])}::bool[]::text as truths,
      ${plainArray([])}::int[]::text as none`;
  expect(row).toEqual({
    amounts: '{-12345678901234567.89,NULL,0}',
    days: '{2026-03-01,NULL}',
    truths: '{t,NULL,f}',
    none: '{}',
  });
});
