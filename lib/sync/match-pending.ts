import type { Transaction } from '#lib/truelayer/transactions';

export type StoredPending = {
  id: string;
  trueLayerId: string | null;
  day: string;
  amount: string;
  currency: string;
  description: string;
};

/**
 * Recognises the rows of the last set in the new one, so that what a person wrote stays on the right row: by all they say,
 * then by the text alone where it stands once on either side, since a tip or a tank of fuel changes the amount. Gives the id
 * of the stored row for each new row, or null.
 */
export function matchPending(stored: readonly StoredPending[], rows: readonly Transaction[]): (string | null)[] {
  const matches: (string | null)[] = rows.map(() => null);
  const free = new Map(stored.map((row) => [row.id, row]));
  const take = (index: number, id: string) => {
    matches[index] = id;
    free.delete(id);
  };
  for (const [index, row] of rows.entries()) {
    const same = [...free.values()].filter((candidate) => contentOf(candidate) === contentOf(toStored(row)));
    const best = same.find(({ trueLayerId }) => trueLayerId === row.transactionId) ?? same[0];
    if (best !== undefined) take(index, best.id);
  }
  for (const [index, row] of rows.entries()) {
    if (matches[index] !== null) continue;
    const alike = [...free.values()].filter((candidate) => textOf(candidate) === textOf(toStored(row)));
    const rivals = rows.filter(
      (other, at) => matches[at] === null && textOf(toStored(other)) === textOf(toStored(row)),
    );
    const [only] = alike;
    if (only !== undefined && alike.length === 1 && rivals.length === 1) take(index, only.id);
  }
  return matches;
}

type Facts = Omit<StoredPending, 'id' | 'trueLayerId'>;

function toStored(row: Transaction): Facts {
  return { day: row.timestamp.day, amount: row.amount, currency: row.currency, description: row.description };
}

const contentOf = (row: Facts) => `${row.day}\n${row.amount}\n${textOf(row)}`;
const textOf = ({ currency, description }: Facts) => `${currency}\n${description.trim()}`;
