/**
 * How many slips of the finger lie between what was typed and the beginning of a word: letters left out, added, changed, or
 * swapped with their neighbour. Null beyond `most`.
 */
export function slipsToPrefix(typed: string, word: string, most: number): number | null {
  const width = Math.min(word.length, typed.length + most);
  let beforeLast: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, at) => at);
  for (let row = 1; row <= typed.length; row++) {
    const current = [row];
    let least = row;
    for (let at = 1; at <= width; at++) {
      const isSame = typed[row - 1] === word[at - 1];
      let slips = Math.min((last[at] ?? 0) + 1, (current[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (isSame ? 0 : 1));
      const isSwapped = row > 1 && at > 1 && typed[row - 1] === word[at - 2] && typed[row - 2] === word[at - 1];
      if (isSwapped) slips = Math.min(slips, (beforeLast[at - 2] ?? 0) + 1);
      current[at] = slips;
      if (slips < least) least = slips;
    }
    if (least > most) return null;
    beforeLast = last;
    last = current;
  }
  const slips = Math.min(...last);
  return slips <= most ? slips : null;
}
