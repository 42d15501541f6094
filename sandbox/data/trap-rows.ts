import { hexOf, mix, seedOf } from '#sandbox/ledger/random';
import { shuffle, type Wire } from './wire.ts';

/** Each account of the trap user has rows that are wrong in a way of its own. */
export function distortRows(rows: readonly Wire[], accountKey: string, call: number): Wire[] {
  switch (accountKey) {
    case 'shifting':
      return shuffle(
        addTwins(rows).map((row) => shiftIds(row, call)),
        call,
      );
    case 'boundless':
      return rows.map((row, index) => retime(row, index));
    case 'capped':
      return rows.slice(0, 100).map(({ meta: _, ...row }) => row);
    case 'mistyped':
      return rows.map((row, index) => mistype(row, index));
    case 'bare':
      return rows.map((row) => strip(row));
    case 'inverted':
      return rows.map((row) => ({ ...row, amount: -Number(row.amount) }));
    default:
      return [...rows];
  }
}

/** Every ninth payment was made twice that day, alike in all the bank tells of it. */
function addTwins(rows: readonly Wire[]): Wire[] {
  return rows.flatMap((row, index) => (index % 9 === 4 ? [row, { ...row }] : [row]));
}

function shiftIds(row: Wire, call: number): Wire {
  const { normalised_provider_transaction_id: _n, provider_transaction_id: _p, ...rest } = row;
  const look = seedOf(String(row.timestamp), String(row.description), String(row.amount));
  return { ...rest, transaction_id: hexOf(32, look, call), running_balance: {}, future_field: { nested: [1, null] } };
}

function retime(row: Wire, index: number): Wire {
  const day = String(row.timestamp).slice(0, 10);
  const forms = [`${day}T00:00:00`, `${day}T09:41:07.1682758Z`, `${day}T12:00:00.5+01:00`, `${day}T00:00:00Z`, day];
  return { ...row, timestamp: forms[index % forms.length], merchant_name: null };
}

function mistype(row: Wire, index: number): Wire {
  switch (index % 8) {
    case 1:
      return { ...row, amount: String(row.amount) };
    case 2:
      return { ...row, currency: 'XTS' };
    case 3:
      return { ...row, transaction_category: 'MYSTERY', transaction_classification: null };
    case 4:
      return { ...row, description: `${String(row.description)}   ` };
    case 5:
      return { ...row, provider_transaction_id: mix(index) % 100_000 };
    case 6:
      // One such row in a whole answer is enough to lose the answer.
      return index === 6 ? { ...row, amount: null } : row;
    case 7:
      return index === 7 ? omit(row, 'timestamp') : row;
    default:
      return row;
  }
}

function strip(row: Wire): Wire {
  const { transaction_id, timestamp, description, amount, currency, transaction_type, transaction_category } = row;
  return {
    transaction_id,
    timestamp,
    description,
    amount,
    currency,
    transaction_type,
    transaction_category,
    transaction_classification: [],
    merchant_name: null,
    normalised_provider_transaction_id: null,
    provider_transaction_id: null,
    running_balance: null,
    meta: null,
  };
}

function omit(row: Wire, name: string): Wire {
  return Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
}
