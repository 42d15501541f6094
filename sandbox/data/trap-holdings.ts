import { toWire, type Wire } from './wire.ts';

const MALFORMED_TIMESTAMP = '2017-02-247T17:29:24.740802Z';

export function distortAccounts(accounts: readonly Wire[]): Wire[] {
  return accounts.map((account) => {
    const numbers = toWire(account.account_number);
    switch (String(account.display_name).trim()) {
      case 'From ignored':
        return { ...account, update_timestamp: MALFORMED_TIMESTAMP, provider: { provider_id: idOf(account) } };
      case 'Capped at 100':
        return { ...account, update_timestamp: '0001-01-01T00:00:00Z', account_type: 'SAVING' };
      case 'Mistyped':
        return {
          ...account,
          account_number: { ...numbers, number: Number(numbers.number), swift_bic: 'NOT_SUPPORTED_BY_PROVIDER' },
        };
      case 'Bare':
        return {
          ...account,
          account_number: { iban: numbers.iban, number: null, sort_code: null },
          provider: null,
          nickname: null,
        };
      default:
        return { ...account, provider: { ...toWire(account.provider), display_name: 'SHOUTING BANK-UK' }, open: true };
    }
  });
}

export function distortCards(cards: readonly Wire[]): Wire[] {
  return cards.map((card, index) => ({
    ...card,
    partial_card_number: index === 0 ? Number(card.partial_card_number) : `9${String(card.partial_card_number)}`,
    valid_from: null,
    valid_to: null,
    update_timestamp: index === 0 ? MALFORMED_TIMESTAMP : card.update_timestamp,
  }));
}

export function distortBalance(balance: Wire, accountKey: string): Wire {
  switch (accountKey) {
    case 'mistyped':
      return {
        ...balance,
        available: String(balance.available),
        overdraft: '500',
        update_timestamp: MALFORMED_TIMESTAMP,
      };
    case 'capped':
      return { ...balance, current: 0 };
    case 'bare':
      return { currency: balance.currency, current: balance.current, available: null, overdraft: null };
    case 'inverted':
      return {
        ...balance,
        current: -Number(balance.current),
        available: String(-Number(balance.available)),
        payment_due: null,
        payment_due_date: null,
      };
    default:
      return { ...balance, ledger_version: 7 };
  }
}

export function distortRegulars(regulars: readonly Wire[]): Wire[] {
  return regulars.map((regular) =>
    'frequency' in regular
      ? {
          ...regular,
          next_payment_amount: String(regular.next_payment_amount),
          frequency: `${String(regular.frequency)}:ENGLISH`,
        }
      : { ...regular, previous_payment_amount: null, status: null },
  );
}

function idOf(account: Wire): unknown {
  return toWire(account.provider).provider_id;
}
