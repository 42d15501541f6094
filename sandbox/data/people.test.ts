import { describe, expect, it } from 'vitest';
import { dayAgo, firstIdOf, type Linked, startForTest } from '#sandbox/test-client';

type Row = Record<string, unknown>;
const all = `?from=${dayAgo(4000)}&to=${dayAgo(0)}`;
const month = `?from=${dayAgo(30)}&to=${dayAgo(0)}`;

const as = (username: string) => ({ username, password: username });
const rowsOf = async (linked: Linked, id: unknown, of = 'accounts', range = month) =>
  (await linked.get(`/${of}/${id}/transactions${range}`)).results;

describe('the mock bank', () => {
  it('has the five accounts and two cards that were recorded', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'mock' });
    const accounts = (await linked.get('/accounts')).results;
    expect(accounts.map(({ display_name }) => display_name)).toEqual([
      'TRANSACTION ACCOUNT 1',
      'SAVINGS ACCOUNT 1',
      'TRANSACTION ACCOUNT 2',
      'SAVINGS ACCOUNT 2',
      'TRANSACTION ACCOUNT 3',
    ]);
    for (const [index, account] of accounts.entries()) {
      const n = index + 1;
      expect(account.account_number).toEqual({
        number: `${n}0000000`,
        sort_code: '01-21-31',
        iban: 'GB08CLRB04066800003435',
        swift_bic: 'CPBKGB00',
      });
      const balance = (await linked.get(`/accounts/${account.account_id}/balance`)).results[0];
      expect(balance).toMatchObject({
        current: 29 * n,
        overdraft: 100 * n,
        available: Math.round(12900 * n - 9174) / 100,
      });
    }
    for (const [index, card] of (await linked.get('/cards')).results.entries()) {
      expect(card).toMatchObject({
        card_network: ['MASTERCARD', 'VISA'][index],
        partial_card_number: ['1000', '2000'][index],
        name_on_card: 'John Doe ',
      });
      expect(card).not.toHaveProperty('valid_from');
      const balance = (await linked.get(`/cards/${card.account_id}/balance`)).results[0];
      expect(balance).toMatchObject(
        [
          { current: 39, credit_limit: 120, available: 81, last_statement_balance: 7, payment_due: 8 },
          { current: 68, credit_limit: 240, available: 172, last_statement_balance: 14, payment_due: 16 },
        ][index] ?? {},
      );
      expect(balance?.last_statement_date).toMatch(/^\d{4}-\d\d-06T00:00:00Z$/);
    }
  });

  it('has rows whose type says nothing about their sign', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'mock' });
    const rows = await rowsOf(linked, await firstIdOf(linked), 'accounts', `?from=${dayAgo(90)}&to=${dayAgo(0)}`);
    const kinds = new Set(
      rows.map(({ amount, transaction_type }) => `${transaction_type} ${Math.sign(Number(amount))}`),
    );
    expect([...kinds].sort()).toEqual(['CREDIT -1', 'CREDIT 1', 'DEBIT -1', 'DEBIT 1']);
    for (const row of rows) {
      expect(row).toMatchObject({ transaction_classification: [], running_balance: { currency: 'GBP' } });
      expect(row).not.toHaveProperty('merchant_name');
      expect(row.timestamp).toMatch(/T00:00:00Z$/);
    }
  });

  it('gives distinct IBANs to those who sign in with iban, and other numbers to other people', async () => {
    const client = await startForTest();
    const ibans = async (username: string, password: string) => {
      const linked = await client.connect({ provider_id: 'mock' }, { username, password });
      return (await linked.get('/accounts')).results.map(({ account_number }) => JSON.stringify(account_number));
    };
    expect(new Set(await ibans('john', 'iban')).size).toBe(5);
    const people = [...(await ibans('john', 'doe')), ...(await ibans('john7', 'doe7'))];
    expect(new Set(people).size).toBe(10);
  });
});

