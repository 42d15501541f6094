import { ALIASES } from './aliases.ts';
import { slipsToPrefix } from './near.ts';

type Named = { name: string };

/** A bank with everything that it may be found by, worked out once. */
export type Indexed<B extends Named> = { bank: B; words: readonly string[]; joined: readonly string[] };

export function indexBanks<B extends Named>(banks: readonly B[]): Indexed<B>[] {
  return banks.map((bank) => {
    const name = plain(bank.name);
    const aliases = ALIASES.filter(([inName]) => ` ${name} `.includes(` ${plain(inName)} `)).flatMap(
      ([, list]) => list,
    );
    const texts = [name, ...aliases.map(plain), ...initialsOf(name)];
    return {
      bank,
      words: [...new Set(texts.flatMap((text) => text.split(' ')))],
      joined: texts.map((text) => text.replaceAll(' ', '')),
    };
  });
}

/** The banks that fit what was typed, best first; equals stay in the order in which they were given. */
export function searchBanks<B extends Named>(index: readonly Indexed<B>[], typed: string): B[] {
  const query = plain(typed);
  if (query === '') return index.map(({ bank }) => bank);
  const all = query.split(' ');
  const telling = all.filter((word) => !FILLERS.has(word));
  const words = telling.length === 0 ? all : telling;
  const found = index.flatMap((entry) => {
    const distance = Math.min(
      distanceJoined(entry, words.join('')),
      distanceJoined(entry, all.join('')),
      distanceByWord(entry, words),
    );
    return distance === Number.POSITIVE_INFINITY ? [] : [{ bank: entry.bank, distance }];
  });
  const best = Math.min(...found.map(({ distance }) => distance));
  // Near misses help whoever finds nothing else, and are noise beside what was meant.
  const near = found.filter(({ distance }) => best >= SLIP || distance < SLIP);
  return near.sort((one, other) => one.distance - other.distance).map(({ bank }) => bank);
}

/** Said by people and by banks alike, and telling nothing apart. */
const FILLERS = new Set([
  'uk',
  'bank',
  'banking',
  'the',
  'of',
  'and',
  'plc',
  'ltd',
  'account',
  'accounts',
  'my',
  'personal',
  'online',
  'app',
  'card',
]);
const SLIP = 10;

function distanceByWord({ words }: Indexed<Named>, typed: readonly string[]): number {
  let sum = 0;
  for (const word of typed) {
    let best = Number.POSITIVE_INFINITY;
    for (const candidate of words) best = Math.min(best, distance(word, candidate));
    if (best === Number.POSITIVE_INFINITY) return best;
    sum += best + 1;
  }
  return sum;
}

/** "nat west" and "firstdirect": blanks count for nothing. */
function distanceJoined({ joined }: Indexed<Named>, typed: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (const candidate of joined) best = Math.min(best, distance(typed, candidate));
  return best;
}

function distance(typed: string, candidate: string): number {
  if (candidate.startsWith(typed)) return candidate.length === typed.length ? 0 : 1;
  const most = typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
  if (most === 0 || candidate.length < typed.length - most) return Number.POSITIVE_INFINITY;
  const slips = slipsToPrefix(typed, candidate, most);
  return slips === null ? Number.POSITIVE_INFINITY : SLIP * slips;
}

/** "Royal Bank of Scotland" is also rbs and rbos. */
function initialsOf(name: string): string[] {
  const words = name.split(' ');
  const of = (kept: readonly string[]) => kept.map((word) => word[0] ?? '').join('');
  const all = [of(words), of(words.filter((word) => word !== 'of' && word !== 'and' && word !== 'the'))];
  return all.filter((initials) => initials.length > 2);
}

/** Lower case, without accents and marks; "&" is a word. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’.]/g, '')
    .replace(/&/g, ' and ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
