import { expect, test } from 'vitest';
import { safeReturnPath } from './return-path.ts';

test('keeps a path of ours with its query', () => {
  expect(safeReturnPath('/connect/ob-monzo?from=mail')).toBe('/connect/ob-monzo?from=mail');
});

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '',
  null,
])('sends %j to the front page', (path) => {
  expect(safeReturnPath(path)).toBe('/');
});