describe('the user decade', () => {
  it.each(['ob-nationwide'])(
    'has exactly 50,000 rows in ten years at %s, which add up to the balance',
    async (provider_id) => {
      const client = await startForTest();
      const linked = await client.connect({ provider_id }, as('decade'));
      const id = await firstIdOf(linked);
      const rows = await rowsOf(linked, id, 'accounts', all);
      expect(rows).toHaveLength(50_000);
      expect(new Set(rows.map(({ transaction_id }) => transaction_id)).size).toBe(50_000);
      expect(String(rows.at(-1)?.timestamp).slice(0, 10)).toBe(dayAgo(3649));
      const balance = (await linked.get(`/accounts/${id}/balance`)).results[0]?.current;
      expect(rows[0]?.running_balance).toMatchObject({ amount: balance });
    },
  );

  it('still has them when the clock has moved', async () => {
    const client = await startForTest();
    await client.advance(47 * 86_400_000);
    const linked = await client.connect({}, as('decade'));
    const { results } = await linked.get(`/accounts/${await firstIdOf(linked)}/transactions?from=2010-01-01`);
    expect(results).toHaveLength(50_000);
  });
});

describe('the user trap', () => {
  async function connectTrap(): Promise<{ linked: Linked; id(key: string): string; cards: Row[]; accounts: Row[] }> {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'ob-natwest' }, as('trap'));
    const accounts = (await linked.get('/accounts')).results;
    const id = (name: string) =>
      String(accounts.find((account) => String(account.display_name).startsWith(name))?.account_id);
    return { linked, id, accounts, cards: (await linked.get('/cards')).results };
  }

  it('has accounts with one IBAN, blanks, malformed and mistyped fields, and nothing where null may be', async () => {
    const { accounts, cards } = await connectTrap();
    const text = JSON.stringify(accounts);
    expect(text.match(/GB08CLRB04066800003435/g)).toHaveLength(5);
    for (const trap of [
      '"Shifting ids  "',
      '2017-02-247T17:29:24',
      '0001-01-01T00:00:00Z',
      '"provider":null',
      'SHOUTING',
      '"nickname":null',
    ]) {
      expect(text).toContain(trap);
    }
    expect(text).toMatch(/"number":\d+/);
    expect(cards.map(({ partial_card_number }) => typeof partial_card_number)).toEqual(['number', 'string']);
  });

  it('has rows that change id and order between calls, and equal twins', async () => {
    const { linked, id } = await connectTrap();
    const [one, two] = [await rowsOf(linked, id('Shifting')), await rowsOf(linked, id('Shifting'))];
    const look = ({ timestamp, description, amount }: Row) => `${timestamp} ${description} ${amount}`;
    expect(one.map(look)).not.toEqual(two.map(look));
    expect(one.map(look).sort()).toEqual(two.map(look).sort());
    const ids = (rows: Row[]) => new Set(rows.map(({ transaction_id }) => transaction_id));
    expect([...ids(one)].filter((each) => ids(two).has(each))).toEqual([]);
    expect(ids(one).size).toBeLessThan(one.length);
    expect(one[0]).toMatchObject({ running_balance: {} });
    expect(one[0]).not.toHaveProperty('provider_transaction_id');
  });

  it('ignores from, stops at a hundred, and leaves out what others give', async () => {
    const { linked, id } = await connectTrap();
    const boundless = await rowsOf(linked, id('From ignored'), 'accounts', `?from=${dayAgo(2)}&to=${dayAgo(0)}`);
    expect(boundless.length).toBeGreaterThan(150);
    const forms = new Set(boundless.map(({ timestamp }) => String(timestamp).replace(/\d/g, '0')));
    expect(forms.size).toBeGreaterThanOrEqual(5);
    const capped = await rowsOf(linked, id('Capped'), 'accounts', `?from=${dayAgo(200)}&to=${dayAgo(0)}`);
    expect(capped).toHaveLength(100);
    expect(capped[0]).not.toHaveProperty('meta');
    expect((await rowsOf(linked, id('Bare')))[0]).toMatchObject({
      meta: null,
      running_balance: null,
      merchant_name: null,
    });
  });

  it('has one row without an amount, one without a time, and others that are mistyped or unheard of', async () => {
    const { linked, id } = await connectTrap();
    const rows = await rowsOf(linked, id('Mistyped'));
    expect(rows.filter(({ amount }) => amount === null)).toHaveLength(1);
    expect(rows.filter((row) => !('timestamp' in row))).toHaveLength(1);
    expect(rows.some(({ amount }) => typeof amount === 'string')).toBe(true);
    expect(rows.some(({ currency }) => currency === 'XTS')).toBe(true);
    expect(rows.some(({ transaction_category }) => transaction_category === 'MYSTERY')).toBe(true);
    expect(rows.some(({ description }) => String(description).endsWith('   '))).toBe(true);
  });

  it('has a card with its signs inverted and another whose balance is refused', async () => {
    const { linked, cards } = await connectTrap();
    const [inverted, supplementary] = cards.map(({ account_id }) => account_id);
    const rows = await rowsOf(linked, inverted, 'cards', `?from=${dayAgo(60)}&to=${dayAgo(0)}`);
    expect(
      rows
        .filter(({ transaction_category }) => transaction_category === 'PURCHASE')
        .every(({ amount }) => Number(amount) < 0),
    ).toBe(true);
    expect((await linked.get(`/cards/${supplementary}/balance`)).json.error).toBe('access_denied');
    expect((await rowsOf(linked, supplementary, 'cards')).length).toBeGreaterThan(0);
  });
});

