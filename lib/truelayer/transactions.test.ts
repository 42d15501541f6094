import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTransactions } from './parse.ts';
import { bytes } from './test-server.ts';
import type { ReceivedTransaction } from './transactions.ts';

const documented = {
  timestamp: '2018-03-06T00:00:00',
  description: 'GOOGLE PLAY STORE',
  transaction_type: 'DEBIT',
  transaction_category: 'PURCHASE',
  transaction_classification: ['Shopping', 'Groceries'],
  merchant_name: 'Google play',
  amount: -2.99,
  currency: 'GBP',
  transaction_id: '03c333979b729315545816aaa365c33f',
  normalised_provider_transaction_id: 'txn-f88d587a7bd5fcd16',
  provider_transaction_id: '9882ks-00js',
  running_balance: { amount: 1238.6, currency: 'GBP' },
  meta: { bank_transaction_id: '9882ks-00js', provider_transaction_category: 'DEB' },
};

type Wire = Record<string, unknown>;

function parseAll(rows: unknown, kind: 'account' | 'card' = 'account') {
  const { rows: batches } = parseTransactions(bytes(typeof rows === 'string' ? rows : { results: rows }), kind);
  const all = [...batches];
  return { items: all.flatMap((batch) => batch.items), setAside: all.flatMap((batch) => batch.setAside), batches: all };
}

function parseOne(change: Wire, kind: 'account' | 'card' = 'account'): ReceivedTransaction {
  const { items, setAside } = parseAll([{ ...documented, ...change }], kind);
  expect(setAside).toEqual([]);
  const [first] = items;
  if (!first) throw new Error('no row came out');
  return first;
}

test('reads a documented row in full', () => {
  expect(parseOne({})).toEqual({
    transactionId: '03c333979b729315545816aaa365c33f',
    normalisedProviderTransactionId: 'txn-f88d587a7bd5fcd16',
    providerTransactionId: '9882ks-00js',
    timestamp: {
      raw: '2018-03-06T00:00:00',
      day: '2018-03-06',
      instant: new Date('2018-03-06T00:00:00Z'),
      hasTime: false,
      isZoned: false,
      isAdjusted: false,
    },
    dateAsSent: '2018-03-06T00:00:00',
    dateDoubt: null,
    amountsAsSent: null,
    description: 'GOOGLE PLAY STORE',
    amount: '-2.99',
    currency: 'GBP',
    effect: '-2.99',
    type: 'DEBIT',
    signMismatch: false,
    category: 'PURCHASE',
    classification: ['Shopping', 'Groceries'],
    merchant: { name: 'Google play', source: 'merchant_name' },
    runningBalance: { amount: '1238.6', currency: 'GBP' },
    meta: { bank_transaction_id: '9882ks-00js', provider_transaction_category: 'DEB' },
  });
});

test('a card’s purchase lessens what the person has, and its repayment adds to it', () => {
  expect(parseOne({ amount: 18.32, transaction_type: 'DEBIT' }, 'card')).toMatchObject({
    amount: '18.32',
    effect: '-18.32',
    signMismatch: false,
  });
  expect(parseOne({ amount: -100, transaction_type: 'CREDIT' }, 'card')).toMatchObject({
    amount: '-100',
    effect: '100',
    signMismatch: false,
  });
});

test.each([
  ['account', 'CREDIT', -20.5, true],
  ['account', 'DEBIT', 4, true],
  ['account', 'CREDIT', 4, false],
  ['account', 'DEBIT', -4, false],
  ['account', 'DEBIT', 0, false],
  ['account', 'DEBITED', 4, false],
  ['card', 'CREDIT', 15.86, true],
  ['card', 'DEBIT', -7.56, true],
  ['card', 'CREDIT', -7, false],
  ['card', 'DEBIT', 36.59, false],
] as const)(
  'keeps the row and flags it when type and sign disagree: %s %s %d is %s',
  (kind, type, amount, isFlagged) => {
    const row = parseOne({ amount, transaction_type: type }, kind);
    expect(row).toMatchObject({ amount: String(amount), type, signMismatch: isFlagged });
  },
);

test('no amount passes through a float', () => {
  const long = '-1234567890123456789.123456789012345';
  // Of a metal, which has no smallest unit.
  const gold = JSON.stringify({ ...documented, currency: 'XAU' });
  const { items } = parseAll(`{"results":[${gold.replace('-2.99', long)}]}`);
  expect(items[0]).toMatchObject({ amount: long, effect: long });
});

