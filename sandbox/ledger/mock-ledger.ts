import { dayOf, firstDayOf, lastDayOf } from './days.ts';
import { type Entry, type Ledger, type PendingRow, remember, toRows } from './ledger.ts';
import { mix, pickAt, randomFrom } from './random.ts';

const lines = [
  ['MT SECURETRADE LIM', 'PURCHASE', 'DEB'],
  ['GOOGLE PLAY STORE', 'PURCHASE', 'DEB'],
  ['MEDBROOK STORES 0417', 'PURCHASE', 'DEB'],
  ['TRANSFER J DOE', 'TRANSFER', 'TFR'],
  ['CASH MACHINE KINGS X', 'ATM', 'CSH'],
  ['DEPOSIT', 'CREDIT', 'DEP'],
] as const;

/** What the mock bank holds back on each account comes to 91.74. */
const held = [-2050, -5124, -2000];

/** The mock bank's balance never moves: whatever a day brings, it takes away again. */
export function makeMockLedger(seed: number, balanceMinor: number, hasPending: boolean): Ledger {
  return remember({
    openingOf: () => balanceMinor,
    rowsOf(month) {
      const entries: Entry[] = [];
      for (let day = firstDayOf(month); day <= lastDayOf(month); day += 1) entries.push(...entriesOn(seed, day));
      return toRows(balanceMinor, entries);
    },
    pendingAt: (nowMs) =>
      hasPending ? held.map((amount, index) => pendingRow(seed, dayOf(nowMs), amount, index)) : [],
  });
}

function entriesOn(seed: number, day: number): Entry[] {
  const random = randomFrom(mix(seed, day, 157));
  if (!random.chance(0.45)) return [];
  const first = random.int(90, 6400);
  const second = random.int(90, 3200);
  const amounts = random.chance(0.5) ? [-first, first] : [-first, -second, first + second];
  return amounts.map((amountMinor, index) => {
    const [description, category, bankCode] = pickAt(lines, mix(seed, day, index));
    const key = mix(seed, day, index, 163);
    return { ...plain, day, second: index, amountMinor, description, category, bankCode, key };
  });
}

function pendingRow(seed: number, today: number, amountMinor: number, index: number): PendingRow {
  const [description, category, bankCode] = pickAt(lines, index);
  return {
    ...plain,
    day: today - 1,
    second: index,
    amountMinor,
    description,
    category,
    bankCode,
    key: mix(seed, today, index, 167),
  };
}

const plain = { classification: [], merchant: null, reference: null };
