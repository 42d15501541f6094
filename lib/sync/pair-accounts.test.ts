import { expect, test } from 'vitest';
import { type AccountFace, type FormerAccount, pairAccounts } from './pair-accounts.ts';

const hash = (text: string) => Buffer.from(text);

const face = (trueLayerId: string, rest: Partial<AccountFace> = {}): AccountFace => ({
  trueLayerId,
  kind: 'account',
  type: 'TRANSACTION',
  currency: 'GBP',
  cardNetwork: null,
  numberHash: null,
  ...rest,
});

const former = (id: string, trueLayerId: string, rest: Partial<FormerAccount> = {}): FormerAccount => ({
  ...face(trueLayerId),
  id,
  isOfConnection: true,
  isGone: false,
  ...rest,
});

test('an id that stayed is the account, whatever else changed', () => {
  const pairings = pairAccounts([face('b', { type: 'SAVINGS' }), face('a')], [former('1', 'a'), former('2', 'b')]);
  expect(pairings).toEqual([
    { kind: 'same', id: '2', by: 'id' },
    { kind: 'same', id: '1', by: 'id' },
  ]);
});

test('a number is known again under another id', () => {
  const listed = [face('x', { numberHash: hash('2') }), face('y', { numberHash: hash('1') })];
  const pairings = pairAccounts(listed, [
    former('1', 'a', { numberHash: hash('1') }),
    former('2', 'b', { numberHash: hash('2') }),
  ]);
  expect(pairings).toMatchObject([
    { id: '2', by: 'number' },
    { id: '1', by: 'number' },
  ]);
});

test('a number that several accounts share names none of them', () => {
  const shared = { numberHash: hash('iban') };
  const pairings = pairAccounts(
    [face('x', shared), face('y', shared)],
    [former('1', 'a', shared), former('2', 'b', shared)],
  );
  expect(pairings).toEqual([
    { kind: 'ask', candidateIds: ['1', '2'] },
    { kind: 'ask', candidateIds: ['1', '2'] },
  ]);
});

test('what is left over on either side is the same, if nothing speaks against it', () => {
  expect(pairAccounts([face('a'), face('x')], [former('1', 'a'), former('2', 'b')])).toMatchObject([
    { id: '1', by: 'id' },
    { id: '2', by: 'elimination' },
  ]);
  expect(pairAccounts([face('x', { type: 'SAVINGS' })], [former('1', 'a')])).toEqual([{ kind: 'new' }]);
  expect(pairAccounts([face('x', { currency: 'EUR' })], [former('1', 'a')])).toEqual([{ kind: 'new' }]);
  const differing = former('1', 'a', { numberHash: hash('1') });
  expect(pairAccounts([face('x', { numberHash: hash('2') })], [differing])).toEqual([{ kind: 'new' }]);
});

test('an account that was closed long ago doesn’t come back as somebody new', () => {
  expect(pairAccounts([face('x')], [former('1', 'a', { isGone: true })])).toEqual([{ kind: 'new' }]);
});

test('an account of an ended connection is taken over by id or number, and never by elimination', () => {
  const ended = { isOfConnection: false };
  expect(pairAccounts([face('a')], [former('1', 'a', ended)])).toMatchObject([{ id: '1', by: 'id' }]);
  const numbered = former('1', 'a', { ...ended, numberHash: hash('1') });
  expect(pairAccounts([face('x', { numberHash: hash('1') })], [numbered])).toMatchObject([{ id: '1', by: 'number' }]);
  expect(pairAccounts([face('x')], [former('1', 'a', ended)])).toEqual([{ kind: 'new' }]);
});

test('one new beside two lost ones is asked, and so are two new beside one lost', () => {
  expect(pairAccounts([face('x')], [former('1', 'a'), former('2', 'b')])).toEqual([
    { kind: 'ask', candidateIds: ['1', '2'] },
  ]);
  expect(pairAccounts([face('x'), face('y')], [former('1', 'a')])).toEqual([
    { kind: 'ask', candidateIds: ['1'] },
    { kind: 'ask', candidateIds: ['1'] },
  ]);
});
