import { expect, test } from 'vitest';
import { isPermission, permissions, planPermissions, toPermissions } from './permissions.ts';

test('asks a bank for what was wanted and is offered, in a fixed order', () => {
  const plan = planPermissions(
    ['transactions', 'accounts', 'info', 'balance'],
    ['info', 'balance', 'accounts', 'transactions', 'cards'],
  );
  expect(plan).toEqual({ ask: ['info', 'accounts', 'balance', 'transactions'], unavailable: [], isUsable: true });
});

test('asks a card-only bank for cards, and drops what hangs on accounts', () => {
  const plan = planPermissions(permissions, ['balance', 'cards', 'transactions', 'direct_debits', 'offline_access']);
  expect(plan.ask).toEqual(['cards', 'balance', 'transactions', 'offline_access']);
  expect(plan.unavailable).toEqual(['info', 'accounts', 'direct_debits', 'standing_orders']);
  expect(plan.isUsable).toBe(true);
});

test('finds a card-only bank of no use to who wants accounts alone', () => {
  const plan = planPermissions(
    ['info', 'accounts', 'balance', 'offline_access'],
    ['info', 'balance', 'cards', 'offline_access'],
  );
  expect(plan).toEqual({ ask: ['info', 'offline_access'], unavailable: ['accounts', 'balance'], isUsable: false });
});

test('a name alone is a use where nothing else was wanted', () => {
  expect(planPermissions(['info'], ['info', 'accounts']).isUsable).toBe(true);
  expect(planPermissions(['offline_access'], ['offline_access']).isUsable).toBe(false);
});

test('reads granted permissions from a text or a list, leaving out the unknown', () => {
  expect(toPermissions('offline_access  accounts products')).toEqual(['accounts', 'offline_access']);
  expect(toPermissions(['cards', 'beneficiaries'])).toEqual(['cards']);
  expect([isPermission('info'), isPermission('products')]).toEqual([true, false]);
});
