import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContext } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { databaseLedger, inMemoryLedger, type Ledger, type LedgerRow as Row, toIds } from '#lib/testing/ledger';
import { type BankStep, bankSteps, type Fact, TEXTS, UnsteadyBank } from '#lib/testing/unsteady-bank';
import { addDays, type Day } from '#lib/time/day';
import { canonicalDecimal } from '#lib/truelayer/decimal';
import { credibleIds, isCredible } from './identifiers.ts';

const FIRST_DAY = '2026-03-15';

test('whatever a bank does, no note moves to another transaction and the window is as the bank says (in memory)', async () => {
  await fc.assert(
    fc.asyncProperty(bankSteps(7), async (steps) => follow(inMemoryLedger(), steps)),
    { numRuns: 3000 },
  );
}, 600_000);

test('whatever a bank does, no note moves to another transaction and the window is as the bank says (database)', async () => {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  await fc.assert(
    fc.asyncProperty(bankSteps(6), async (steps) => {
      const { accountId } = await addAccount(ctx);
      await follow(databaseLedger(ctx, accountId), steps);
    }),
    { numRuns: 40 },
  );
}, 600_000);

/** Checks after each answer what may and what must have become of the rows. */
async function follow(ledger: Ledger, steps: readonly BankStep[]): Promise<void> {
  const bank = new UnsteadyBank(FIRST_DAY);
  for (const { daysLater, changes, answer, notes } of steps) {
    bank.wait(daysLater);
    for (const each of changes) bank.change(each);
    await writeNotes(ledger, notes);
    const window = { from: addDays(bank.today, -answer.back), to: bank.today };
    const sent = bank.answer(window, answer);
    const before = await ledger.list();
    const outcome = await ledger.store(window, sent);
    const after = await ledger.list();
    const inWindow = ({ day }: { day: Day }) => day >= window.from && day <= window.to;
    checkOutside(before, after, inWindow);
    const expected = withoutRepetitions(sent.filter(inWindow));
    if (outcome.isBelieved) {
      expect(linesOf(after.filter((row) => inWindow(row) && !row.isRemoved))).toEqual(linesOf(expected.map(toLine)));
    } else {
      expect(after).toEqual(before);
      expect(
        isDoubtful(
          before.filter((row) => inWindow(row) && !row.isRemoved),
          expected,
        ),
      ).toBe(true);
    }
    checkNotes(before, after);
    checkNotesStay(before, after, { inWindow, isBelieved: outcome.isBelieved, expected });
    const again = await ledger.store(window, sent);
    expect(again).toMatchObject({ added: 0, changed: 0, vanished: 0 });
    expect(await ledger.list()).toEqual(after);
  }
}

async function writeNotes(ledger: Ledger, picks: readonly number[]): Promise<void> {
  for (const pick of picks) {
    const bare = (await ledger.list()).filter(({ isRemoved, hasNote }) => !isRemoved && !hasNote);
    const row = bare[pick % Math.max(1, bare.length)];
    if (row !== undefined) await ledger.note(row.id);
  }
}

function checkOutside(before: Row[], after: Row[], inWindow: (row: Row) => boolean): void {
  const outside = before.filter((row) => !inWindow(row));
  const ids = new Set(outside.map(({ id }) => id));
  expect(after.filter(({ id }) => ids.has(id))).toEqual(outside);
  // Nothing came into being there, and no row was moved out of the window.
  expect(after.filter((row) => !inWindow(row))).toEqual(outside);
}

/** A row with a note is still there, and says the same or nearly: never another amount, never another counterparty. */
function checkNotes(before: readonly Row[], after: readonly Row[]): void {
  const byId = new Map(after.map((row) => [row.id, row]));
  for (const old of before.filter(({ hasNote }) => hasNote)) {
    const now = byId.get(old.id);
    expect(now).toMatchObject({ amount: old.amount, hasNote: true });
    if (now === undefined) continue;
    const isAlike = counterpartyOf(old) === counterpartyOf(now);
    const ids = credibleIds(toIds(now));
    const isSameId = credibleIds(toIds(old)).some((id) => ids.includes(id)) && old.day === now.day;
    expect(isAlike || isSameId).toBe(true);
    expect(Math.abs(Date.parse(old.day) - Date.parse(now.day))).toBeLessThanOrEqual(5 * 86_400_000);
  }
}

const counterpartyOf = ({ text }: Row) => TEXTS.find((each) => text.toUpperCase().includes(each));

type Answered = { inWindow: (row: { day: Day }) => boolean; isBelieved: boolean; expected: readonly Fact[] };

/** Where the answer has as many rows of a content as are stored, each note on one of these stays visible, unchanged. */
function checkNotesStay(before: readonly Row[], after: readonly Row[], answered: Answered): void {
  if (!answered.isBelieved) return;
  const received = countOf(answered.expected.map(toLine));
  const visible = before.filter((row) => !row.isRemoved && answered.inWindow(row));
  const stored = countOf(visible.map(lineOf));
  const byId = new Map(after.map((row) => [row.id, row]));
  for (const old of visible.filter(({ hasNote }) => hasNote)) {
    if ((received.get(lineOf(old)) ?? 0) < (stored.get(lineOf(old)) ?? 0)) continue;
    const now = byId.get(old.id);
    expect(now && lineOf(now)).toBe(lineOf(old));
    expect(now?.isRemoved).toBe(false);
  }
}

/** Only an answer without rows, or without most of twenty and more, may be doubted. */
function isDoubtful(stored: readonly Row[], expected: readonly Fact[]): boolean {
  return stored.length > 0 && (expected.length === 0 || stored.length >= 20);
}

/** A row that the answer has before, with the same id and content, where no other content has that id. */
function withoutRepetitions(rows: readonly Fact[]): Fact[] {
  const idOf = ({ normalisedId, providerId }: Fact) =>
    [normalisedId, providerId].find((id) => id !== null && id !== '' && isCredible(id)) ?? null;
  const same = (one: Fact, other: Fact) => JSON.stringify(one) === JSON.stringify(other);
  return rows.filter((row, index) => {
    const id = idOf(row);
    if (id === null || !rows.slice(0, index).some((earlier) => same(earlier, row))) return true;
    return rows.some((other) => idOf(other) === id && !same(other, row));
  });
}

const lineOf = ({ day, amount, text }: { day: Day; amount: string; text: string }) => `${day} ${amount} ${text}`;
const toLine = ({ day, minor, text }: Fact) =>
  lineOf({ day, amount: canonicalDecimal(String(minor / 100)) ?? '', text });
const linesOf = (rows: readonly (string | Row)[]) =>
  rows.map((row) => (typeof row === 'string' ? row : lineOf(row))).sort();

function countOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
