import type { BankSummary } from '#lib/banks/dto';

type Note = { words: string; tone: 'caution' | 'note' };

/** What is said about a bank before it is chosen. Trouble is never in the way: it may be over in a minute. */
export function bankNote(bank: Pick<BankSummary, 'health' | 'segment'>): Note | undefined {
  if (bank.health === 'troubled') return { words: 'Having trouble right now. You can still try.', tone: 'caution' };
  return undefined;
}
