import { expect, test } from 'vitest';
import { type AlikeFaults, addFault, chooseStep, isAccountWide, isConnectionWide } from './fault-scope.ts';
import type { SyncAccount } from './load-connection.ts';
import type { AccountResource } from './resource.ts';
import type { Step } from './step.ts';

const account = (id: string): SyncAccount => ({
  id,
  kind: 'account',
  trueLayerId: id,
  currency: 'GBP',
  coveredFrom: null,
  coveredTo: null,
  historyLimitCode: null,
  historyAskedAt: null,
  isStopped: false,
  groupId: null,
  resources: new Map(),
});
const step = (id: string, resource: AccountResource): Step => ({ resource, account: account(id) });
const list: Step = { resource: 'accounts', account: null };
const after = (...steps: Step[]) =>
  steps.reduce<AlikeFaults | null>((alike, one) => addFault(alike, 'bank_trouble', one), null);

test.each<[string, Step[], boolean]>([
  ['one account’s transactions', [step('a', 'transactions')], false],
  ['two kinds of one account', [step('a', 'transactions'), step('a', 'balance')], false],
  [
    'one kind of every account',
    [step('a', 'transactions'), step('b', 'transactions'), step('c', 'transactions')],
    false,
  ],
  ['two kinds of two accounts', [step('a', 'transactions'), step('b', 'balance')], true],
  ['a list and an account', [list, step('a', 'transactions')], true],
])('%s failing alike means the connection: %s', (_, steps, isWide) => {
  const alike = after(...steps);
  expect(alike !== null && isConnectionWide(alike)).toBe(isWide);
});

test('faults of another kind are not alike', () => {
  const alike = addFault(after(step('a', 'transactions')), 'retry_later', step('b', 'balance'));
  expect(isConnectionWide(alike)).toBe(false);
});

test('an account is left alone when two kinds of its data fail alike, and no other account is', () => {
  const alike = addFault(after(step('a', 'transactions')), 'bank_trouble', step('a', 'balance'));
  expect(isAccountWide(alike, 'a')).toBe(true);
  expect(isAccountWide(alike, 'b')).toBe(false);
});

test('when several accounts fail on one kind of data, another kind of another account is asked next', () => {
  const left = [step('c', 'transactions'), step('a', 'balance'), step('c', 'balance')];
  expect(chooseStep(left, after(step('a', 'transactions')))).toBe(left[0]);
  expect(chooseStep(left, after(step('a', 'transactions'), step('b', 'transactions')))).toBe(left[2]);
  const onlyTheirs = left.slice(0, 2);
  expect(chooseStep(onlyTheirs, after(step('a', 'transactions'), step('b', 'transactions')))).toBe(onlyTheirs[1]);
  const oneKind = left.slice(0, 1);
  expect(chooseStep(oneKind, after(step('a', 'transactions'), step('b', 'transactions')))).toBe(oneKind[0]);
  expect(chooseStep([], null)).toBeUndefined();
});
