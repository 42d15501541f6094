import { expect, test } from 'vitest';
import {
  parseAccounts,
  parseBalance,
  parseBanks,
  parseCards,
  parseDirectDebits,
  parseInfo,
  parseMe,
  parsePendingTransactions,
  parseStandingOrders,
  parseStatus,
} from './parse.ts';
import { bytes } from './test-server.ts';

const enveloped = (...results: unknown[]) => bytes({ results, status: 'Succeeded' });

const account = {
  update_timestamp: '2017-02-07T17:29:24.740802Z',
  account_id: 'f1234560abf9f57287637624def390871',
  account_type: 'TRANSACTION',
  display_name: 'Club Lloyds',
  currency: 'GBP',
  account_number: { iban: 'GB35LOYD12345678901234', number: '12345678', sort_code: '12-34-56', swift_bic: 'LOYDGB2L' },
  provider: { provider_id: 'lloyds' },
};

const card = {
  account_id: 'f7b093437032c216d4350b7d442b9c5ccc0e9f19',
  card_network: 'VISA',
  card_type: 'CREDIT',
  currency: 'GBP',
  display_name: 'Club Credit Card',
  partial_card_number: '0044',
  name_on_card: 'A. N. Other',
  valid_from: '2017-01',
  valid_to: '2018-01',
  update_timestamp: '2017-02-07T17:29:24.740802Z',
  provider: { provider_id: 'lloyds' },
};

const me = {
  client_id: 'test',
  credentials_id: '6L7RxyPKX0THy1tw93PB4V+8DB+KjnX9Pxa451yXPu0=',
  consent_status: 'Authorised',
  consent_status_updated_at: '2020-05-24T15:44:40.077Z',
  consent_created_at: '2020-05-24T14:44:40.077Z',
  consent_expires_at: '2020-08-24T14:44:40.077Z',
  provider: {
    display_name: 'Lloyds Bank',
    logo_uri: 'https://auth.truelayer.com/img/banks/banks-icons/lloyds-icon.svg',
    provider_id: 'lloyds',
  },
  scopes: ['info', 'accounts', 'balance', 'transactions', 'cards', 'offline_access'],
  privacy_policy: 'Feb2019',
};

test('an account says what the bank said, and no more', () => {
  const { items, setAside } = parseAccounts(enveloped(account));
  expect(setAside).toEqual([]);
  expect(items).toEqual([
    {
      accountId: 'f1234560abf9f57287637624def390871',
      type: 'TRANSACTION',
      displayName: 'Club Lloyds',
      currency: 'GBP',
      accountNumber: {
        number: '12345678',
        sortCode: '12-34-56',
        iban: 'GB35LOYD12345678901234',
        swiftBic: 'LOYDGB2L',
        routingNumber: null,
        bsb: null,
      },
      bank: { bankId: 'lloyds', displayName: null, logoUrl: null },
      updatedAt: new Date('2017-02-07T17:29:24.740Z'),
    },
  ]);
});

test('an account needs an id; currency, names, numbers and bank may be missing, null or odd', () => {
  for (const odd of [undefined, null, {}, 'x', 7, []]) {
    const { items } = parseAccounts(
      enveloped({
        account_id: 'a1',
        currency: 'EUR',
        account_number: odd,
        provider: odd,
        display_name: null,
        update_timestamp: odd,
      }),
    );
    expect(items).toMatchObject([
      { accountId: 'a1', type: null, displayName: null, updatedAt: null, accountNumber: { number: null, iban: null } },
    ]);
  }
  expect(parseAccounts(enveloped({ currency: 'EUR' }, account)).setAside).toEqual([
    { index: 0, reason: 'missing', path: 'account_id', raw: '{"currency":"EUR"}' },
  ]);
});

