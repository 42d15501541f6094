import { dayOf, monthOf } from './days.ts';

/** Money that moved. On an account a plus came in; on a card a plus is owed. */
export type Entry = {
  day: number;
  second: number;
  amountMinor: number;
  description: string;
  category: string;
  bankCode: string;
  classification: readonly string[];
  merchant: string | null;
  reference: string | null;
  /** Tells the entry from every other one of its account and day. */
  key: number;
};

export type LedgerRow = Entry & { balanceMinor: number };

export type PendingRow = Omit<Entry, 'reference'>;

/**
 * An account's book. Each month begins from a balance that is known without the months before it,
 * so that any window can be opened without adding up the years in front.
 */
export interface Ledger {
  openingOf(month: number): number;
  rowsOf(month: number): readonly LedgerRow[];
  pendingAt(nowMs: number): readonly PendingRow[];
}

export function toRows(openingMinor: number, entries: Entry[]): LedgerRow[] {
  entries.sort((a, b) => a.day - b.day || a.second - b.second || a.key - b.key);
  let balanceMinor = openingMinor;
  return entries.map((entry) => {
    balanceMinor += entry.amountMinor;
    return { ...entry, balanceMinor };
  });
}

export function netOf(entries: readonly { amountMinor: number }[]): number {
  return entries.reduce((sum, entry) => sum + entry.amountMinor, 0);
}

export function listRows(ledger: Ledger, fromDay: number, toDay: number): LedgerRow[] {
  const rows: LedgerRow[] = [];
  for (let month = monthOf(fromDay); month <= monthOf(toDay); month += 1) {
    for (const row of ledger.rowsOf(month)) {
      if (row.day >= fromDay && row.day <= toDay) rows.push(row);
    }
  }
  return rows;
}

export function balanceAt(ledger: Ledger, nowMs: number): number {
  const today = dayOf(nowMs);
  const month = monthOf(today);
  const last = ledger.rowsOf(month).findLast((row) => row.day <= today);
  return last?.balanceMinor ?? ledger.openingOf(month);
}

const REMEMBERED_MONTHS = 6;

/** Keeps the months that were worked out last. */
export function remember(ledger: Ledger): Ledger {
  const months = new Map<number, readonly LedgerRow[]>();
  return {
    openingOf: (month) => ledger.openingOf(month),
    pendingAt: (nowMs) => ledger.pendingAt(nowMs),
    rowsOf(month) {
      const known = months.get(month);
      if (known !== undefined) return known;
      const rows = ledger.rowsOf(month);
      if (months.size >= REMEMBERED_MONTHS) months.delete(months.keys().next().value ?? month);
      months.set(month, rows);
      return rows;
    },
  };
}
