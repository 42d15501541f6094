import { describe, expect, test } from 'vitest';
import { type AccountFace, type FormerAccount, pairAccounts, REPLACED_WITHIN_DAYS } from './pair-accounts.ts';

const hash = (text: string) => Buffer.from(text);

const face = (trueLayerId: string, rest: Partial<AccountFace> = {}): AccountFace => ({
  trueLayerId,
  kind: 'account',
  type: 'TRANSACTION',
  name: 'Current account',
  currency: 'GBP',
  cardNetwork: null,
  numberHash: null,
  ...rest,
});

const former = (id: string, trueLayerId: string, rest: Partial<FormerAccount> = {}): FormerAccount => ({
  ...face(trueLayerId),
  id,
  isOfConnection: true,
  goneDays: null,
  isJoined: false,
  ...rest,
});

/** Each pairing in one word: the account's id, `new`, or `?` with the candidates. */
const words = (listed: readonly AccountFace[], known: readonly FormerAccount[]) =>
  pairAccounts(listed, known).map((pairing) => {
    if (pairing.kind === 'same') return pairing.id;
    return pairing.kind === 'new' ? 'new' : `? ${pairing.candidateIds.join(' ')}`;
  });

const ENDED = { isOfConnection: false };
const CARD = { kind: 'card', type: null, cardNetwork: 'VISA', name: 'Platinum' } as const;

describe('by id', () => {
  test('an id that stayed is the account, whatever its type is called now', () => {
    expect(pairAccounts([face('b', { type: 'SAVINGS' }), face('a')], [former('1', 'a'), former('2', 'b')])).toEqual([
      { kind: 'same', id: '2', by: 'id' },
      { kind: 'same', id: '1', by: 'id' },
    ]);
  });

  test('an account keeps its id when its number changes, and when it is renamed', () => {
    const known = [former('1', 'a', { numberHash: hash('1') })];
    expect(words([face('a', { numberHash: hash('2') })], known)).toEqual(['1']);
    expect(words([face('a', { numberHash: hash('1'), name: 'Holiday money' })], known)).toEqual(['1']);
  });

  test('an id under another number and another name asks', () => {
    const known = [former('1', 'a', { numberHash: hash('1'), name: 'Current account' })];
    expect(words([face('a', { numberHash: hash('2'), name: 'Savings pot' })], known)).toEqual(['? 1']);
  });

  test('ids that change places between pockets don’t change the pockets', () => {
    const iban = { numberHash: hash('iban') };
    const known = [former('1', 'a', { ...iban, currency: 'GBP' }), former('2', 'b', { ...iban, currency: 'EUR' })];
    const listed = [face('a', { ...iban, currency: 'EUR' }), face('b', { ...iban, currency: 'GBP' })];
    expect(words(listed, known)).toEqual(['2', '1']);
  });

  test('an id in another currency is another account, and asks nothing', () => {
    expect(words([face('a', { currency: 'EUR' })], [former('1', 'a', { currency: 'USD' })])).toEqual(['new']);
  });

  test('the id of an account is not the id of a card', () => {
    expect(words([face('a')], [former('1', 'a', CARD)])).toEqual(['new']);
  });
});