test('account numbers that come as numbers keep their digits, and a refused BIC is none', () => {
  const { items } = parseAccounts(
    bytes(
      '{"results":[{"account_id":1000000000000000001,"currency":"GBP","account_number":{"number":12345678,"swift_bic":"NOT_SUPPORTED_BY_GEO"}}]}',
    ),
  );
  expect(items).toMatchObject([
    { accountId: '1000000000000000001', accountNumber: { number: '12345678', swiftBic: null } },
  ]);
  const other = { ...account, account_number: { swift_bic: 'NOT_SUPPORTED_BY_PROVIDER' } };
  expect(parseAccounts(enveloped(other)).items[0]?.accountNumber.swiftBic).toBeNull();
});

test.each(['2017-02-247T17:29:24.740802Z', '0001-01-01T00:00:00Z', null, 7, '', 'yesterday'])(
  'an update_timestamp of %j is unknown, and costs nothing else',
  (update_timestamp) => {
    expect(parseAccounts(enveloped({ ...account, update_timestamp })).items).toMatchObject([
      { displayName: 'Club Lloyds', updatedAt: null },
    ]);
  },
);

test('five accounts with one IBAN are five accounts', () => {
  const five = Array.from({ length: 5 }, (_, at) => ({ ...account, account_id: `a${at}` }));
  expect(parseAccounts(enveloped(...five)).items).toHaveLength(5);
});

test('a card keeps the blanks of its name, and needs only its id', () => {
  expect(parseCards(enveloped({ ...card, name_on_card: 'John Doe ' })).items).toEqual([
    {
      accountId: 'f7b093437032c216d4350b7d442b9c5ccc0e9f19',
      network: 'VISA',
      type: 'CREDIT',
      currency: 'GBP',
      displayName: 'Club Credit Card',
      partialCardNumber: '0044',
      nameOnCard: 'John Doe ',
      validFromMonth: '2017-01',
      validToMonth: '2018-01',
      bank: { bankId: 'lloyds', displayName: null, logoUrl: null },
      updatedAt: new Date('2017-02-07T17:29:24.740Z'),
    },
  ]);
  expect(parseCards(enveloped({ account_id: 'c1' })).items).toMatchObject([
    { accountId: 'c1', currency: null, network: null },
  ]);
});

test.each([{}, { currency: null }, { currency: '' }, { currency: '£' }, { currency: 826 }, { account_type: 'WALLET' }])(
  'an account with only an id and %j is read, not set aside',
  (odd) => {
    const { items, setAside } = parseAccounts(enveloped({ account_id: 'a1', ...odd }));
    expect(setAside).toEqual([]);
    expect(items).toMatchObject([{ accountId: 'a1', currency: null, displayName: null, bank: null }]);
  },
);

test('balances, direct debits and standing orders come without a float’s noise', () => {
  const noisy = (json: string) => bytes(`{"results":[${json}],"status":"Succeeded"}`);
  const current = '29647.4000000000000297';
  expect(parseBalance(noisy(`{"currency":"GBP","current":${current},"available":0.1}`), 'account').items).toMatchObject(
    [{ current: '29647.4', effect: '29647.4', available: '0.1', amountsAsSent: { current } }],
  );
  const card = `{"current":${current},"available":-0.30000000000000004,"credit_limit":99.99999999999999}`;
  expect(parseBalance(noisy(card), 'card').items).toMatchObject([
    { current: '29647.4', effect: '-29647.4', available: '-0.3', creditLimit: '100', amountsAsSent: { current } },
  ]);
  const debit = '{"direct_debit_id":"1","name":"EE","currency":"GBP","previous_payment_amount":25.000000000000004}';
  expect(parseDirectDebits(noisy(debit)).items).toMatchObject([{ previousPaymentAmount: '25' }]);
  const order = '{"frequency":"EvryDay","currency":"JPY","next_payment_amount":500.00000000000006}';
  expect(parseStandingOrders(noisy(order)).items).toMatchObject([{ next: { amount: '500' } }]);
});

