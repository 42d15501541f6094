import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '#lib/errors/app-error';
import { action, fields, flag, id } from './action.ts';

vi.mock('next/navigation', () => import('next/dist/client/components/navigation.react-server.js'));

const NOT_FOUND = expect.objectContaining({ digest: expect.stringContaining('404') });
const form = (entries: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(entries)) data.append(name, value);
  return data;
};

test('runs with what it was called with', async () => {
  const save = action([id, flag, fields], async (accountId, isHidden, data) => [accountId, isHidden, data.get('note')]);
  expect(await save('a1', true, form({ note: 'Rent\tfor\nMay' }))).toEqual(['a1', true, 'Rent\tfor\nMay']);
});

const runs: unknown[][] = [];
const record = action([id, flag, fields], async (...args) => void runs.push(args)) as (
  ...args: unknown[]
) => Promise<void>;

test.each<[string, unknown[]]>([
  ['nothing', []],
  ['too few', ['a1', true]],
  ['null', [null, true, form({})]],
  ['a number', [7, true, form({})]],
  ['a list', [['a1'], true, form({})]],
  ['an object', [{ toString: 'a1' }, true, form({})]],
  ['no id', ['', true, form({})]],
  ['an id with NUL', ['a\0', true, form({})]],
  ['an id with a line break', ['a\n', true, form({})]],
  ['an id with half a character', ['a\ud800', true, form({})]],
  ['an overlong id', ['a'.repeat(201), true, form({})]],
  ['a text for a flag', ['a1', 'true', form({})]],
  ['an object for a form', ['a1', true, { get: 1 }]],
  ['NUL in a form', ['a1', true, form({ note: 'a\0b' })]],
  ['NUL in the name of a field', ['a1', true, form({ 'a\0b': 'x' })]],
])('answers %s with 404 and doesn’t run', async (_, args) => {
  runs.length = 0;
  await expect(record(...args)).rejects.toEqual(NOT_FOUND);
  expect(runs).toEqual([]);
});

test('answers what an operation can’t parse with 404, and passes on every other error', async () => {
  const parses = action([id], async (text) => void z.uuid().parse(text));
  await expect(parses('no-uuid')).rejects.toEqual(NOT_FOUND);
  const refuses = action([id], async () => Promise.reject(new AppError('conflict', 'already_joined')));
  await expect(refuses('a1')).rejects.toMatchObject({ kind: 'conflict' });
});