describe('by number', () => {
  test('a number is recognised under another id', () => {
    const listed = [face('x', { numberHash: hash('2') }), face('y', { numberHash: hash('1') })];
    const known = [former('1', 'a', { numberHash: hash('1') }), former('2', 'b', { numberHash: hash('2') })];
    expect(pairAccounts(listed, known)).toMatchObject([
      { id: '2', by: 'number' },
      { id: '1', by: 'number' },
    ]);
  });

  test.each([
    ['three pockets of one IBAN', ['GBP', 'EUR', 'USD'], ['USD', 'GBP', 'EUR']],
    ['two pockets', ['SEK', 'NOK'], ['NOK', 'SEK']],
    ['five pockets', ['GBP', 'EUR', 'USD', 'CHF', 'PLN'], ['PLN', 'CHF', 'USD', 'EUR', 'GBP']],
  ])('%s of a stopped login are each recognised by currency', (_, before, after) => {
    const iban = { numberHash: hash('iban') };
    const known = before.map((currency) => former(currency, `old ${currency}`, { ...ENDED, ...iban, currency }));
    const listed = after.map((currency) => face(`new ${currency}`, { ...iban, currency }));
    expect(words(listed, known)).toEqual(after);
  });

  test('a pocket that is new is new, beside its sisters', () => {
    const iban = { numberHash: hash('iban') };
    const known = [former('1', 'a', { ...ENDED, ...iban, currency: 'GBP' })];
    const listed = [face('x', { ...iban, currency: 'GBP' }), face('y', { ...iban, currency: 'JPY' })];
    expect(words(listed, known)).toEqual(['1', 'new']);
  });

  test('of one number and one currency the type tells, then the name', () => {
    const iban = { numberHash: hash('iban') };
    const known = [former('1', 'a', iban), former('2', 'b', { ...iban, type: 'SAVINGS' })];
    expect(words([face('x', { ...iban, type: 'SAVINGS' }), face('y', iban)], known)).toEqual(['2', '1']);
    const named = [former('1', 'a', { ...iban, name: 'Bills' }), former('2', 'b', { ...iban, name: 'Joint' })];
    const listed = [face('x', { ...iban, name: 'JOINT ' }), face('y', { ...iban, name: 'Bills' })];
    expect(words(listed, named)).toEqual(['2', '1']);
  });

  test('a pocket that lost its currency is the one that is left', () => {
    const iban = { numberHash: hash('iban') };
    const known = [former('1', 'a', { ...iban, currency: 'GBP' }), former('2', 'b', { ...iban, currency: 'EUR' })];
    const listed = [face('x', { ...iban, currency: null }), face('y', { ...iban, currency: 'GBP' })];
    expect(words(listed, known)).toEqual(['2', '1']);
  });

  test('accounts that share everything are asked about, each once', () => {
    const shared = { numberHash: hash('iban') };
    expect(
      pairAccounts([face('x', shared), face('y', shared)], [former('1', 'a', shared), former('2', 'b', shared)]),
    ).toEqual(
      ['x', 'y'].map(() => ({ kind: 'ask', candidateIds: ['1', '2'], reason: 'ambiguous', isNumberShared: true })),
    );
  });

  test('an account of this connection comes before one of an ended one, and one that stands for others before those', () => {
    const number = { numberHash: hash('1') };
    expect(words([face('x', number)], [former('1', 'a', { ...ENDED, ...number }), former('2', 'b', number)])).toEqual([
      '2',
    ]);
    const joined = [
      former('1', 'a', { ...ENDED, ...number, isJoined: true }),
      former('2', 'b', { ...ENDED, ...number }),
    ];
    expect(words([face('x', number)], joined)).toEqual(['2']);
  });

  test('two earlier accounts of one number and currency at ended connections are asked about', () => {
    const number = { ...ENDED, numberHash: hash('1') };
    expect(words([face('x', { numberHash: hash('1') })], [former('1', 'a', number), former('2', 'b', number)])).toEqual(
      ['? 1 2'],
    );
  });
});

describe('by elimination', () => {
  test('what is left over on either side is the same, if nothing speaks against it', () => {
    expect(pairAccounts([face('a'), face('x')], [former('1', 'a'), former('2', 'b')])).toMatchObject([
      { id: '1', by: 'id' },
      { id: '2', by: 'elimination' },
    ]);
    expect(words([face('x', { type: 'SAVINGS' })], [former('1', 'a')])).toEqual(['new']);
    expect(words([face('x', { currency: 'EUR' })], [former('1', 'a')])).toEqual(['new']);
  });

  test('under another name it is asked', () => {
    expect(words([face('x', { name: 'Rainy day' })], [former('1', 'a')])).toEqual(['? 1']);
  });

  test('one new beside two lost ones is asked, the one of the same name first, and so are two new beside one lost', () => {
    expect(
      words([face('x', { name: 'B' })], [former('1', 'a', { name: 'A' }), former('2', 'b', { name: 'B' })]),
    ).toEqual(['? 2 1']);
    expect(words([face('x'), face('y')], [former('1', 'a')])).toEqual(['? 1', '? 1']);
  });

  test('an account that was closed long ago doesn’t come back as another one', () => {
    expect(words([face('x')], [former('1', 'a', { goneDays: 400 })])).toEqual(['new']);
  });

  test('an account of an ended connection is taken over by id or number only; under its name it is asked about', () => {
    expect(words([face('a')], [former('1', 'a', ENDED)])).toEqual(['1']);
    const numbered = former('1', 'a', { ...ENDED, numberHash: hash('1') });
    expect(words([face('x', { numberHash: hash('1') })], [numbered])).toEqual(['1']);
    expect(words([face('x')], [former('1', 'a', ENDED)])).toEqual(['? 1']);
    expect(words([face('x', { name: 'Other' })], [former('1', 'a', ENDED)])).toEqual(['new']);
  });
});