test('an account’s balance is exact, and nought is a value', () => {
  const balance = {
    currency: 'GBP',
    available: 2150.8,
    current: 0,
    overdraft: 1000,
    update_timestamp: '2017-02-07T17:33:30.001222Z',
  };
  expect(parseBalance(enveloped(balance), 'account').items).toEqual([
    {
      amountsAsSent: null,
      kind: 'account',
      currency: 'GBP',
      current: '0',
      effect: '0',
      available: '2150.8',
      overdraft: '1000',
      updatedAt: new Date('2017-02-07T17:33:30.001Z'),
    },
  ]);
  expect(
    parseBalance(enveloped({ currency: 'GBP', current: '-12.50', available: 'n/a' }), 'account').items,
  ).toMatchObject([{ current: '-12.5', available: null }]);
  expect(parseBalance(enveloped({ currency: 'GBP', current: null }), 'account').setAside).toMatchObject([
    { reason: 'missing', path: 'current' },
  ]);
  expect(parseBalance(enveloped({ currency: 'GBP', current: 'x' }), 'account').setAside).toMatchObject([
    { reason: 'unreadable', path: 'current' },
  ]);
});

test.each(['2017-01-28', '2017-01-28T00:00:00Z'])(
  'a card’s balance is what is owed, with amounts as numbers or text and days as %s',
  (day) => {
    const balance = {
      available: '3279',
      currency: 'GBP',
      current: 20,
      credit_limit: 3300,
      last_statement_balance: 420,
      last_statement_date: day,
      payment_due: 5,
      payment_due_date: day,
    };
    expect(parseBalance(enveloped(balance), 'card').items).toEqual([
      {
        amountsAsSent: null,
        kind: 'card',
        currency: 'GBP',
        current: '20',
        effect: '-20',
        available: '3279',
        creditLimit: '3300',
        lastStatementBalance: '420',
        lastStatementOn: '2017-01-28',
        paymentDue: '5',
        paymentDueOn: '2017-01-28',
        updatedAt: null,
      },
    ]);
    expect(parseBalance(enveloped({ current: 39 }), 'card').items).toMatchObject([
      { currency: null, paymentDue: null, paymentDueOn: null },
    ]);
  },
);

test('pending rows need neither classification nor the bank’s ids', () => {
  const pending = {
    timestamp: '2018-03-06T00:00:00',
    description: 'X',
    transaction_type: 'DEBIT',
    transaction_category: 'PURCHASE',
    amount: -2.99,
    currency: 'GBP',
    transaction_id: '0',
  };
  expect(parsePendingTransactions(enveloped(pending), 'account').items).toMatchObject([
    { amount: '-2.99', classification: [] },
  ]);
  expect(parsePendingTransactions(enveloped(pending), 'card').items).toMatchObject([
    { effect: '2.99', signMismatch: true },
  ]);
});

test('a direct debit has what the bank gave, and its steadier id from the meta', () => {
  const documented = {
    direct_debit_id: '004ea8ce16b6ff57090b7bf8c7b483a1',
    timestamp: '2019-07-19T17:28:37.798+01:00',
    name: 'EE',
    status: 'Active',
    previous_payment_timestamp: '2018-09-17T00:00:00+01:00',
    previous_payment_amount: 25,
    currency: 'GBP',
    meta: { provider_mandate_identification: '6', provider_account_id: '1000000000000000001' },
  };
  expect(parseDirectDebits(enveloped(documented)).items).toMatchObject([
    {
      directDebitId: documented.direct_debit_id,
      bankDirectDebitId: null,
      mandateReference: '6',
      name: 'EE',
      previousPaymentAmount: '25',
      previousPaymentAt: { day: '2018-09-17' },
    },
  ]);
  expect(parseDirectDebits(enveloped({ direct_debit_id: 'd', name: 'EE', meta: 7 }, { name: 'EE' }))).toMatchObject({
    items: [{ meta: null, requestedAt: null, mandateReference: null }],
    setAside: [{ index: 1, path: 'direct_debit_id' }],
  });
});

