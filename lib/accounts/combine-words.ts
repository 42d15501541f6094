/** What a user wrote about one transaction. Null leaves it to the rules. */
export type Words = {
  note: string | null;
  category: string | null;
  merchantName: string | null;
  isTransfer: boolean | null;
};

/** The part of some words that a combination added to others. */
export type AddedWords = Partial<Words>;

/** The longest note, in characters. */
export const MAX_NOTE_LENGTH = 2000;

/** Keeps both notes, and fills in whatever else the first leaves open. Says what it added. */
export function combineWords(kept: Words, extra: Words): { words: Words; added: AddedWords } {
  const added: AddedWords = {};
  const words = { ...kept };
  if (extra.note !== null && kept.note !== null && hasNote(extra.note, kept.note)) words.note = extra.note;
  else if (extra.note !== null && !hasNote(kept.note, extra.note)) {
    words.note = kept.note === null ? extra.note : `${kept.note}\n${extra.note}`;
    added.note = extra.note;
  }
  if (kept.category === null && extra.category !== null) words.category = added.category = extra.category;
  if (kept.merchantName === null && extra.merchantName !== null) {
    words.merchantName = added.merchantName = extra.merchantName;
  }
  if (kept.isTransfer === null && extra.isTransfer !== null) words.isTransfer = added.isTransfer = extra.isTransfer;
  return { words, added };
}

/** Takes away what a combination added, where it still stands as it was added. */
export function takeAddedAway(words: Words, added: AddedWords): Words {
  const left = { ...words };
  if (added.note != null && left.note !== null) {
    if (left.note === added.note) left.note = null;
    else if (left.note.endsWith(`\n${added.note}`)) left.note = left.note.slice(0, -added.note.length - 1);
  }
  if (added.category != null && left.category === added.category) left.category = null;
  if (added.merchantName != null && left.merchantName === added.merchantName) left.merchantName = null;
  if (added.isTransfer != null && left.isTransfer === added.isTransfer) left.isTransfer = null;
  return left;
}

export function isWordless(words: Words): boolean {
  return Object.values(words).every((word) => word === null);
}

function hasNote(note: string | null, part: string): boolean {
  return note !== null && `\n${note}\n`.includes(`\n${part}\n`);
}
