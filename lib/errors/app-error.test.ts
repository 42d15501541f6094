import { expect, test } from 'vitest';
import { NotFoundError } from './app-error.ts';

test('an absent row says what was looked for, and nothing about whose it is', () => {
  const error = new NotFoundError('connection');
  expect(error).toMatchObject({ kind: 'not_found', code: 'connection_not_found', name: 'NotFoundError' });
});