test('a standing order has no id, amounts as text or number, and may never end', () => {
  const documented = {
    frequency: 'IntrvlMnthDay:01:26',
    timestamp: '2019-07-24T11:29:47.414+00:00',
    status: 'Active',
    currency: 'GBP',
    next_payment_date: '2019-07-26T00:00:00+00:00',
    next_payment_amount: 500,
    first_payment_date: '2019-06-26T00:00:00+00:00',
    first_payment_amount: '0',
    final_payment_date: '9999-12-31T00:00:00+00:00',
    final_payment_amount: 0,
    payee: 'JOHN DOE',
    reference: 'MONZO',
    meta: { provider_account_id: '12345ca1-18fd-4e6b-891e-0597cac6bb8c' },
  };
  expect(parseStandingOrders(enveloped(documented)).items).toMatchObject([
    {
      frequency: 'IntrvlMnthDay:01:26',
      schedule: { every: 'months', count: 1, dayOfMonth: 26 },
      next: { on: '2019-07-26', amount: '500' },
      first: { on: '2019-06-26', amount: '0' },
      final: { on: '9999-12-31', amount: '0' },
      isOpenEnded: true,
      payee: 'JOHN DOE',
    },
  ]);
  expect(parseStandingOrders(enveloped({ frequency: 'EvryDay' })).items).toMatchObject([
    { isOpenEnded: false, next: { on: null, amount: null } },
  ]);
});

test('tells whose consent it is, and until when', () => {
  expect(parseMe(bytes({ results: [me] })).items).toEqual([
    {
      clientId: 'test',
      credentialsId: '6L7RxyPKX0THy1tw93PB4V+8DB+KjnX9Pxa451yXPu0=',
      consentStatus: 'Authorised',
      consentStatusUpdatedAt: new Date('2020-05-24T15:44:40.077Z'),
      consentCreatedAt: new Date('2020-05-24T14:44:40.077Z'),
      consentExpiresAt: new Date('2020-08-24T14:44:40.077Z'),
      bank: { bankId: 'lloyds', displayName: 'Lloyds Bank', logoUrl: me.provider.logo_uri },
      permissions: me.scopes,
      privacyPolicy: 'Feb2019',
    },
  ]);
});

test('does without the consent’s dates, and takes permissions as a list or a text', () => {
  const bare = { credentials_id: 'c', provider: { provider_id: 'mock', logo_url: 'https://x.example/l.svg' } };
  expect(parseMe(enveloped({ ...bare, scopes: 'info accounts direct_debits' })).items).toMatchObject([
    {
      permissions: ['info', 'accounts', 'direct_debits'],
      consentExpiresAt: null,
      consentStatus: null,
      bank: { logoUrl: 'https://x.example/l.svg' },
    },
  ]);
  expect(parseMe(enveloped(bare)).items).toMatchObject([{ permissions: [] }]);
  expect(parseMe(enveloped({ credentials_id: 'c', provider: {} })).setAside).toMatchObject([
    { path: 'provider.provider_id' },
  ]);
});

test('a holder may be a name and no more, and there may be several', () => {
  const documented = {
    full_name: 'John Doe',
    branch_id: 'stet-caisse-d-epargne-normandie',
    emails: ['joe.doe@example.com'],
    phones: ['+447777123456'],
    update_timestamp: '2020-11-19T09:30:00Z',
  };
  const older = {
    full_name: 'Jane Doe',
    emails: null,
    phones: 'none',
    date_of_birth: '1980-01-01',
    addresses: [{ address: '1 High Street', city: 'London', zip: 'N1 1AA', country: 'GB' }, 'x'],
  };
  expect(parseInfo(enveloped(documented, older)).items).toEqual([
    {
      fullName: 'John Doe',
      branchId: documented.branch_id,
      emails: documented.emails,
      phones: documented.phones,
      dateOfBirth: null,
      addresses: [],
      updatedAt: new Date('2020-11-19T09:30:00Z'),
    },
    {
      fullName: 'Jane Doe',
      branchId: null,
      emails: [],
      phones: [],
      dateOfBirth: '1980-01-01',
      addresses: [{ address: '1 High Street', city: 'London', zip: 'N1 1AA', country: 'GB' }],
      updatedAt: null,
    },
  ]);
});

