/** How many drawn faces there are. The classes `bank-face-0` … of the stylesheet go with it. */
export const BANK_FACES = 8;

/** Up to two letters that stand for a bank whose logo can't be shown: `NatWest` is N, `First Direct` is FD. */
export function toInitials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !FILLERS.has(word.toLowerCase()));
  const chosen = telling.length === 0 ? words : telling;
  const letters = chosen.slice(0, 2).map((word) => (/^\p{N}+$/u.test(word) ? word.slice(0, 2) : word.slice(0, 1)));
  return letters.join('').slice(0, 2).toUpperCase() || '?';
}

/** The same bank always has the same face. */
export function toBankFace(bankId: string): number {
  let hash = 2_166_136_261;
  for (const character of bankId) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return ((hash ^ (hash >>> 15)) >>> 0) % BANK_FACES;
}

const FILLERS = new Set(['the', 'of', 'and', 'bank', 'plc', 'uk', 'ltd', 'limited', 'personal', 'business']);
