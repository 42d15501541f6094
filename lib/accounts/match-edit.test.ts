import { describe, expect, test } from 'vitest';
import { Prisma } from '#lib/db/generated/client';
import { addDays } from '#lib/time/day';
import { type BookedCandidate, type MatchFacts, matchEdits, rankCandidates, type WaitingEdit } from './match-edit.ts';

/** `day amount text`, with `GBP` unless the amount names another currency: `4 -0.10 TFL`, `6 -20.00EUR CAFE`. */
function parse(line: string): MatchFacts {
  const [day = '', money = '', ...text] = line.split(' ');
  const [, amount = '', currency = ''] = /^(-?[\d.]+)([A-Z]*)$/.exec(money) ?? [];
  return {
    id: line,
    day: addDays('2026-03-01', Number(day) - 1),
    effect: new Prisma.Decimal(amount),
    currency: currency || 'GBP',
    description: text.join(' '),
    merchantName: null,
    coding: 'PURCHASE',
    classification: [],
    firstSeenAt: new Date(`2026-03-05T00:00:00Z`),
  };
}

const waiting = (line: string, rest: Partial<WaitingEdit> = {}): WaitingEdit => ({
  ...parse(line),
  rival: null,
  ...rest,
});
const booked = (line: string, rest: Partial<BookedCandidate> = {}): BookedCandidate => ({
  ...parse(line),
  words: null,
  firstSeenAt: new Date('2026-03-06T00:00:00Z'),
  ...rest,
});
const earlier = (line: string) => booked(line, { firstSeenAt: new Date('2026-02-20T00:00:00Z') });

const matchOne = (edit: WaitingEdit, candidates: BookedCandidate[], pending: MatchFacts[] = []) =>
  matchEdits([edit], candidates, pending)[0]?.transactionId ?? null;

describe('a note follows its pending transaction to', () => {
  test.each([
    // The same amount: the text decides little.
    ['4 -41.20 7-11 0042', '4 -41.20 7-11 0042'],
    ['4 -41.20 7-11 0042', '7 -41.20 7-11 0042'],
    ['4 -41.20 7-11 0042', '6 -41.20 7-ELEVEN 0042 LONDON'],
    ['4 -12.00 O2', '5 -12.00 O2 UK'],
    ['4 -9.99 3', '5 -9.99 3'],
    ['4 -15.00 EE', '3 -15.00 EE LIMITED'],
    ['4 -20.00 B&Q 1234', '5 -20.00 B&Q WANDSWORTH'],
    ['4 -31.07 AMZNMktplace', '6 -31.07 AMZNMKTPLACE AMAZON.CO.UK'],
    ['4 -52.49 PENDING CARD TRANSACTION', '6 -52.49 TESCO STORES 3213'],
    ['4 -52.49 SQ *MARIAS', '6 -52.49 M LOPEZ CATERING'],
    ['4 250.00 ACME PAYROLL', '5 250.00 ACME PAYROLL MARCH'],
    // Transport.
    ['4 -0.10 TFL', '8 -7.70 TFL TRAVEL CH'],
    ['4 -0.10 TFL', '4 -2.80 TFL'],
    ['4 -0.00 TFL TRAVEL CHARGE', '9 -14.90 TFL TRAVEL CHARGE'],
    ['4 -1.00EUR RATP PARIS', '7 -8.60EUR RATP PARIS'],
    ['4 -18.00 UBER *TRIP', '5 -21.40 UBER *TRIP HELP.UBER.COM'],
    ['4 -0.01 RINGGO PARKING', '6 -4.20 RINGGO PARKING'],
    // Fuel.
    ['4 -1.00 SHELL M25', '6 -54.31 SHELL M25'],
    ['4 -100.00 ESSO TOLWORTH', '6 -48.02 ESSO TOLWORTH'],
    ['4 -99.00 TESCO PAY AT PUMP 2233', '5 -61.75 TESCO PAY AT PUMP 2233'],
    ['4 -120.00EUR TOTALENERGIES RELAIS', '7 -83.11EUR TOTALENERGIES RELAIS'],
    // Hotels and car hire.
    ['4 -200.00 PREMIER INN 4455', '10 -356.40 PREMIER INN LEEDS'],
    ['4 -500.00 HERTZ CAR RENTAL', '24 -312.90 HERTZ CAR RENTAL'],
    ['4 -1.00 HOTEL ADLON', '20 -480.00 HOTEL ADLON BERLIN'],
    // Restaurants.
    ['4 -40.00 DISHOOM LONDON', '6 -45.00 DISHOOM KINGS X 0306'],
    ['4 -62.50 LUIGIS TRATTORIA', '5 -70.00 LUIGIS TRATTORIA'],
    // Another currency, or its rate.
    ['4 -20.00EUR CARREFOUR PARIS', '6 -17.42 CARREFOUR PARIS'],
    ['4 -3000JPY LAWSON SHIBUYA', '8 -15.71 LAWSON SHIBUYA TOKYO'],
    ['4 -43.10 CARREFOUR PARIS FRA', '6 -44.36 CARREFOUR PARIS FRA'],
    ['4 -43.10 ZARA 30.00 EUR', '6 -42.07 ZARA NON-STERLING'],
  ])('%s → %s', (pending, row) => {
    expect(matchOne(waiting(pending), [booked(row)])).toBe(row);
    // Whatever else is booked around it.
    const others = ['4 -3.50 GREGGS', '6 -80.00 CASH MACHINE', '7 1500.00 SALARY'].map((line) => booked(line));
    expect(matchOne(waiting(pending), [...others, booked(row)])).toBe(row);
  });

  test('the merchant category code of the bank, where the texts say little', () => {
    const mcc = { mcc: '5542' };
    expect(matchOne(waiting('4 -1.00 ACME 12'), [booked('5 -47.10 ACME 12')])).toBeNull();
    expect(matchOne(waiting('4 -1.00 ACME 12'), [booked('5 -47.10 ACME 12', mcc)])).toBe('5 -47.10 ACME 12');
  });

  test('the restaurant that TrueLayer names as one', () => {
    const classification = ['Food & Dining', 'Restaurants'];
    const row = booked('5 -33.00 NOPI', { classification });
    expect(matchOne(waiting('4 -30.00 NOPI', { classification: [] }), [row])).toBe(row.id);
  });
});