describe('the other people', () => {
  it('empty has accounts and no rows; busy has five accounts with two years', async () => {
    const client = await startForTest();
    const empty = await client.connect({}, as('empty'));
    const id = await firstIdOf(empty);
    expect(await rowsOf(empty, id, 'accounts', all)).toEqual([]);
    expect((await empty.get(`/accounts/${id}/balance`)).results[0]).toMatchObject({ current: 0, available: 0 });
    const busy = await client.connect({}, as('busy'));
    const accounts = (await busy.get('/accounts')).results;
    expect(accounts).toHaveLength(5);
    const rows = await rowsOf(busy, accounts[4]?.account_id, 'accounts', `?from=${dayAgo(729)}&to=${dayAgo(0)}`);
    expect(rows.length).toBeGreaterThan(1500);
  });

  it('quiet has five accounts with two years and few rows', async () => {
    const client = await startForTest();
    const quiet = await client.connect({}, as('quiet'));
    const accounts = (await quiet.get('/accounts')).results;
    expect(accounts).toHaveLength(5);
    for (const { account_id } of accounts) {
      const rows = await rowsOf(quiet, account_id, 'accounts', `?from=${dayAgo(729)}&to=${dayAgo(0)}`);
      expect(rows.length).toBeGreaterThan(40);
      expect(rows.length).toBeLessThan(120);
    }
  });

  it.each([
    ['john7', 'doe'],
    ['john', 'doe100'],
    ['John ', 'doe'],
    ['john100', 'iban3'],
    ['john', 'eternal'],
  ])('%s may sign in with %s', async (username, password) => {
    const client = await startForTest();
    expect((await client.connect({}, { username, password })).access_token).toBeDefined();
  });

  it.each([
    ['john101', 'doe'],
    ['john0', 'doe'],
    ['john2', 'eternal'],
    ['jane', 'doe'],
    ['decade', 'doe'],
  ])('%s may not sign in with %s', async (username, password) => {
    const client = await startForTest();
    await expect(client.connect({}, { username, password })).rejects.toThrow('refused');
  });
});

describe('cards', () => {
  it('raise what is owed by purchases and lower it by repayments', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'ob-barclaycard' });
    const rows = await rowsOf(
      linked,
      await firstIdOf(linked, 'cards'),
      'cards',
      `?from=${dayAgo(200)}&to=${dayAgo(0)}`,
    );
    const purchases = rows.filter(({ transaction_category }) => transaction_category === 'PURCHASE');
    const repayments = rows.filter(({ description }) => String(description).startsWith('PAYMENT RECEIVED'));
    expect(purchases.length * repayments.length).toBeGreaterThan(0);
    expect(purchases.every(({ amount, transaction_type }) => Number(amount) > 0 && transaction_type === 'DEBIT')).toBe(
      true,
    );
    expect(
      repayments.every(({ amount, transaction_type }) => Number(amount) < 0 && transaction_type === 'CREDIT'),
    ).toBe(true);
  });

  it('of Amex have a supplementary one without a balance, merchants in meta, and nothing due', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'ob-amex' });
    const [first, second] = (await linked.get('/cards')).results.map(({ account_id }) => account_id);
    expect((await linked.get(`/cards/${first}/balance`)).results[0]).not.toHaveProperty('payment_due');
    expect((await linked.get(`/cards/${second}/balance`)).json.error).toBe('access_denied');
    const row = (await rowsOf(linked, first, 'cards')).find(
      ({ transaction_category }) => transaction_category === 'PURCHASE',
    );
    expect(row).toMatchObject({ meta: { provider_merchant_name: expect.any(String) } });
    expect(row).not.toHaveProperty('merchant_name');
    expect(row).not.toHaveProperty('normalised_provider_transaction_id');
  });
});