test('an amount keeps its sign and loses its exponent, and may come as text', () => {
  const amounts = ['1.5e2', '"-2.990"', '-0.0', '"+7"', '1E-3'].map((amount) =>
    JSON.stringify(documented).replace('-2.99', amount),
  );
  expect(parseAll(`{"results":[${amounts.join()}]}`).items.map((row) => row.amount)).toEqual([
    '150',
    '-2.99',
    '0',
    '7',
    '0.001',
  ]);
});

test('nothing optional is needed, whether it is absent, null or empty', () => {
  const optional = [
    'normalised_provider_transaction_id',
    'provider_transaction_id',
    'merchant_name',
    'running_balance',
    'meta',
    'transaction_classification',
    'transaction_category',
    'transaction_type',
    'description',
  ];
  const bare = {
    normalisedProviderTransactionId: null,
    merchant: null,
    runningBalance: null,
    meta: null,
    classification: [],
    category: null,
    type: null,
    description: '',
  };
  for (const empty of [undefined, null, '']) {
    expect(parseOne(Object.fromEntries(optional.map((key) => [key, empty])))).toMatchObject(bare);
  }
});

test.each([{}, null, [], 'x', { amount: null, currency: 'GBP' }, { amount: {}, currency: 'GBP' }, { currency: 'GBP' }])(
  'a running balance of %j is none',
  (running_balance) => {
    expect(parseOne({ running_balance }).runningBalance).toBeNull();
  },
);

test('looks for the merchant in three places, in order, and keeps a name’s blanks', () => {
  const meta = { provider_merchant_name: 'AMZN ', counter_party_preferred_name: 'J. Smith' };
  expect(parseOne({ meta }).merchant).toEqual({ name: 'Google play', source: 'merchant_name' });
  expect(parseOne({ meta, merchant_name: '  ' }).merchant).toEqual({ name: 'AMZN ', source: 'provider_merchant_name' });
  expect(parseOne({ meta: { ...meta, provider_merchant_name: null }, merchant_name: null }).merchant).toEqual({
    name: 'J. Smith',
    source: 'counter_party_preferred_name',
  });
  expect(parseOne({ meta: {}, merchant_name: undefined }).merchant).toBeNull();
});

test('ids that come as numbers keep every digit', () => {
  const row = JSON.stringify(documented).replace('"9882ks-00js"', '1000000000000000001');
  expect(parseAll(`{"results":[${row}]}`).items[0]?.providerTransactionId).toBe('1000000000000000001');
});

test('meta stays as the bank sent it, and its numbers exact', () => {
  const row = { ...documented, meta: { cardNumber: '1234********5678', nested: { deep: [true, null, { x: 'y' }] } } };
  const text = JSON.stringify(row).replace('"y"', '0.10');
  expect(parseAll(`{"results":[${text}]}`).items[0]?.meta).toEqual({
    cardNumber: '1234********5678',
    nested: { deep: [true, null, { x: '0.10' }] },
  });
});

test('unknown fields and values pass', () => {
  expect(
    parseOne({
      brand_new: { a: 1 },
      transaction_category: 'NEW_KIND',
      transaction_classification: ['Odd', null, 7, {}],
    }),
  ).toMatchObject({ category: 'NEW_KIND', classification: ['Odd', '7'] });
  expect(parseOne({ transaction_classification: 'Shopping', currency: ' gbp ' })).toMatchObject({
    classification: ['Shopping'],
    currency: 'GBP',
  });
});

test.each([
  [{ amount: null }, 'missing', 'amount'],
  [{ amount: undefined }, 'missing', 'amount'],
  [{ amount: '' }, 'missing', 'amount'],
  [{ amount: 'ten' }, 'unreadable', 'amount'],
  [{ amount: '1,000.00' }, 'unreadable', 'amount'],
  [{ amount: { value: 1 } }, 'unreadable', 'amount'],
  [{ amount: '1e400' }, 'unreadable', 'amount'],
  [{ transaction_id: null }, 'missing', 'transaction_id'],
  [{ currency: null }, 'missing', 'currency'],
  [{ currency: '£' }, 'unreadable', 'currency'],
])('sets a row aside for %j, and keeps its neighbours', (change, reason, path) => {
  const odd = { ...documented, ...change };
  const { items, setAside } = parseAll([documented, odd, documented]);
  expect(items).toHaveLength(2);
  expect(setAside).toEqual([{ index: 1, reason, path, raw: JSON.stringify(odd) }]);
});

