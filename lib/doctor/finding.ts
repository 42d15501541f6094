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
  const quoted = /Message: `(.+?)`\.?\s*$/.exec(error.message)?.[1];
  if (quoted !== undefined) return quoted;
  return typeof code === 'string' ? `${code} ${error.message}`.trim() : error.message;
}