describe('a note stays without a transaction where', () => {
  test.each([
    ['the amount is of another purchase at the same shop', '4 -42.10 TESCO STORES', ['6 -8.00 TESCO STORES']],
    ['a similar amount at a shop is no hold', '4 -42.10 TESCO STORES', ['6 -43.00 TESCO STORES']],
    ['fuel was not held but paid', '4 -54.31 SHELL M25', ['5 -8.20 SHELL M25']],
    ['a fuel purchase would be too large', '4 -1.00 SHELL M25', ['5 -640.00 SHELL M25']],
    ['the restaurant’s amount more than grew', '4 -40.00 DISHOOM', ['6 -140.00 DISHOOM']],
    ['the merchants differ', '4 -0.10 TFL', ['5 -7.70 SHELL']],
    ['a round amount is all that is alike', '4 -40.00 DISHOOM', ['5 -40.00 CAR PARK']],
    ['a small amount is all that is alike', '4 -2.85 DISHOOM', ['5 -2.85 CAR PARK']],
    ['the brands contradict each other', '4 -41.23 TESCO STORES', ['5 -41.23 SHELL M25']],
    ['the money goes the other way', '4 -40.00 DISHOOM', ['5 40.00 DISHOOM']],
    ['it was booked weeks later', '4 -41.20 7-11 0042', ['25 -41.20 7-11 0042']],
    ['the hold was weeks ago', '4 -0.10 TFL', ['22 -7.70 TFL']],
    ['two amounts are possible', '4 -0.10 TFL', ['6 -7.70 TFL', '7 -5.20 TFL']],
    ['two texts are possible', '4 -40.00 TRAINLINE', ['6 -40.00 TRAINLINE LEEDS', '6 -40.00 TRAINLINE YORK']],
    ['two days are possible', '4 -3.40 COSTA', ['5 -3.40 COSTA', '6 -3.40 COSTA']],
    ['the texts name nobody and the amounts differ', '4 -1.00 CARD PAYMENT', ['6 -54.31 CARD PAYMENT']],
  ])('%s', (_, pending, rows) => {
    expect(
      matchOne(
        waiting(pending),
        rows.map((row) => booked(row)),
      ),
    ).toBeNull();
  });

  test('the row was booked before the pending one came', () => {
    const edit = waiting('4 -3.40 COSTA');
    expect(matchOne(edit, [earlier('4 -3.40 COSTA')])).toBeNull();
    expect(matchOne(edit, [booked('4 -3.40 COSTA')])).toBe('4 -3.40 COSTA');
  });

  test('the user goes to the restaurant regularly, so that a similar amount is no surprise', () => {
    const edit = waiting('4 -40.00 DISHOOM');
    const row = booked('6 -45.00 DISHOOM');
    expect(matchOne(edit, [row, earlier('1 -38.00 DISHOOM'), earlier('2 -41.00 DISHOOM')])).toBeNull();
    expect(matchOne(edit, [row, earlier('1 -38.00 DISHOOM')])).toBe(row.id);
  });

  test('another pending row disappeared that may be what is booked', () => {
    const [hold, exact] = [booked('6 -7.70 TFL'), booked('6 -41.20 TESCO')];
    expect(matchOne(waiting('4 -0.10 TFL', { rival: 'same_amount' }), [hold])).toBeNull();
    expect(matchOne(waiting('4 -0.10 TFL', { rival: 'same_merchant' }), [hold])).toBeNull();
    expect(matchOne(waiting('4 -41.20 TESCO', { rival: 'same_amount' }), [exact])).toBeNull();
    expect(matchOne(waiting('4 -41.20 TESCO', { rival: 'same_merchant' }), [exact])).toBe(exact.id);
    const same = booked('4 -41.20 TESCO');
    expect(matchOne(waiting('4 -41.20 TESCO', { rival: 'same_amount' }), [same])).toBe(same.id);
  });

  test('the booked row may be that of a row which is still pending', () => {
    const edit = waiting('4 -0.10 TFL');
    const row = booked('6 -7.70 TFL');
    expect(matchOne(edit, [row], [parse('5 -0.10 TFL')])).toBeNull();
    expect(matchOne(edit, [row], [parse('5 -9.10 GREGGS')])).toBe(row.id);
  });

  test('the user wrote on the booked row already', () => {
    const own = booked('4 -41.20 COSTA', { words: 'own' });
    expect(matchOne(waiting('4 -41.20 COSTA'), [own])).toBeNull();
    // Weaker evidence doesn't move it on.
    expect(matchOne(waiting('4 -41.20 COSTA'), [own, booked('6 -45.00 COSTA')])).toBeNull();
  });
});

