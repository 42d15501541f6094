export type Finding = { verdict: 'good' | 'warning' | 'bad'; about: string; words: string };

export const good = (about: string, words: string): Finding => ({ verdict: 'good', about, words });
export const warning = (about: string, words: string): Finding => ({ verdict: 'warning', about, words });
export const bad = (about: string, words: string): Finding => ({ verdict: 'bad', about, words });

/** The part of a failure that an operator can act on, without the layers that it came through (Prisma quotes the last). */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as Error & { code?: unknown };
  const cause = error.cause === undefined ? '' : reasonOf(error.cause);
  if (cause !== '') return cause;
  const quoted = lastQuoted(error.message);
  if (quoted !== null) return quoted;
  return typeof code === 'string' ? `${code} ${error.message}`.trim() : error.message;
}

const OPENING = 'Message: `';

/** From a last line that ends like "Message: `text`.", the text. */
function lastQuoted(message: string): string | null {
  const line = message.trimEnd().split('\n').at(-1) ?? '';
  const at = line.indexOf(OPENING);
  const quote = at === -1 ? '' : line.slice(at + OPENING.length);
  const end = quote.endsWith('`.') ? -2 : quote.endsWith('`') ? -1 : null;
  return end === null ? null : quote.slice(0, end) || null;
}
