import { expect, it } from 'vitest';
import { dayAgo, firstIdOf, startForTest } from '#sandbox/test-client';

it('lists direct debits and standing orders that the account’s own rows bear out', async () => {
  const client = await startForTest();
  for (const provider_id of ['ob-barclays', 'ob-monzo', 'ob-lloyds-business', 'ob-aib']) {
    const linked = await client.connect({ provider_id }, { username: 'john', password: 'doe' });
    await client.switches({ banks: { 'ob-aib': { rows_per_request: null } } });
    const id = await firstIdOf(linked);
    const { results: rows } = await linked.get(`/accounts/${id}/transactions?from=${dayAgo(700)}&to=${dayAgo(0)}`);
    const has = (category: string, amount: unknown, day: unknown) =>
      rows.some(
        (row) =>
          row.transaction_category === category &&
          row.amount === -Number(amount) &&
          (day === null || String(row.timestamp).slice(0, 10) === String(day).slice(0, 10)),
      );
    const debits = (await linked.get(`/accounts/${id}/direct_debits`)).results.filter(
      ({ status }) => status === 'Active',
    );
    expect(debits.length).toBeGreaterThan(2);
    for (const debit of debits) {
      const { name, previous_payment_amount: amount, previous_payment_timestamp: day } = debit;
      expect([provider_id, name, has('DIRECT_DEBIT', amount, day)]).toEqual([provider_id, name, true]);
    }
    for (const order of (await linked.get(`/accounts/${id}/standing_orders`)).results) {
      expect(has('STANDING_ORDER', order.next_payment_amount, null)).toBe(true);
      expect(String(order.next_payment_date) > dayAgo(0)).toBe(true);
      expect(order.frequency).toMatch(/^Intrvl(Mnth|Wk)Day:01:\d\d$/);
    }
  }
});

it('gives an inactive mandate the last payment before it ended', async () => {
  const client = await startForTest();
  const linked = await client.connect({ provider_id: 'ob-barclays' });
  const { results } = await linked.get(`/accounts/${await firstIdOf(linked)}/direct_debits`);
  const ended = results.find(({ status }) => status === 'Inactive');
  expect(ended).toMatchObject({ name: 'Oldline Telecom', previous_payment_amount: 24.5 });
});