describe('replaced and renumbered', () => {
  const lost = former('1', 'a', { ...CARD, numberHash: hash('1111') });
  const replacement = face('x', { ...CARD, numberHash: hash('2222') });

  test.each([
    ['lost in the same list', null],
    ['lost the day before', 1],
    ['missed at the last sign-in', REPLACED_WITHIN_DAYS],
  ])('a card of the same product under another number asks once: %s', (_, goneDays) => {
    expect(pairAccounts([replacement], [{ ...lost, goneDays }])).toEqual([
      { kind: 'ask', candidateIds: ['1'], reason: 'number_changed', isNumberShared: false },
    ]);
  });

  test.each<[string, Partial<FormerAccount>]>([
    ['of another network', { cardNetwork: 'MASTERCARD' }],
    ['of another name', { name: 'Gold' }],
    ['in another currency', { currency: 'EUR' }],
    ['gone for longer than a replacement takes', { goneDays: REPLACED_WITHIN_DAYS + 1 }],
    ['of an ended connection, which may be another person’s login', ENDED],
    ['joined into another card, which stands for it', { isJoined: true }],
  ])('a card %s asks nothing', (_, change) => {
    expect(words([replacement], [{ ...lost, ...change }])).toEqual(['new']);
  });

  test('a second card beside one that is still listed asks nothing', () => {
    expect(words([face('a', { ...CARD, numberHash: hash('1111') }), replacement], [lost])).toEqual(['1', 'new']);
  });

  test('an account whose number changed together with its id asks', () => {
    const known = former('1', 'a', { numberHash: hash('before') });
    expect(words([face('x', { numberHash: hash('after') })], [known])).toEqual(['? 1']);
  });
});

test('no account is paired twice, whatever is listed', () => {
  const numbers = [null, hash('1'), hash('2')];
  const currencies = ['GBP', 'EUR', null];
  const names = ['A', 'B'];
  let seed = 7;
  const pick = <T>(values: readonly T[]): T => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return values[Math.floor((seed / 2147483648) * values.length)] as T;
  };
  const anyFace = (id: string) =>
    face(id, { numberHash: pick(numbers), currency: pick(currencies), name: pick(names) });
  for (let round = 0; round < 500; round++) {
    const listed = ['a', 'b', 'c', 'd'].map(anyFace);
    const known = ['a', 'b', 'x', 'y'].map((id, index) => ({
      ...former(`${index}`, id, {
        goneDays: pick([null, 3, 300]),
        isOfConnection: pick([true, false]),
        isJoined: pick([true, false, false]),
      }),
      ...anyFace(id),
    }));
    const pairings = pairAccounts(listed, known);
    const taken = pairings.flatMap((pairing) => (pairing.kind === 'same' ? [pairing.id] : []));
    expect(new Set(taken).size).toBe(taken.length);
    for (const [index, pairing] of pairings.entries()) {
      if (pairing.kind === 'new') continue;
      const ids = pairing.kind === 'same' ? [pairing.id] : pairing.candidateIds;
      const { currency } = listed[index] ?? face('');
      for (const each of known.filter(({ id }) => ids.includes(id))) {
        expect(each.currency === null || currency === null || each.currency === currency).toBe(true);
        if (pairing.kind === 'ask') expect(taken).not.toContain(each.id);
      }
    }
  }
});