test.each([
  [undefined, 'missing'],
  [null, 'missing'],
  ['', 'missing'],
  [' ', 'missing'],
  [false, 'missing'],
  [{ date: '2026-03-04' }, 'missing'],
  ['0000-00-00', 'missing'],
  ['0001-01-01T00:00:00Z', 'missing'],
  ['9999-12-31T00:00:00Z', 'missing'],
  ['06/03/2018', 'unreadable'],
  ['null', 'unreadable'],
  ['soon', 'unreadable'],
] as const)('a row dated %j is kept without a date, which is %s', (timestamp, dateDoubt) => {
  const dateAsSent = typeof timestamp === 'string' ? timestamp : '';
  expect(parseOne({ timestamp })).toMatchObject({ timestamp: null, dateAsSent, dateDoubt, amount: '-2.99' });
});

test.each([
  ['2026-02-30T00:00:00Z', '2026-02-28', 'impossible'],
  ['2017-02-247T17:29:24.740802Z', '2017-02-28', 'impossible'],
  ['2026-02-28T00:00:00Z', '2026-02-28', null],
  ['2026-02-28T25:00:00Z', '2026-02-28', null],
  ['1772236800', '2026-02-28', null],
])('a row dated %s is of %s, with the doubt %s', (timestamp, day, dateDoubt) => {
  expect(parseOne({ timestamp })).toMatchObject({
    timestamp: { day, raw: timestamp },
    dateAsSent: timestamp,
    dateDoubt,
  });
});

test('noise is taken off an amount and off the balance after it, and what was sent is kept', () => {
  const row = { amount: 29647.4, running_balance: { amount: 0.30000000000000004, currency: 'GBP' } };
  const wire = JSON.stringify({ ...documented, ...row }).replace('29647.4', '29647.4000000000000297');
  const [item] = parseAll(`{"results":[${wire}]}`, 'card').items;
  expect(item).toMatchObject({
    amount: '29647.4',
    effect: '-29647.4',
    runningBalance: { amount: '0.3' },
    amountsAsSent: { amount: '29647.4000000000000297', runningBalance: '0.30000000000000004' },
  });
  expect(parseOne({ amount: 1.1 }).amountsAsSent).toBeNull();
});

test('sets aside what isn’t an object, and what isn’t JSON, with the bank’s own text', () => {
  const row = JSON.stringify(documented);
  const { items, setAside } = parseAll(`{"results":[ null , ${row},"é, ]", 7,[${row}], {"amount": NaN} ,true,{} ]}`);
  expect(items).toHaveLength(1);
  expect(setAside.map(({ index, reason, raw }) => [index, reason, raw])).toEqual([
    [0, 'not_an_object', 'null'],
    [2, 'not_an_object', '"é, ]"'],
    [3, 'not_an_object', '7'],
    [4, 'not_an_object', `[${row}]`],
    [5, 'not_json', '{"amount": NaN}'],
    [6, 'not_an_object', 'true'],
    [7, 'missing', '{}'],
  ]);
});

test('rows come in batches of a thousand, in order and whole, as often as they are asked for', () => {
  const rows = Array.from({ length: 3500 }, (_, at) => ({
    ...documented,
    transaction_id: `t${at}`,
    amount: at === 2345 ? null : at,
  }));
  const parsed = parseTransactions(bytes({ results: rows, status: 'Succeeded' }), 'account');
  expect(parsed.rowCount).toBe(3500);
  const once = [...parsed.rows];
  expect(once.map((batch) => batch.items.length)).toEqual([1000, 1000, 999, 500]);
  expect(once.flatMap((batch) => batch.setAside).map((row) => row.index)).toEqual([2345]);
  const ids = once.flatMap((batch) => batch.items.map((row) => row.transactionId));
  expect(ids).toEqual(rows.map((row) => row.transaction_id).filter((id) => id !== 't2345'));
  expect([...parsed.rows]).toEqual(once);
});

test('large rows make small batches, so that memory stays flat', () => {
  const rows = Array.from({ length: 40 }, (_, at) => ({
    ...documented,
    transaction_id: `t${at}`,
    description: 'x'.repeat(100_000),
  }));
  const sizes = [...parseTransactions(bytes({ results: rows }), 'account').rows].map((batch) => batch.items.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(11);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40);
});

test('whatever a row holds, it is either read or set aside, and nothing is thrown', () => {
  const field = fc.oneof(
    fc.string(),
    fc.double(),
    fc.constant(null),
    fc.boolean(),
    fc.array(fc.jsonValue()),
    fc.jsonValue(),
  );
  const wild = fc.record(Object.fromEntries(Object.keys(documented).map((key) => [key, field])), { requiredKeys: [] });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(wild, fc.jsonValue(), fc.constant(documented))),
      fc.constantFrom('account', 'card'),
      (rows, kind) => {
        const { items, setAside } = parseAll(rows, kind);
        expect(items.length + setAside.length).toBe(rows.length);
        for (const item of items) expect(item.amount).toMatch(/^-?\d+(\.\d+)?$/);
      },
    ),
  );
});