const listed = {
  provider_id: 'ob-monzo',
  display_name: 'Monzo',
  country: 'uk',
  logo_url: 'https://providers-assets.truelayer.com/ob-monzo/logo.svg',
  scopes: ['info', 'accounts', 'offline_access'],
};

test('the list of banks is a bare array, whose entries may lack everything but id, name and permissions', () => {
  const { items, setAside } = parseBanks(
    bytes([
      listed,
      {
        ...listed,
        scopes: 'info cards',
        country: 'EE',
        availability: { recommended_status: 'healthy', updated_at: '2023-05-23T10:11:54.501Z' },
        provider_scope_mappings: { cards: ['info'] },
      },
      { provider_id: 'x', display_name: 'X' },
      { ...listed, display_name: '' },
      'nonsense',
    ]),
  );
  expect(items).toEqual([
    {
      bankId: 'ob-monzo',
      displayName: 'Monzo',
      country: 'uk',
      logoUrl: listed.logo_url,
      permissions: listed.scopes,
      steps: [],
      availability: null,
    },
    expect.objectContaining({
      permissions: ['info', 'cards'],
      country: 'ee',
      availability: { recommendedStatus: 'healthy', updatedAt: new Date('2023-05-23T10:11:54.501Z') },
    }),
  ]);
  expect(setAside.map(({ index, reason, path }) => [index, reason, path])).toEqual([
    [2, 'missing', 'scopes'],
    [3, 'missing', 'display_name'],
    [4, 'not_an_object', ''],
  ]);
  expect(parseBanks(bytes('[]'))).toEqual({ items: [], setAside: [] });
});

test('a bank’s questions are steps, nested as in the example or flat as in the schema', () => {
  const field = {
    type: 'SingleChoiceField',
    id: 'branch-name',
    display_name: 'Branch',
    help_text: 'Which one?',
    mandatory: true,
    values: [{ value: 'n', display_name: 'Normandie' }],
  };
  const read = {
    id: 'branch-name',
    type: 'SingleChoiceField',
    displayName: 'Branch',
    helpText: 'Which one?',
    isMandatory: true,
    choices: [{ value: 'n', displayName: 'Normandie' }],
  };
  expect(
    parseBanks(bytes([{ ...listed, steps: [{ title: 'OAuthRedirect', fields: [field] }] }])).items[0]?.steps,
  ).toEqual([{ title: 'OAuthRedirect', fields: [read] }]);
  expect(parseBanks(bytes([{ ...listed, steps: [field] }])).items[0]?.steps).toEqual([{ title: null, fields: [read] }]);
});

test('too little traffic is no news about a bank’s health', () => {
  const sample = {
    timestamp: '2026-03-01T10:00:00Z',
    availability: 99.5,
    providers: [
      {
        provider_id: 'ob-monzo',
        availability: 98.75,
        provider_error: 1.25,
        truelayer_error: 0,
        endpoints: [{ endpoint: 'accounts', latency_percentiles: { '50': 331, '99': 2000.5 }, availability: 100 }],
      },
      { provider_id: 'N/A' },
      null,
    ],
  };
  expect(parseStatus(bytes({ status: 'ok', results: [sample] })).items).toEqual([
    {
      at: new Date('2026-03-01T10:00:00Z'),
      availabilityPercent: 99.5,
      bankErrorPercent: null,
      trueLayerErrorPercent: null,
      banks: [
        {
          bankId: 'ob-monzo',
          availabilityPercent: 98.75,
          bankErrorPercent: 1.25,
          trueLayerErrorPercent: 0,
          endpoints: [
            {
              endpoint: 'accounts',
              availabilityPercent: 100,
              bankErrorPercent: null,
              trueLayerErrorPercent: null,
              latencyPercentiles: { '50': 331, '99': 2000.5 },
            },
          ],
        },
        { bankId: null, availabilityPercent: null, bankErrorPercent: null, trueLayerErrorPercent: null, endpoints: [] },
      ],
    },
  ]);
});

