import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bank, recordedBanks } from '#sandbox/banks/catalogue';
import { personAt } from '#sandbox/people/person';
import { DAY_MS, dayOf, monthOf } from './days.ts';
import { balanceAt, type Ledger, type LedgerRow, listRows } from './ledger.ts';

const today = dayOf(Date.UTC(2026, 10, 22));
const noon = today * DAY_MS + DAY_MS / 2;

function getBankById(id: string): Bank {
  const bank = recordedBanks.find((each) => each.id === id);
  if (bank === undefined) throw new Error(id);
  return bank;
}

const people = [
  ['ob-monzo', 'john'],
  ['ob-barclays', 'john4'],
  ['ob-revolut', 'john'],
  ['ob-lloyds-business', 'john2'],
  ['ob-aib', 'john'],
  ['ob-amex', 'john'],
  ['ob-chelsea-building-society', 'john'],
  ['ob-transferwise', 'john'],
  ['ob-tsb', 'decade'],
  ['mock', 'john'],
] as const;

const ledgers: [string, Ledger][] = people.flatMap(([id, username]) => {
  const { accounts, cards } = personAt(getBankById(id), username, 'test');
  return [...accounts, ...cards].map(({ key, ledger }): [string, Ledger] => [`${id} ${username} ${key}`, ledger]);
});

describe.each(ledgers)('the book of %s', (_, ledger) => {
  it('adds up from row to row, across months, to the balance', () => {
    const rows = listRows(ledger, today - 800, today);
    for (const [index, row] of rows.entries()) {
      const before = rows[index - 1];
      if (before !== undefined) expect(row.balanceMinor).toBe(before.balanceMinor + row.amountMinor);
    }
    expect(balanceAt(ledger, noon)).toBe(rows.at(-1)?.balanceMinor ?? ledger.openingOf(monthOf(today)));
  });

  it('says the same of a day in whatever window it is asked', () => {
    const whole = listRows(ledger, today - 400, today);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), (a, b) => {
        const [from, to] = [today - Math.max(a, b), today - Math.min(a, b)];
        expect(listRows(ledger, from, to)).toEqual(whole.filter(({ day }) => day >= from && day <= to));
      }),
      { numRuns: 12 },
    );
  });

  it('has an own key for each row of a day', () => {
    const rows = listRows(ledger, today - 400, today);
    expect(new Set(rows.map(({ day, key }) => `${day}/${key}`)).size).toBe(rows.length);
  });
});

const bookOf = (id: string, username: string, seed = 'test') => {
  const { accounts, cards } = personAt(getBankById(id), username, seed);
  return [...accounts, ...cards].map(({ key, ledger }) => ({ key, rows: listRows(ledger, today - 730, today) }));
};

describe('two runs', () => {
  it('agree for one seed, and differ for another seed, bank or person', () => {
    const book = JSON.stringify(bookOf('ob-monzo', 'john'));
    // Sixty others push john out of what is remembered.
    for (let other = 1; other <= 61; other += 1) personAt(getBankById('ob-monzo'), `john${other}`, 'test');
    expect(JSON.stringify(bookOf('ob-monzo', 'john'))).toBe(book);
    expect(JSON.stringify(bookOf('ob-monzo', 'john', 'another'))).not.toBe(book);
    expect(JSON.stringify(bookOf('ob-tsb', 'john'))).not.toBe(book);
    expect(JSON.stringify(bookOf('ob-monzo', 'john1'))).not.toBe(book);
  });
});

describe('money between accounts of one person', () => {
  it('leaves one on the day it reaches the other', () => {
    const book = bookOf('ob-monzo', 'john');
    const main = book.find(({ key }) => key === 'current-1')?.rows ?? [];
    const savings = book.find(({ key }) => key === 'savings-1')?.rows ?? [];
    const card = book.find(({ key }) => key === 'card-1')?.rows ?? [];
    const has = (day: number, amount: number) => main.some((row) => row.day === day && row.amountMinor === amount);
    const moved = savings.filter(({ category }) => category === 'TRANSFER');
    expect(moved.length).toBeGreaterThan(20);
    expect(moved.every(({ day, amountMinor }) => has(day, -amountMinor))).toBe(true);
    const repaid = card.filter(({ bankCode }) => bankCode === 'PMT');
    expect(repaid.length).toBeGreaterThan(20);
    expect(repaid.every(({ day, amountMinor }) => has(day, amountMinor))).toBe(true);
  });
});

describe('an ordinary current account', () => {
  const rows = bookOf('ob-barclays', 'john')[0]?.rows ?? [];
  const of = (category: string) => rows.filter((row) => row.category === category);

  it('has what a household’s has: pay, bills, rent or mortgage, shopping, cash, refunds', () => {
    expect(rows.filter(({ description }) => description.includes('SALARY')).length).toBeGreaterThanOrEqual(23);
    expect(of('DIRECT_DEBIT').length).toBeGreaterThan(100);
    expect(of('PURCHASE').length).toBeGreaterThan(1000);
    expect(of('ATM').length).toBeGreaterThan(5);
    expect(rows.some(({ description }) => description.includes('COUNCIL'))).toBe(true);
    expect(rows.some(({ description }) => description.includes('REFUND'))).toBe(true);
    expect(rows.some(({ description }) => description.includes(' EUR '))).toBe(true);
  });

  it('is classified, with a merchant, for purchases and direct debits only', () => {
    const isClassified = ({ classification, merchant }: LedgerRow) => classification.length > 0 || merchant !== null;
    expect(new Set(rows.filter(isClassified).map(({ category }) => category))).toEqual(
      new Set(['PURCHASE', 'DIRECT_DEBIT']),
    );
    expect(of('PURCHASE').every(isClassified)).toBe(true);
  });
});

describe('pending rows', () => {
  const { ledger } = personAt(getBankById('ob-barclays'), 'john', 'test').accounts[0] ?? {};

  it('are there at any hour, and are booked within days under another text and perhaps another amount', () => {
    if (ledger === undefined) throw new Error('john has no account');
    let differing = 0;
    for (let hour = 0; hour < 24 * 60; hour += 5) {
      const now = (today - 80) * DAY_MS + hour * 3_600_000;
      const pending = ledger.pendingAt(now);
      expect(pending.length).toBeGreaterThan(0);
      for (const row of pending) {
        const booked = listRows(ledger, dayOf(now) + 1, row.day + 2);
        const own = booked.filter(({ description }) => description.startsWith(row.description));
        expect(own.length).toBeGreaterThan(0);
        expect(own.some(({ key, description }) => key === row.key || description === row.description)).toBe(false);
        if (!own.some(({ amountMinor }) => amountMinor === row.amountMinor)) differing += 1;
      }
    }
    expect(differing).toBeGreaterThan(0);
  });

  it('are never in the book as well', () => {
    if (ledger === undefined) throw new Error('john has no account');
    const now = noon;
    const keys = new Set(listRows(ledger, today - 5, today).map(({ key }) => key));
    expect(ledger.pendingAt(now).some(({ key }) => keys.has(key))).toBe(false);
  });
});
