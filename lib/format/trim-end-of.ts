/** Without the given characters at its end. A regular expression for it takes quadratically many steps: it is tried at each place. */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