test('every text of every answer is cut at 2,000 characters, and no row is lost for it', () => {
  const long = 'ä'.repeat(5000);
  const answers = [
    parseAccounts(
      enveloped({
        ...account,
        account_type: long,
        display_name: long,
        account_number: { number: long, sort_code: long, iban: long, swift_bic: long, routing_number: long, bsb: long },
        provider: { provider_id: 'lloyds', display_name: long, logo_uri: long },
      }),
    ),
    parseCards(
      enveloped({
        ...card,
        card_network: long,
        card_type: long,
        display_name: long,
        partial_card_number: long,
        name_on_card: long,
        valid_from: long,
        valid_to: long,
      }),
    ),
    parseMe(enveloped({ ...me, client_id: long, consent_status: long, scopes: [long], privacy_policy: long })),
    parseInfo(
      enveloped({
        full_name: long,
        branch_id: long,
        date_of_birth: long,
        emails: [long],
        phones: [long],
        addresses: [{ address: long, city: long, zip: long, country: long }],
      }),
    ),
    parseDirectDebits(
      enveloped({
        direct_debit_id: 'd',
        name: long,
        status: long,
        timestamp: `2024-01-02${' '.repeat(5000)}`,
        meta: { provider_direct_debit_id: long, provider_mandate_identification: long },
      }),
    ),
    parseStandingOrders(enveloped({ frequency: long, status: long, payee: long, reference: long })),
    parseBanks(
      bytes([
        {
          provider_id: 'b',
          display_name: long,
          country: long,
          logo_url: long,
          scopes: [long],
          steps: [{ title: long, fields: [{ id: 'f', type: long, display_name: long, help_text: long }] }],
          availability: { recommended_status: long },
        },
      ]),
    ),
  ];
  for (const { items, setAside } of answers) {
    expect(setAside).toEqual([]);
    expect(items).toHaveLength(1);
    const lengths = items.flatMap(lengthsOfTexts);
    expect(Math.max(...lengths)).toBe(2000);
  }
  expect(parseAccounts(enveloped({ ...account, display_name: 'ä'.repeat(2000) })).items[0]?.displayName).toHaveLength(
    2000,
  );
});

/** Of a row, without `meta`, which is bounded as a whole. */
function lengthsOfTexts(value: unknown): number[] {
  if (typeof value === 'string') return [value.length];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => (key === 'meta' ? [] : lengthsOfTexts(entry)));
}

test('a text is not cut through a character', () => {
  const display_name = `x${'😀'.repeat(2000)}`;
  const cut = parseAccounts(enveloped({ ...account, display_name })).items[0]?.displayName;
  expect(cut).toHaveLength(2000);
  expect(cut?.isWellFormed()).toBe(true);
});

test('ids and addresses are never cut: a row with a longer id is set aside, a longer address is none', () => {
  const longId = 'a'.repeat(2001);
  expect(parseAccounts(enveloped({ ...account, account_id: longId }, account))).toMatchObject({
    items: [{ accountId: account.account_id }],
    setAside: [{ index: 0, reason: 'unreadable', path: 'account_id' }],
  });
  const logoUri = (length: number) => `https://example.com/${'a'.repeat(length - 20)}`;
  for (const [length, kept] of [
    [2000, logoUri(2000)],
    [2001, null],
  ] as const) {
    const provider = { provider_id: 'lloyds', logo_uri: logoUri(length) };
    expect(parseAccounts(enveloped({ ...account, provider })).items[0]?.bank?.logoUrl).toBe(kept);
  }
});

test('lists inside of a row end after 200 entries, and a meta that is very large is left out', () => {
  const emails = Array.from({ length: 500 }, (_, at) => `${at}@example.com`);
  expect(parseInfo(enveloped({ emails })).items[0]?.emails).toEqual(emails.slice(0, 200));
  const metaOf = (meta: object) =>
    parseDirectDebits(enveloped({ direct_debit_id: 'd', name: 'EE', meta })).items.map((debit) => debit.meta);
  expect(metaOf({ note: 'x'.repeat(40_000) })).toEqual([{ note: 'x'.repeat(40_000) }]);
  expect(metaOf({ note: 'x'.repeat(60_000) })).toEqual([null]);
});
