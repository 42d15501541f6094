import { expect, test } from 'vitest';
import { reasonOf } from './finding.ts';

test.each([
  [
    'Raw query failed. Code: `42501`. Message: `permission denied for schema public`.\n',
    'permission denied for schema public',
  ],
  ['Message: `no such table`', 'no such table'],
  ['Message: `first`\nsomething else', 'Message: `first`\nsomething else'],
  ['Message: ``', 'Message: ``'],
  ['connect ECONNREFUSED', 'connect ECONNREFUSED'],
])('of %j says %j', (message, reason) => {
  expect(reasonOf(new Error(message))).toBe(reason);
});