describe('of several', () => {
  test('the same day, text and amount come before another day or text', () => {
    const rows = ['5 -3.40 COSTA', '4 -3.40 COSTA', '4 -3.40 COSTA COFFEE'].map((line) => booked(line));
    expect(matchOne(waiting('4 -3.40 COSTA'), rows)).toBe('4 -3.40 COSTA');
  });

  test('the same day comes before another, where no row repeats the text', () => {
    const rows = ['5 -3.40 COSTA COFFEE LEEDS', '4 -3.40 COSTA COFFEE LEEDS'].map((line) => booked(line));
    expect(matchOne(waiting('4 -3.40 COSTA'), rows)).toBe('4 -3.40 COSTA COFFEE LEEDS');
  });

  test('equal amounts come before a hold, and a name before an amount alone', () => {
    expect(matchOne(waiting('4 -40.00 DISHOOM'), [booked('6 -45.00 DISHOOM'), booked('6 -40.00 DISHOOM')])).toBe(
      '6 -40.00 DISHOOM',
    );
    expect(matchOne(waiting('4 -40.15 DISHOOM'), [booked('6 -45.00 DISHOOM'), booked('6 -40.15 CAR PARK')])).toBe(
      '6 -45.00 DISHOOM',
    );
  });

  test('two equal notes go to two equal rows, one each', () => {
    const edits = ['a', 'b'].map((id) => waiting('4 -3.40 COSTA', { id }));
    const rows = ['x', 'y'].map((id) => booked('4 -3.40 COSTA', { id }));
    expect(matchEdits(edits, rows)).toEqual([
      { editId: 'a', transactionId: 'x' },
      { editId: 'b', transactionId: 'y' },
    ]);
    expect(matchEdits(edits, rows.slice(0, 1))).toEqual([{ editId: 'a', transactionId: 'x' }]);
  });

  test('two notes that differ never share a row by chance', () => {
    const edits = [waiting('3 -0.10 TFL'), waiting('4 -0.10 TFL')];
    expect(matchEdits(edits, [booked('6 -7.70 TFL')])).toEqual([]);
    const coffees = [waiting('3 -3.40 COSTA'), waiting('4 -3.40 COSTA')];
    expect(matchEdits(coffees, [booked('4 -3.40 COSTA')])).toEqual([
      { editId: '4 -3.40 COSTA', transactionId: '4 -3.40 COSTA' },
    ]);
  });

  test('a row that has the note of another pending row is out of the question', () => {
    const taken = booked('5 -3.40 COSTA', { words: 'placed' });
    expect(matchOne(waiting('4 -3.40 COSTA'), [taken, booked('6 -3.40 COSTA')])).toBe('6 -3.40 COSTA');
  });
});

test('the offers begin with the likeliest, and leave out what nobody would mean', () => {
  const edit = waiting('4 -0.10 TFL');
  const rows = ['4 -3.50 GREGGS', '6 -7.70 TFL', '5 7.70 TFL REFUND', '15 -5.20 TFL TRAVEL', '8 -0.10 PARKING'];
  expect(rankCandidates(edit, rows.map(parse), 3).map(({ id }) => id)).toEqual([
    '8 -0.10 PARKING',
    '6 -7.70 TFL',
    '15 -5.20 TFL TRAVEL',
  ]);
  expect(rankCandidates(edit, rows.map(parse), 1)).toHaveLength(1);
});
